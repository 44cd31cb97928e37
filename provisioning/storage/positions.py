"""What is stored of the place where somebody wants to put a station."""

from sqlalchemy import Connection, select

from access.principals import AccessScope
from provisioning.rules.positions import Position, PositionFacts, named
from provisioning.storage.devices import device_at
from provisioning.storage.sites import load_place, load_site_owners, place_named
from provisioning.storage.tables import sites


def load_position(connection: Connection, position: Position, scope: AccessScope) -> PositionFacts:
    """By its id, or by its name on the site that was named, or on the only one there is; of these only."""
    owners = [each for each in load_site_owners(connection) if scope.covers(each)]
    seen = tuple(each.site_id for each in owners if each.site_id is not None)
    if position.place_id is not None:
        place = load_place(connection, position.place_id)
        place = place if place is not None and place.site_id in seen else None
        site_ids: tuple[str, ...] = ()
        site_id = place.site_id if place is not None else None
    else:
        site_ids = seen
        site_id = position.site_id or (site_ids[0] if len(site_ids) == 1 else None)
        same = place_named(connection, site_id, named(position)) if site_id is not None else None
        place = load_place(connection, same) if same is not None else None
    occupant = device_at(connection, place.place_id) if place is not None else None
    approves = select(sites.c.activates_on_claim).where(sites.c.site_id == site_id)
    return PositionFacts(place, site_ids, occupant, bool(connection.execute(approves).scalar()))
