"""What a station tells nothing of, as its last transactions show: a price on it would bring nothing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from charging.tariff import Component
from csms.domain.flags import END_MISSING, ENDED_BY_HAND, ORPHAN, START_MISSING, SUPERSEDED, TEST
from csms.domain.reviews import Review
from ocppj.vocabulary import ChargingState

_IN_PART = frozenset({ORPHAN, START_MISSING, END_MISSING, SUPERSEDED, ENDED_BY_HAND, TEST})
"""Of such a transaction messages are missing: what it lacks may stand in them. A test may lack a car."""


@dataclass(frozen=True, slots=True)
class EndedTransaction:
    """What is stored of an ended transaction that says what its station tells."""

    ended_at: datetime
    energy_wh: float | None
    charging_state: ChargingState | None
    flags: frozenset[str] = frozenset()
    review: str | None = None


def untold(ended: Iterable[EndedTransaction]) -> Mapping[Component, datetime]:
    """What none of these told, and since when at least; nothing where none of them says anything.

    One that a person corrected has the person's energy.
    """
    telling = [
        each
        for each in ended
        if not _IN_PART & each.flags and each.review not in (Review.CORRECTED.value, Review.VOID.value)
    ]
    lacking: dict[Component, datetime] = {}
    if not telling:
        return lacking
    since = min(each.ended_at for each in telling)
    if all(each.energy_wh is None for each in telling):
        lacking["energy"] = since
    if all(each.charging_state is None for each in telling):
        lacking["idle"] = since
    return lacking
