"""`StoredOwnership`: the rows of stations, as far as whoever leads them writes them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from csms.domain.station_lists import OwnedStation
from csms.storage.station_lists import forget_owned_stations, load_owned_stations, write_owned_stations
from ocppj.vocabulary import StationId


class StoredOwnership:
    """Fills `csms.ports.Ownership`."""

    def write(self, connection: Connection, owned: Sequence[OwnedStation], at: datetime) -> None:
        """With the change that they follow from."""
        write_owned_stations(connection, owned, at)

    def forget(self, connection: Connection, station_ids: Sequence[StationId]) -> None:
        """With the change that makes them nobody's."""
        forget_owned_stations(connection, station_ids)

    def stored(self, connection: Connection) -> Sequence[OwnedStation]:
        """As of now."""
        return load_owned_stations(connection)
