"""What the profiles of a station and the limits of others come to by our own reckoning, beside what the
station says of it (K08). Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import msgspec

from charging.schedule.composite import (
    STATION,
    Allowed,
    CompositePlan,
    Installed,
    PlannedPeriod,
    PlanSpan,
    Situation,
    allowed_at,
    allowed_for_station,
    composite_of,
    composite_of_station,
)
from charging.schedule.rates import Supply
from charging.schedule.shapes import EXTERNAL, LOCAL_GENERATION
from charging.schedule.timing import Timing
from csms.domain.charging_profiles import ProfileState
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, CompositeRow
from ocppj.model.smart_charging import ChargingProfile

Plan = CompositePlan
"""What `plan_for` makes."""
UNKNOWN_MAX_W = 1e9
"""Of an EVSE that has told no maximum: no limit that anybody sets is above it."""
NO_LIMIT_FROM = 1e5
"""Amperes or watts of an unknown supply: above is none of our limits."""
PHASES, VOLTAGE_V = 3, 230.0
"""Assumed where a station has told nothing (K01.FR.49)."""
TOLERANCE = 0.15
"""Amperes or watts: both ends round to tenths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseNow:
    """An EVSE, the transaction there, and what it can."""

    evse_id: int
    transaction_id: str | None = None
    since: datetime | None = None
    max_w: float | None = None

    @property
    def situation(self) -> Situation:
        """As `charging.schedule` wants it."""
        ids = frozenset({self.transaction_id}) if self.transaction_id is not None else None
        supply = Supply(self.max_w or UNKNOWN_MAX_W, PHASES, VOLTAGE_V)
        return Situation(evse_id=self.evse_id, supply=supply, transaction_ids=ids, timing=Timing(self.since))


@dataclass(frozen=True, slots=True)
class ScheduleDifference:
    """From `start_s` until `end_s` the station says another limit than we do; None is no limit."""

    start_s: int
    end_s: int
    ours: float
    station: float | None

    @property
    def allows_more(self) -> bool:
        """Whether the station takes more than is allowed, by our reckoning."""
        return self.station is None or self.station > self.ours


def installed_of(
    profiles: Iterable[ChargingProfileRow], limits: Iterable[ChargingLimitRow]
) -> list[Installed[ChargingProfile]]:
    """What a station holds: its profiles, those of which nobody knows too, and limits of others with a
    schedule that it did not report as a profile.
    """
    found = [
        Installed(
            msgspec.structs.replace(each.profile, transaction_id=each.transaction_id),
            each.evse_id,
            each.asked_at,
            each.source,
        )
        for each in profiles
        if each.state in (ProfileState.HELD, ProfileState.UNKNOWN)
    ]
    known = {
        (each.evse_id, each.source) for each in found if each.profile.purpose in (EXTERNAL, LOCAL_GENERATION)
    }
    more = (each for each in limits if each.cleared_at is None and each.schedules)
    return found + [_as_profile(each) for each in more if (each.evse_id, each.source) not in known]


def _as_profile(limit: ChargingLimitRow) -> Installed[ChargingProfile]:
    schedule = limit.schedules[0]
    profile = ChargingProfile(
        profile_id=-1,
        purpose="LocalGeneration" if limit.is_local_generation else "ChargingStationExternalConstraints",
        schedules=(schedule,),
        kind="Absolute" if schedule.starts_at is not None else "Relative",
    )
    return Installed(profile, limit.evse_id, limit.since, limit.source)


def _whole(evses: Sequence[EvseNow]) -> Situation:
    maxima = [each.max_w for each in evses]
    known = sum(each for each in maxima if each is not None) if None not in maxima else 0.0
    return EvseNow(evse_id=STATION, max_w=known or None).situation


@dataclass(frozen=True, slots=True)
class ChargingPicture:
    """All that is known of the limits at one station."""

    profiles: Sequence[ChargingProfileRow]
    limits: Sequence[ChargingLimitRow]
    answers: Sequence[CompositeRow]
    evses: Sequence[EvseNow]

    @property
    def held(self) -> list[Installed[ChargingProfile]]:
        """What the station holds."""
        return installed_of(self.profiles, self.limits)


def plan_of(
    held: Sequence[Installed[ChargingProfile]], evses: Sequence[EvseNow], evse_id: int, span: PlanSpan
) -> CompositePlan:
    """The composite schedule of an EVSE, or of the whole station (EVSE 0)."""
    if evse_id == STATION:
        return composite_of_station(held, [each.situation for each in evses], _whole(evses), span)
    return composite_of(held, _at(evses, evse_id).situation, span)


def plan_for(
    picture: "ChargingPicture", evse_id: int, starts_at: datetime, duration_s: int, unit: str
) -> CompositePlan:
    """The same of all that is known of a station."""
    return plan_of(picture.held, picture.evses, evse_id, PlanSpan(starts_at, duration_s, unit))


def plan_beside(picture: "ChargingPicture", answer: CompositeRow) -> CompositePlan:
    """Ours of the time of which a station said what it expects."""
    return plan_for(picture, answer.evse_id, answer.starts_at, answer.duration_s, answer.unit)


def allowed_now(
    held: Sequence[Installed[ChargingProfile]], evses: Sequence[EvseNow], evse_id: int, at: datetime
) -> Allowed:
    """What may flow at an instant."""
    if evse_id == STATION:
        return allowed_for_station(held, [each.situation for each in evses], _whole(evses), at)
    return allowed_at(held, _at(evses, evse_id).situation, at)


def _at(evses: Sequence[EvseNow], evse_id: int) -> EvseNow:
    return next((each for each in evses if each.evse_id == evse_id), EvseNow(evse_id=evse_id))


def limit_of(period: PlannedPeriod) -> float | None:
    """None: it is no limit of ours, but more than any supply has."""
    return period.limit if period.limit < NO_LIMIT_FROM else None


def differences(ours: CompositePlan, answer: CompositeRow) -> tuple[ScheduleDifference, ...]:
    """Where the station says something else than we do of the same time; neighbours are joined. Where we know
    no limit there is nothing to compare: what a station can is its own.
    """
    until = min(ours.duration_s, answer.duration_s)
    starts = [each.start_s for each in ours.periods] + [each.start_s for each in answer.periods]
    ordered = [*sorted({0, *(each for each in starts if each < until)}), until]
    found: list[ScheduleDifference] = []
    for start, end in pairwise(ordered):
        mine = next((limit_of(each) for each in reversed(ours.periods) if each.start_s <= start), None)
        theirs = next((each.limit for each in reversed(answer.periods) if each.start_s <= start), None)
        if mine is None or (theirs is not None and abs(theirs - mine) <= TOLERANCE) or start == end:
            continue
        last = found[-1] if found else None
        if last is not None and (last.end_s, last.ours, last.station) == (start, mine, theirs):
            found[-1] = ScheduleDifference(last.start_s, end, mine, theirs)
        else:
            found.append(ScheduleDifference(start, end, mine, theirs))
    return tuple(found)
