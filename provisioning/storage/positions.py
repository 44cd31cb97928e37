"""What is stored of the place where somebody wants to put a station."""

from sqlalchemy import Connection, select

from provisioning.rules.positions import Position, PositionFacts, named
from provisioning.storage.devices import device_at
from provisioning.storage.sites import load_place, load_site_ids, place_named
from provisioning.storage.tables import sites


def load_position(connection: Connection, position: Position) -> PositionFacts:
    """By its id, or by its name on the site that was named, or on the only one there is."""
    if position.place_id is not None:
        place = load_place(connection, position.place_id)
        site_ids: tuple[str, ...] = ()
        site_id = place.site_id if place is not None else None
    else:
        site_ids = tuple(load_site_ids(connection))
        site_id = position.site_id or (site_ids[0] if len(site_ids) == 1 else None)
        same = place_named(connection, site_id, named(position)) if site_id is not None else None
        place = load_place(connection, same) if same is not None else None
    occupant = device_at(connection, place.place_id) if place is not None else None
    approves = select(sites.c.activates_on_claim).where(sites.c.site_id == site_id)
    return PositionFacts(place, site_ids, occupant, bool(connection.execute(approves).scalar()))
