"""Where a station is put: a known place, which may get its pin now, or a new one."""

from dataclasses import dataclass, replace

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Place

ROUGH_M = 30.0
"""What a receiver in a garage tells is farther off than that: it is kept, and the pin stays where it was."""


@dataclass(frozen=True, slots=True)
class Position:
    """What an installer says of the place: a known one, or name and pin of a new one on a site."""

    place_id: str | None = None
    site_id: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    floor: str | None = None
    accuracy_m: float | None = None
    """How far off it may be; None where somebody put the pin there by hand."""
    plan_x: float | None = None
    plan_y: float | None = None
    """Where somebody tapped the plan of the floor."""

    @property
    def is_measured(self) -> bool:
        """Whether there is a position that a receiver measured."""
        return None not in (self.latitude, self.longitude, self.accuracy_m)

    @property
    def is_on_plan(self) -> bool:
        """Whether somebody tapped the plan."""
        return None not in (self.plan_x, self.plan_y)

    @property
    def is_pinned(self) -> bool:
        """Whether the pin goes there: put by hand, or measured well enough."""
        is_good = self.accuracy_m is None or self.accuracy_m <= ROUGH_M
        return is_good and None not in (self.latitude, self.longitude)


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
    """The place with the pin and the floor that were given; what was not given stays. What was measured is
    kept beside the pin.
    """
    if position.is_measured:
        place = replace(
            place,
            measured_latitude=position.latitude,
            measured_longitude=position.longitude,
            accuracy_m=position.accuracy_m,
        )
    return replace(
        place,
        latitude=position.latitude if position.is_pinned else place.latitude,
        longitude=position.longitude if position.is_pinned else place.longitude,
        floor=position.floor if position.floor is not None else place.floor,
        plan_x=position.plan_x if position.is_on_plan else place.plan_x,
        plan_y=position.plan_y if position.is_on_plan else place.plan_y,
    )
