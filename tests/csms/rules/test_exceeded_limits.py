"""A station that accepts limits and ignores them is found, and no other."""

from typing import Any

import pytest

from csms.domain.charging_profiles import ProfileState
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, ExceededLimitRow
from csms.rules.composites import ChargingPicture, EvseNow
from csms.rules.exceeded_limits import PowerNow, limit_steps, limits_checked
from csms.rules.state import Decision
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from tests.support.inbound import CP1, NOON, minutes

TWO = (
    EvseNow(evse_id=1, transaction_id="T1", since=minutes(-30), max_w=22_080.0),
    EvseNow(evse_id=2, transaction_id="T2", since=minutes(-30), max_w=22_080.0),
)


def row(watts: float, evse_id: int = 1, purpose: Any = "TxDefaultProfile", **more: Any) -> ChargingProfileRow:
    """A limit in watts that has held for half an hour."""
    schedule = ChargingSchedule(unit="W", periods=(ChargingPeriod(limit=watts),), starts_at=minutes(-60))
    values: dict[str, Any] = {
        "entry_id": "c1",
        "station_id": CP1,
        "evse_id": evse_id,
        "profile": ChargingProfile(profile_id=1, purpose=purpose, schedules=(schedule,)),
        "source": "CSO",
        "state": ProfileState.HELD,
        "asked_at": minutes(-30),
        "moved_at": minutes(-30),
    }
    return ChargingProfileRow(**values | more)


def picture(*rows: ChargingProfileRow, evses: Any = TWO[:1], limits: Any = ()) -> ChargingPicture:
    """Of the station."""
    return ChargingPicture(rows, limits, (), evses)


def checked(found: ChargingPicture, *powers: PowerNow, before: Any = ()) -> Decision:
    """A minute after noon."""
    return limits_checked(CP1, found, powers, before, minutes(1))


def said(decision: Decision) -> list[tuple[str, int]]:
    """What is told, and where."""
    return [(each.event, each.payload["evse_id"]) for each in decision.events]


def test_who_takes_more_is_told_of_once_and_until_it_obeys() -> None:
    """With what it takes and what it may."""
    found = picture(row(5_000))
    first = checked(found, PowerNow(1, 22_000.0, NOON))
    [exceeded] = first.rows
    assert isinstance(exceeded, ExceededLimitRow)
    assert (exceeded.limit_w, exceeded.power_w, exceeded.transaction_id) == (5_000.0, 22_000.0, "T1")
    assert said(first) == [("limit.exceeded", 1)]
    again = checked(found, PowerNow(1, 21_000.0, NOON), before=[exceeded])
    assert (said(again), [each.power_w for each in again.rows]) == ([], [21_000.0])  # type: ignore[attr-defined]
    later = checked(found, PowerNow(1, 5_000.0, NOON), before=[exceeded])
    assert said(later) == [("limit.obeyed", 1)]
    assert [each.ended_at for each in later.rows] == [minutes(1)]  # type: ignore[attr-defined]
    assert said(checked(found, before=[exceeded])) == [("limit.obeyed", 1)]
    assert checked(found, PowerNow(1, None, None), before=[exceeded]) == Decision()


@pytest.mark.parametrize(
    ("found", "power"),
    [
        (picture(row(5_000)), PowerNow(1, 5_500.0, NOON)),
        (picture(row(5_000, moved_at=minutes(-0.5))), PowerNow(1, 22_000.0, NOON)),
        (picture(row(5_000, evse_id=2)), PowerNow(1, 40_000.0, NOON)),
        (picture(row(5_000, state=ProfileState.CLEARED)), PowerNow(1, 40_000.0, NOON)),
        (
            picture(row(5_000), evses=[EvseNow(evse_id=1, transaction_id="T1", since=NOON)]),
            PowerNow(1, 22_000.0, NOON),
        ),
        (picture(row(5_000), evses=()), PowerNow(7, 22_000.0, NOON)),
    ],
)
def test_who_keeps_to_it_or_cannot_know_yet_is_left_alone(found: ChargingPicture, power: PowerNow) -> None:
    """Nor who has no limit: what an EVSE can is none that anybody set."""
    assert checked(found, power) == Decision()


def test_evses_together_keep_to_the_limit_of_the_whole() -> None:
    """Each alone is within it."""
    found = picture(row(20_000, 0, "ChargingStationMaxProfile"), evses=TWO)
    here = (PowerNow(1, 15_000.0, NOON), PowerNow(2, 15_000.0, NOON))
    assert said(checked(found, *here)) == [("limit.exceeded", 0)]
    assert checked(found, PowerNow(1, 10_000.0, NOON), PowerNow(2, 10_000.0, NOON)) == Decision()
    assert checked(found, here[0], PowerNow(2, None, None)) == Decision()


def test_steps_are_those_of_the_schedule_since_all_of_it_has_held() -> None:
    """A limit of others that came a minute ago hides what was before it."""
    schedule = ChargingSchedule(
        unit="W",
        periods=(ChargingPeriod(limit=9e9), ChargingPeriod(start_s=3600, limit=4_000)),
        starts_at=minutes(-61),
    )
    profile = ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(schedule,))
    found = picture(row(1, profile=profile))
    assert limit_steps(found, PowerNow(1, 1.0, NOON)) == [(minutes(-2), None), (minutes(-1), 4_000.0)]
    limit = ChargingLimitRow(
        station_id=CP1,
        evse_id=1,
        source="EMS",
        is_grid_critical=None,
        is_local_generation=None,
        schedules=(),
        since=minutes(-0.5),
        reported_at=minutes(-0.5),
    )
    fresh = picture(row(1, profile=profile), limits=[limit])
    assert limit_steps(fresh, PowerNow(1, 1.0, NOON)) == [(minutes(-0.5), 4_000.0)]
    assert limit_steps(found, PowerNow(1, None, None)) == []


def test_what_comes_after_a_reading_says_nothing_of_it() -> None:
    """The schedule goes on."""
    schedule = ChargingSchedule(
        unit="W",
        periods=(ChargingPeriod(limit=4_000), ChargingPeriod(start_s=7200, limit=1_000)),
        starts_at=minutes(-61),
    )
    profile = ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(schedule,))
    found = picture(row(1, profile=profile))
    assert limit_steps(found, PowerNow(1, 1.0, NOON)) == [(minutes(-2), 4_000.0)]
