"""What the history of the fleet counts beyond the central system's own: in the database, at the gateway."""

from sqlalchemy import Connection, func, select

from csms.central.fleet_counts import FleetNeeds
from csms.gateway.gateway import Gateway
from csms.storage.tables import stations
from provisioning.station_cache import StationCache

_KNOWN = select(func.count()).select_from(stations)


def fleet_needs(gateway: Gateway, station_cache: StationCache) -> FleetNeeds:
    """Who knows it."""
    return FleetNeeds(
        known=stations_known,
        online=lambda: gateway.count,
        blocked=lambda: station_cache.blocked_stations,
    )


def stations_known(connection: Connection) -> int:
    """As many as `GET /stations` lists: seen, made known, or ordered."""
    return int(connection.execute(_KNOWN).scalar_one())
