"""charging.schedule.composite against an evaluator that looks at every period, written from the text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.schedule.composite import (
    PERIODS_MOST,
    CompositePlan,
    Installed,
    PlannedPeriod,
    PlanSpan,
    Situation,
    allowed_at,
    composite_of,
    composite_of_station,
    station_limit,
)
from charging.schedule.rates import Supply
from charging.schedule.shapes import (
    DAILY,
    EXTERNAL,
    LOCAL_GENERATION,
    PRIORITY,
    RECURRING,
    RELATIVE,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    WEEKLY,
    ProfileShape,
)
from tests.charging.schedule.profiles import AC, MINUTE, NOON, Period, Profile, evse, held, profile

HOUR_SPAN = PlanSpan(NOON, 3600, "A")
WHOLE = Situation(evse_id=0, supply=Supply(44_160.0))


def limits(plan: CompositePlan) -> list[tuple[int, float]]:
    """Start and limit of each period."""
    return [(each.start_s, each.limit) for each in plan.periods]


# --- By example --------------------------------------------------------------------------------------------


def test_without_profiles_the_supply_is_the_limit() -> None:
    """1.6 §3.13.6: as if no constraints applied."""
    assert composite_of([], evse(), HOUR_SPAN) == CompositePlan(
        1, NOON, 3600, "A", (PlannedPeriod(0, 32.0, 3),)
    )


def test_the_lowest_of_the_purposes_counts() -> None:
    """1.6 §3.13.3."""
    of = [
        held(profile((0, 20), (1200, 30), purpose=STATION_MAX)),
        held(profile((0, 25), (600, 10), (1800, 16))),
    ]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 20), (600, 10), (1800, 16)]


def test_a_transactions_own_profile_overrules_the_default_also_upwards() -> None:
    """2.1 §3.6 situation 2; only of this transaction."""
    of = [
        held(profile((0, 6), stack_level=5)),
        held(profile((0, 20), purpose=TX, transaction_id="T"), 1),
        held(profile((0, 24), purpose=TX, transaction_id="other", stack_level=3), 1),
        held(profile((0, 25), purpose=TX, stack_level=4), 2),
    ]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 20)]
    assert limits(composite_of(of, evse(transaction=None), HOUR_SPAN)) == [(0, 6)]


def test_when_it_has_no_period_the_default_leads_again() -> None:
    """1.6 errata 3.43."""
    of = [
        held(profile((0, 6))),
        held(profile((0, 20), purpose=TX, duration_s=600), 1),
    ]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 20), (600, 6)]


def test_priority_charging_overrules_both_but_not_the_station() -> None:
    """2.1 K21.FR.04."""
    of = [
        held(profile((0, 6))),
        held(profile((0, 8), purpose=TX), 1),
        held(profile((0, 32), purpose=PRIORITY)),
        held(profile((0, 25), purpose=STATION_MAX)),
    ]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 8)]
    assert limits(composite_of(of, evse(has_priority=True), HOUR_SPAN)) == [(0, 25)]


def test_local_generation_comes_on_top_up_to_what_the_supply_can() -> None:
    """2.1 §3.6."""
    of = [held(profile((0, 10))), held(profile((0, 6), (600, 40), purpose=LOCAL_GENERATION))]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 16), (600, 32)]


def test_external_constraints_of_the_station_and_of_the_evse() -> None:
    """K11, K12."""
    of = [held(profile((0, 14), purpose=EXTERNAL)), held(profile((0, 12), purpose=EXTERNAL), 1)]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 12)]
    assert limits(composite_of(of, evse(2), HOUR_SPAN)) == [(0, 14)]


def test_an_evses_own_default_stands_before_the_stations_of_the_same_level() -> None:
    """1.6 §3.13.1: replaced only for that connector; a higher level leads all the same."""
    of = [held(profile((0, 10), profile_id=1)), held(profile((0, 20), profile_id=2), 1)]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 20)]
    assert limits(composite_of(of, evse(2), HOUR_SPAN)) == [(0, 10)]
    of.append(held(profile((0, 6), stack_level=1)))
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 6)]


def test_the_peak_hours_of_the_specification() -> None:
    """2.1 §3.7.1: 2 kW from 17 to 20 o'clock, but on Sundays."""
    peak = profile(
        (0, 2000),
        unit="W",
        stack_level=1,
        kind=RECURRING,
        recurrence=DAILY,
        starts_at=datetime.fromisoformat("2020-01-09T17:00:00Z"),
        duration_s=10_800,
    )
    sunday = profile(
        (0, 999_999),
        unit="W",
        stack_level=2,
        kind=RECURRING,
        recurrence=WEEKLY,
        starts_at=datetime.fromisoformat("2020-01-05T00:00:00Z"),
        duration_s=86_400,
    )
    of = [held(peak), held(sunday)]
    saturday = PlanSpan(datetime.fromisoformat("2026-03-07T12:00:00Z"), 2 * 86_400, "W")
    assert limits(composite_of(of, evse(), saturday)) == [(0, 22_080), (18_000, 2_000), (28_800, 22_080)]
    assert limits(composite_of([held(peak)], evse(), saturday))[3] == (18_000 + 86_400, 2_000)


def test_units_are_compared_by_what_flows() -> None:
    """2.1 §3.6: taking the different units into account."""
    of = [held(profile((0, 16))), held(profile((0, 6900), (600, 20_000), unit="W", purpose=STATION_MAX))]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 10), (600, 16)]
    assert limits(composite_of(of, evse(), replace(HOUR_SPAN, unit="W"))) == [(0, 6_900), (600, 11_040)]


def test_a_direct_current_has_no_phases() -> None:
    """2.x numberPhases."""
    dc = Supply(150_000.0, voltage_v=400, is_dc=True)
    plan = composite_of([held(profile((0, 50_000), unit="W"))], evse(supply=dc), PlanSpan(NOON, 60, "W"))
    assert plan.periods == (PlannedPeriod(0, 50_000, None),)


def test_a_relative_default_counts_from_now_where_nobody_charges() -> None:
    """As if a transaction began; that of the station from when it was set."""
    of = [held(profile((0, 16), (600, 6), kind=RELATIVE, starts_at=None))]
    assert limits(composite_of(of, evse(transaction=None, since=None), HOUR_SPAN)) == [(0, 16), (600, 6)]
    assert limits(composite_of(of, evse(since=NOON - 5 * MINUTE), HOUR_SPAN)) == [(0, 16), (300, 6)]
    station = [held(profile((0, 16), (600, 6), purpose=STATION_MAX, starts_at=None), at=NOON - 8 * MINUTE)]
    assert limits(composite_of(station, evse(), HOUR_SPAN)) == [(0, 16), (120, 6)]


def test_of_a_station_all_evses_together() -> None:
    """K08.FR.03: no more than the limits of the whole."""
    of = [
        held(profile((0, 10)), 1),
        held(profile((0, 20), (600, 25)), 2),
        held(profile((0, 32), purpose=STATION_MAX, starts_at=NOON + 15 * MINUTE)),
    ]
    plan = composite_of_station(of, [evse(1), evse(2)], WHOLE, HOUR_SPAN)
    assert limits(plan) == [(0, 30), (600, 35), (900, 32)]
    assert plan.evse_id == 0
    assert station_limit(of, WHOLE, NOON).rate.amperes(230) == 64
    assert station_limit(of, WHOLE, NOON + 15 * MINUTE).rate.amperes(230) == 32


def test_an_instant_between_seconds_moves_to_the_second() -> None:
    """Periods begin at whole seconds."""
    of = [held(profile((0, 16), starts_at=NOON + timedelta(milliseconds=500)))]
    assert limits(composite_of(of, evse(), HOUR_SPAN)) == [(0, 16)]


def test_a_plan_is_no_longer_than_a_message_may_be() -> None:
    """It ends where it is cut."""
    of = [held(profile((0, 16), duration_s=60, kind=RECURRING, recurrence=DAILY))]
    plan = composite_of(of, evse(), PlanSpan(NOON, 10_000 * 86_400, "A"))
    assert len(plan.periods) == PERIODS_MOST
    assert plan.duration_s == PERIODS_MOST // 2 * 86_400


# --- Against brute force -----------------------------------------------------------------------------------

MINUTES = 3 * 24 * 60
_minutes = st.integers(-1500, MINUTES)
_limits = st.integers(0, 32).map(float)


@st.composite
def _profiles(draw: st.DrawFn) -> Installed[ProfileShape]:
    purpose = draw(st.sampled_from([TX_DEFAULT, TX, STATION_MAX, EXTERNAL, PRIORITY]))
    kind = draw(st.sampled_from(["Absolute", RECURRING, RELATIVE]))
    starts = sorted(draw(st.sets(st.integers(1, 2000), max_size=3)))
    periods = [(60 * minute, draw(_limits)) for minute in (0, *starts)]
    valid_from = draw(st.none() | _minutes)
    made = profile(
        *periods,
        unit="A",
        purpose=purpose,
        kind=kind,
        stack_level=draw(st.integers(0, 3)),
        recurrence=draw(st.sampled_from([DAILY, WEEKLY])) if kind == RECURRING else None,
        starts_at=NOON + draw(_minutes) * MINUTE if kind != RELATIVE else None,
        duration_s=draw(st.none() | st.integers(1, 3000).map(lambda minutes: 60 * minutes)),
        valid_from=NOON + valid_from * MINUTE if valid_from is not None else None,
        valid_to=draw(st.none() | _minutes.map(lambda minute: NOON + minute * MINUTE)),
        transaction_id=draw(st.sampled_from([None, "T", "other"])) if purpose == TX else None,
    )
    place = {STATION_MAX: 0, TX: draw(st.sampled_from([1, 2]))}.get(purpose, draw(st.sampled_from([0, 1, 2])))
    return held(made, place, NOON - draw(st.integers(0, 3)) * MINUTE)


def brute_limit(of: Sequence[Installed[ProfileShape]], at: datetime, *, has_priority: bool) -> float:
    """The limit at EVSE 1, where T charges since noon: every period of every profile is looked at."""
    said: dict[tuple[str, bool], list[tuple[int, bool, datetime, float]]] = {}
    for each in of:
        limit = brute_period(each, at)
        if limit is None or each.evse_id not in (0, 1):
            continue
        if each.profile.purpose == TX and each.profile.transaction_id == "other":
            continue
        is_external = each.profile.purpose == EXTERNAL
        key = (each.profile.purpose, is_external and each.evse_id == 1)
        said.setdefault(key, []).append((each.profile.stack_level, each.evse_id == 1, each.at, limit))
    best = {key: max(ranked)[3] for key, ranked in said.items()}
    order = [(PRIORITY, False)] if has_priority else []
    charging = next((best[key] for key in (*order, (TX, False), (TX_DEFAULT, False)) if key in best), 32.0)
    others = [best[key] for key in ((STATION_MAX, False), (EXTERNAL, False), (EXTERNAL, True)) if key in best]
    return min([charging, *others, 32.0])


def brute_period(each: Installed[ProfileShape], at: datetime) -> float | None:
    """What one profile says at an instant."""
    of = each.profile
    if (of.valid_from is not None and at < of.valid_from) or (of.valid_to is not None and at >= of.valid_to):
        return None
    begins = of.schedules[0].starts_at
    if begins is None:
        begins = each.at if of.purpose in (STATION_MAX, EXTERNAL) else NOON
    passes = [begins]
    if of.kind == RECURRING:
        every = timedelta(days=7 if of.recurrence == WEEKLY else 1)
        passes = [begins + number * every for number in range(10)]
    found = None
    for start in passes:
        if start > at:
            break
        elapsed_s, duration_s = (at - start).total_seconds(), of.schedules[0].duration_s
        found = None  # a pass ends where the next begins
        if duration_s is None or elapsed_s < duration_s:
            for period in of.schedules[0].periods:
                if period.start_s <= elapsed_s:
                    found = period.limit
    return found


_stacks = st.lists(_profiles(), max_size=6, unique_by=lambda each: (each.at, each.profile.stack_level))


@given(of=_stacks, has_priority=st.booleans())
def test_a_composite_schedule_is_what_brute_force_finds(
    of: list[Installed[ProfileShape]], has_priority: bool
) -> None:
    """At the start of each of its periods, in the minute before the next, and in between."""
    where = evse(has_priority=has_priority)
    plan = composite_of(of, where, PlanSpan(NOON, MINUTES * 60, "A"))
    found = limits(plan)
    assert found[0][0] == 0
    ends = [start_s for start_s, _ in found[1:]] + [MINUTES * 60]
    for (start_s, limit), end_s in zip(found, ends, strict=True):
        for second in {start_s, *range(start_s, end_s, 10_740), end_s - 60}:
            at = NOON + timedelta(seconds=second)
            assert limit == brute_limit(of, at, has_priority=has_priority)


@given(of=st.lists(_profiles(), max_size=5), minute=_minutes)
def test_it_stays_as_it_is_for_as_long_as_it_says(of: list[Installed[ProfileShape]], minute: int) -> None:
    """`until` is no later than the next change."""
    at = NOON + minute * MINUTE
    rate, until = allowed_at(of, evse(), at)
    for later in (1, 60, 600, 1440):
        then = at + later * MINUTE
        if until is None or then < until:
            assert allowed_at(of, evse(), then).rate == rate


@pytest.mark.parametrize("unit", ["A", "W"])
def test_a_limit_never_rises_by_one_more_purpose(unit: str) -> None:
    """But for those that overrule or come on top."""
    base = [held(profile((0, 16)))]
    more = [*base, held(Profile((replace(profile((0, 7)).schedules[0]),), purpose=EXTERNAL))]
    low, high = (composite_of(each, evse(), PlanSpan(NOON, 60, unit)) for each in (more, base))
    assert low.periods[0].limit < high.periods[0].limit


def test_phases_come_out_with_the_limit() -> None:
    """The fewest."""
    of = [held(Profile((replace(profile((0, 7)).schedules[0], periods=(Period(0, 10, 1),)),)))]
    assert composite_of(of, evse(), HOUR_SPAN).periods == (PlannedPeriod(0, 10, 1),)
    assert AC.at_most.phases == 3
