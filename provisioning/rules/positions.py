"""Where a station is put: a known place, which may get its pin now, or a new one."""

from dataclasses import dataclass, replace

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Place


@dataclass(frozen=True, slots=True)
class Position:
    """What an installer says of the place: a known one, or name and pin of a new one on a site."""

    place_id: str | None = None
    site_id: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    floor: str | None = None


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """What is stored of a position: the place that is meant, if it is there, who is at it, and the site."""

    place: Place | None
    site_ids: tuple[str, ...] = ()
    """All sites; empty where the place was named by its id."""
    occupant: StationId | None = None
    approves: bool = False
    """Whether the site's manager approved in advance of what is claimed there."""


def settled(position: Position, facts: PositionFacts, new_id: str) -> Place:
    """The place that is meant; with no place of that name it is a new one.

    Raises ProvisioningProblem: E_PLACE_UNKNOWN, E_SITE_UNKNOWN, E_SITE_MISSING.
    """
    if position.place_id is not None:
        if facts.place is None:
            raise ProvisioningProblem(Code.PLACE_UNKNOWN, id=position.place_id)
        return positioned(facts.place, position)
    if position.site_id is None and len(facts.site_ids) != 1:
        raise ProvisioningProblem(Code.SITE_MISSING, count=len(facts.site_ids))
    site_id = position.site_id or facts.site_ids[0]
    if site_id not in facts.site_ids:
        raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
    return positioned(facts.place or Place(new_id, site_id, named(position)), position)


def named(position: Position) -> str:
    """The name of the place."""
    return position.name or "–"


def positioned(place: Place, position: Position) -> Place:
    """The place with the pin and the floor that were given; what was not given stays."""
    is_pinned = position.latitude is not None and position.longitude is not None
    return replace(
        place,
        latitude=position.latitude if is_pinned else place.latitude,
        longitude=position.longitude if is_pinned else place.longitude,
        floor=position.floor if position.floor is not None else place.floor,
    )
