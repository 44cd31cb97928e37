"""Where a station is put: a known place, which may get its pin now, or a new one."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Place
from provisioning.storage.sites import load_place, load_site_ids, place_named


@dataclass(frozen=True, slots=True)
class Position:
    """What an installer says of the place: a known one, or name and pin of a new one on a site."""

    place_id: str | None = None
    site_id: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    floor: str | None = None


def settled(connection: Connection, position: Position, new_id: str) -> Place:
    """The place that is meant, not stored yet; with no place of that name it is a new one.

    Raises ProvisioningProblem: E_PLACE_UNKNOWN, E_SITE_UNKNOWN, E_SITE_MISSING.
    """
    if position.place_id is not None:
        known = load_place(connection, position.place_id)
        if known is None:
            raise ProvisioningProblem(Code.PLACE_UNKNOWN, id=position.place_id)
        return positioned(known, position)
    site_id = _site(connection, position.site_id)
    name = position.name or "–"
    same = place_named(connection, site_id, name)
    known = load_place(connection, same) if same is not None else None
    return positioned(known or Place(new_id, site_id, name), position)


def positioned(place: Place, position: Position) -> Place:
    """The place with the pin and the floor that were given; what was not given stays."""
    is_pinned = position.latitude is not None and position.longitude is not None
    return replace(
        place,
        latitude=position.latitude if is_pinned else place.latitude,
        longitude=position.longitude if is_pinned else place.longitude,
        floor=position.floor if position.floor is not None else place.floor,
    )


def _site(connection: Connection, site_id: str | None) -> str:
    """The site that was named, or the only one there is."""
    every = load_site_ids(connection)
    if site_id is None and len(every) != 1:
        raise ProvisioningProblem(Code.SITE_MISSING, count=len(every))
    found = site_id or every[0]
    if found not in every:
        raise ProvisioningProblem(Code.SITE_UNKNOWN, id=found)
    return found
