"""What the profiles of a station come to: at an instant, and over a time.

For each purpose the highest stack level leads that has a period then; of the purposes, the lowest limit
counts (1.6 §3.13.3, 2.1 §3.6). A TxProfile overrules the TxDefaultProfile, and is overruled by
PriorityCharging that was activated (2.1 K21.FR.04); local generation comes on top (2.1). Where a TxProfile
has no period, the default leads again: the careful reading of 1.6 §3.13.1, and what errata 3.43 asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from charging.schedule.rates import NO_LIMIT, FlowRate, Supply, rate_of
from charging.schedule.shapes import (
    EXTERNAL,
    LOCAL_GENERATION,
    PRIORITY,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    ProfileShape,
)
from charging.schedule.timing import PeriodSpan, Timing, earlier, stretch_at

PERIODS_MOST = 1024
"""Of a composite schedule (2.x ChargingScheduleType); what is longer is cut there."""
STATION = 0
"""EVSE 0 is the station as a whole."""


P_co = TypeVar("P_co", bound=ProfileShape, covariant=True)


@dataclass(frozen=True, slots=True)
class Installed(Generic[P_co]):
    """A profile that a station holds, and where. `at`: since when."""

    profile: P_co
    evse_id: int
    at: datetime
    source: str = "CSO"
    """Who set it (ChargingLimitSourceEnumType)."""


Held = Sequence[Installed[ProfileShape]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides which profiles hold at an EVSE, or for the whole station (EVSE 0)."""

    evse_id: int
    supply: Supply
    transaction_ids: frozenset[str] | None = None
    """All by which the transaction there may be named; None: there is none."""
    timing: Timing = field(default_factory=Timing)
    has_priority: bool = False
    """PriorityCharging was activated for its transaction (2.1 K21, K22)."""


@dataclass(frozen=True, slots=True)
class PlanSpan:
    """Of which time a composite schedule is wanted, and in which unit."""

    starts_at: datetime
    duration_s: int
    unit: str


class Allowed(NamedTuple):
    """How much may flow, `until` this may change; None: for ever."""

    rate: FlowRate
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """From `start_s` on. `phases` is None for DC."""

    start_s: int
    limit: float
    phases: int | None


@dataclass(frozen=True, slots=True)
class CompositePlan:
    """What may flow from `starts_at` on, for `duration_s`."""

    evse_id: int
    starts_at: datetime
    duration_s: int
    unit: str
    periods: tuple[PlannedPeriod, ...]


# --- At an instant -----------------------------------------------------------------------------------------


def allowed_at(held: Held, where: Situation, at: datetime) -> Allowed:
    """How much may flow at an EVSE, as if it were alone there: what others use of the station's is theirs."""
    return _with_station(transaction_limit(held, where, at), held, where, at)


def transaction_limit(held: Held, where: Situation, at: datetime) -> Allowed:
    """What its transaction, or one that would begin, may use by the profiles for transactions alone."""
    purposes = (PRIORITY, TX, TX_DEFAULT) if where.has_priority else (TX, TX_DEFAULT)
    until: datetime | None = None
    for purpose in purposes:
        here = [each for each in held if each.profile.purpose == purpose and _is_for(each, where)]
        found = _leading(here, where, at)
        until = earlier(until, found.until)
        if found.rate is not NO_LIMIT:
            return Allowed(found.rate, until)
    return Allowed(NO_LIMIT, until)


def allowed_for_station(held: Held, evses: Sequence[Situation], whole: Situation, at: datetime) -> Allowed:
    """What a station may use in all: what its EVSEs may, no more than the limits of the whole (K08.FR.03)."""
    total, until = FlowRate(0.0, 0.0, 1), None
    for each in evses:
        own = transaction_limit(held, each, at)
        total = total.plus(own.rate.lowest(each.supply.at_most).within(each.supply.voltage_v))
        until = earlier(until, own.until)
    return _with_station(Allowed(total, until), held, whole, at)


def station_limit(held: Held, whole: Situation, at: datetime) -> Allowed:
    """What all EVSEs together may use, whatever each of them may."""
    return _with_station(Allowed(NO_LIMIT, None), held, whole, at)


def _with_station(own: Allowed, held: Held, where: Situation, at: datetime) -> Allowed:
    """With the limits of the whole station, and local generation on top; no more than the supply can."""
    rate, until = own
    places = sorted({STATION, where.evse_id})
    for purpose in (STATION_MAX, EXTERNAL):
        for place in places:
            found = _leading(_at_place(held, purpose, place), where, at)
            rate, until = rate.lowest(found.rate), earlier(until, found.until)
    for place in places:
        found = _leading(_at_place(held, LOCAL_GENERATION, place), where, at)
        if found.rate is not NO_LIMIT:  # power and current alike: whichever is the limit, it is raised
            rate = rate.plus(found.rate.within(where.supply.voltage_v))
        until = earlier(until, found.until)
    return Allowed(rate.lowest(where.supply.at_most), until)


def _at_place(held: Held, purpose: str, evse_id: int) -> Held:
    return [each for each in held if each.profile.purpose == purpose and each.evse_id == evse_id]


def _is_for(each: Installed[ProfileShape], where: Situation) -> bool:
    """On this EVSE or on all of them; of a transaction only this one."""
    if each.profile.purpose != TX:
        return each.evse_id in (STATION, where.evse_id)
    if each.evse_id != where.evse_id or where.transaction_ids is None:
        return False
    return each.profile.transaction_id is None or each.profile.transaction_id in where.transaction_ids


def _leading(held: Held, where: Situation, at: datetime) -> Allowed:
    """What the highest level says that has a period then; of the same level an EVSE's own, then the latest
    (1.6 §3.13.1: a default of the station is replaced for that connector only). NO_LIMIT: none has one.
    """
    until: datetime | None = None
    order = sorted(held, key=lambda each: (each.profile.stack_level, each.evse_id != STATION, each.at))
    for each in reversed(order):
        found = _stretch(each, at, where.timing)
        until = earlier(until, found.until)
        if found.period is not None:
            return Allowed(rate_of(found.period, each.profile.schedules[0].unit, where.supply), until)
    return Allowed(NO_LIMIT, until)


def _stretch(each: Installed[ProfileShape], at: datetime, timing: Timing) -> PeriodSpan:
    """What limits the whole station is relative to when it was set: it has no transaction."""
    if each.profile.purpose in (STATION_MAX, EXTERNAL, LOCAL_GENERATION):
        timing = Timing(each.at, timing.offline_since, timing.zone)
    return stretch_at(each.profile, at, timing)


# --- Over a time -------------------------------------------------------------------------------------------


def composite_of(held: Held, where: Situation, span: PlanSpan) -> CompositePlan:
    """The composite schedule of an EVSE. Without a transaction, as if one began at the start of the span."""
    timing = where.timing
    since = timing.since if timing.since is not None else span.starts_at
    here = replace(where, timing=replace(timing, since=since))
    return _plan(lambda at: allowed_at(held, here, at), where, span)


def composite_of_station(
    held: Held, evses: Sequence[Situation], whole: Situation, span: PlanSpan
) -> CompositePlan:
    """What a station expects to take from the grid (K08.FR.03)."""
    return _plan(lambda at: allowed_for_station(held, evses, whole, at), whole, span)


def _plan(allowed: Callable[[datetime], Allowed], where: Situation, span: PlanSpan) -> CompositePlan:
    """Piece by piece, neighbours that say the same joined."""
    start, supply = span.starts_at, where.supply
    end, at, periods = start + timedelta(seconds=span.duration_s), start, list[PlannedPeriod]()
    while at < end:
        rate, until = allowed(at)
        offset_s = int((at - start).total_seconds())
        if periods and periods[-1].start_s == offset_s:
            periods.pop()  # instants between two seconds
        phases = None if supply.is_dc else rate.phases
        period = PlannedPeriod(offset_s, rate.limit(span.unit, supply.voltage_v), phases)
        if not periods or (periods[-1].limit, periods[-1].phases) != (period.limit, period.phases):
            if len(periods) == PERIODS_MOST:
                return CompositePlan(where.evse_id, start, offset_s, span.unit, tuple(periods))
            periods.append(period)
        if until is None:
            break
        at = until
    return CompositePlan(where.evse_id, start, span.duration_s, span.unit, tuple(periods))
