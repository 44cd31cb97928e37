"""What profiles and limits come to, and where a station says something else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.schedule.composite import CompositePlan, PlannedPeriod, PlanSpan
from csms.domain.charging_profiles import ProfileState
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, CompositeRow
from csms.rules.composites import (
    TOLERANCE,
    ChargingPicture,
    EvseNow,
    ScheduleDifference,
    allowed_now,
    differences,
    installed_of,
    limit_of,
    plan_beside,
    plan_for,
    plan_of,
)
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from tests.support.inbound import CP1, NOON, minutes

FIRST, SECOND = EvseNow(evse_id=1, transaction_id="T1", since=NOON, max_w=22_080.0), EvseNow(evse_id=2)
HOUR = PlanSpan(NOON, 3600, "A")


def row(limit: float, evse_id: int = 1, purpose: Any = "TxDefaultProfile", **more: Any) -> ChargingProfileRow:
    """A profile with one limit, since before noon."""
    schedule = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=limit),), starts_at=minutes(-60))
    values: dict[str, Any] = {
        "entry_id": f"{limit}",
        "station_id": CP1,
        "evse_id": evse_id,
        "profile": ChargingProfile(profile_id=1, purpose=purpose, schedules=(schedule,)),
        "source": "CSO",
        "state": ProfileState.HELD,
        "asked_at": minutes(-60),
        "moved_at": minutes(-60),
    }
    return ChargingProfileRow(**values | more)


def limit(value: float, **more: Any) -> ChargingLimitRow:
    """A limit of somebody else for the whole station."""
    schedules = (ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=value),)),)
    values: dict[str, Any] = {
        "station_id": CP1,
        "evse_id": 0,
        "source": "EMS",
        "is_grid_critical": None,
        "is_local_generation": None,
        "schedules": schedules,
        "since": minutes(-5),
        "reported_at": minutes(-5),
    }
    return ChargingLimitRow(**values | more)


def limits(plan: CompositePlan) -> list[tuple[int, float | None]]:
    """Starts and limits."""
    return [(each.start_s, limit_of(each)) for each in plan.periods]


@pytest.mark.parametrize(
    ("profiles", "others", "expected"),
    [
        ([], [], 32.0),
        ([row(16)], [], 16.0),
        ([row(16, state=ProfileState.UNKNOWN)], [], 16.0),
        ([row(16, state=ProfileState.REQUESTED)], [], 32.0),
        ([row(16, state=ProfileState.CLEARED)], [], 32.0),
        ([row(16), row(10, purpose="TxProfile", transaction_id="T1")], [], 10.0),
        ([row(16), row(10, purpose="TxProfile", transaction_id="T2")], [], 16.0),
        ([row(16)], [limit(8)], 8.0),
        ([row(16)], [limit(8, cleared_at=NOON)], 16.0),
        ([row(16)], [limit(8, schedules=())], 16.0),
        ([row(16)], [limit(8, is_local_generation=True)], 24.0),
        ([row(16), row(6, 0, "ChargingStationExternalConstraints", source="EMS")], [limit(8)], 6.0),
    ],
)
def test_what_an_evse_may_take(
    profiles: list[ChargingProfileRow], others: list[ChargingLimitRow], expected: float
) -> None:
    """By all that the station holds or may hold; what it reported as a profile counts once."""
    held = installed_of(profiles, others)
    assert limits(plan_of(held, [FIRST, SECOND], 1, HOUR)) == [(0, expected)]
    assert allowed_now(held, [FIRST, SECOND], 1, NOON).rate.amperes(230.0) == pytest.approx(expected)


def test_without_a_maximum_there_is_no_limit() -> None:
    """Of an EVSE that told none, and of one that nobody has heard of."""
    assert limits(plan_of([], [FIRST, SECOND], 2, HOUR)) == [(0, None)]
    assert limits(plan_of([], [], 7, HOUR)) == [(0, None)]
    assert limits(plan_of(installed_of([row(16, 0)], []), [FIRST, SECOND], 2, HOUR)) == [(0, 16.0)]


def test_the_whole_station_is_what_all_its_evses_may_take() -> None:
    """K08.FR.03; of what cannot be known nothing is said."""
    evses = [FIRST, EvseNow(evse_id=2, max_w=22_080.0)]
    held = installed_of([row(16)], [])
    assert limits(plan_of(held, evses, 0, HOUR)) == [(0, 48.0)]
    assert allowed_now(held, evses, 0, NOON).rate.amperes(230.0) == pytest.approx(48.0)
    assert limits(plan_of(held, [FIRST, SECOND], 0, HOUR)) == [(0, None)]
    assert limits(plan_of(held, [], 0, HOUR)) == [(0, 0.0)]


def plan(*periods: tuple[int, float], duration_s: int = 3600) -> CompositePlan:
    """Ours."""
    made = tuple(PlannedPeriod(start, limit, 3) for start, limit in periods)
    return CompositePlan(1, NOON, duration_s, "A", made)


def told(*periods: tuple[int, float | None], duration_s: int = 3600) -> CompositeRow:
    """The station's."""
    return CompositeRow(
        station_id=CP1,
        evse_id=1,
        unit="A",
        starts_at=NOON,
        duration_s=duration_s,
        periods=tuple(ChargingPeriod(start_s=start, limit=limit) for start, limit in periods),
        answered_at=NOON,
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (plan((0, 16.0)), told((0, 16.1)), []),
        (plan((0, 16.0)), told((0, 32.0)), [(0, 3600, 16.0, 32.0, True)]),
        (plan((0, 16.0)), told((0, None)), [(0, 3600, 16.0, None, True)]),
        (plan((0, 16.0)), told(), [(0, 3600, 16.0, None, True)]),
        (plan((0, 1e6)), told((0, 16.0)), []),
        (plan((0, 16.0), (600, 10.0)), told((0, 16.0)), [(600, 3600, 10.0, 16.0, True)]),
        (plan((0, 16.0)), told((0, 10.0), (600, 16.0)), [(0, 600, 16.0, 10.0, False)]),
        (plan((0, 16.0)), told((0, 10.0), (600, 10.0)), [(0, 3600, 16.0, 10.0, False)]),
        (plan((0, 16.0), duration_s=60), told((0, 10.0), (600, 16.0)), [(0, 60, 16.0, 10.0, False)]),
        (plan((0, 16.0)), told((0, 10.0), duration_s=0), []),
    ],
)
def test_differences_are_named(ours: CompositePlan, theirs: CompositeRow, expected: list[Any]) -> None:
    """Where, how much, and whether the station takes more than it may."""
    found = differences(ours, theirs)
    assert [(e.start_s, e.end_s, e.ours, e.station, e.allows_more) for e in found] == expected


_steps = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), max_size=6)


@given(_steps, _steps)
def test_they_are_what_a_look_at_every_second_finds(
    mine: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> None:
    """Brute force."""
    ours = plan(*sorted(dict([(0, 1), *mine]).items()), duration_s=20)  # type: ignore[arg-type] # numbers
    row_told = told(*sorted(dict([(0, 1), *theirs]).items()), duration_s=20)  # type: ignore[arg-type]

    def at(periods: Any, second: int) -> float:
        return float([each.limit for each in periods if each.start_s <= second][-1])

    seen = {
        second: (at(ours.periods, second), at(row_told.periods, second))
        for second in range(20)
        if abs(at(ours.periods, second) - at(row_told.periods, second)) > TOLERANCE
    }
    found: dict[int, tuple[float, float | None]] = {}
    for each in differences(ours, row_told):
        assert isinstance(each, ScheduleDifference)
        found |= dict.fromkeys(range(each.start_s, each.end_s), (each.ours, each.station))
    assert found == seen


def test_a_picture_has_all_that_is_known_of_a_station() -> None:
    """From now on, and of the time of which the station said something."""
    answer = told((0, 32.0), duration_s=60)
    picture = ChargingPicture([row(16)], [limit(8, evse_id=1)], [answer], [FIRST])
    assert limits(plan_for(picture, 1, NOON, 3600, "A")) == [(0, 8.0)]
    beside = plan_beside(picture, answer)
    assert (beside.duration_s, limits(beside)) == (60, [(0, 8.0)])
