"""What the page of a station shows of its limits."""

from typing import Any

from console.limit_values import exceeded_line, station_limits
from console.words import words_for
from csms.domain.charging_profiles import ProfileState
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, CompositeRow, ExceededLimitRow
from csms.rules.composites import ChargingPicture, EvseNow
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from tests.support.inbound import CP1, NOON, minutes

EN, FR = words_for("en", ""), words_for("fr", "")
SCHEDULE = ChargingSchedule(
    unit="A", periods=(ChargingPeriod(limit=16.0), ChargingPeriod(start_s=3600, limit=8.5)), starts_at=NOON
)
PROFILE = ChargingProfileRow(
    entry_id="c1",
    station_id=CP1,
    evse_id=1,
    profile=ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(SCHEDULE,)),
    source="CSO",
    state=ProfileState.HELD,
    asked_by="api:ann",
    asked_at=NOON,
    moved_at=NOON,
)
LIMIT = ChargingLimitRow(
    station_id=CP1,
    evse_id=0,
    source="EMS",
    is_grid_critical=None,
    is_local_generation=None,
    schedules=(),
    since=NOON,
    reported_at=NOON,
)
TOLD = CompositeRow(
    station_id=CP1,
    evse_id=1,
    unit="A",
    starts_at=NOON,
    duration_s=3600,
    periods=(ChargingPeriod(limit=32.0),),
    answered_at=NOON,
)


def picture(**more: Any) -> ChargingPicture:
    """Of a station with one EVSE."""
    values: dict[str, Any] = {
        "profiles": [PROFILE],
        "limits": [LIMIT],
        "answers": [TOLD],
        "evses": [EvseNow(evse_id=1)],
    }
    return ChargingPicture(**values | more)


def test_where_nobody_limits_there_is_nothing_to_show() -> None:
    """No heading without content."""
    assert station_limits(picture(profiles=[], limits=[], answers=[]), NOON, EN) is None


def test_profiles_limits_and_the_day_to_come_are_told() -> None:
    """In words that say as much as the drawing, in both languages."""
    found = station_limits(picture(), NOON, EN)
    assert found is not None
    [(what, limits, who)] = found.profiles
    assert (what, limits) == ("Default of charges, EVSE 1, level 0", "16 A → 8.5 A")
    assert "held" in who
    assert "this server" in who
    assert found.others[0][:2] == ("EMS limits the whole station", "nobody said how much")
    [whole, first] = found.curves
    assert (whole.place, first.place) == ("the whole station", "EVSE 1")
    assert first.steps == "16 A from 12:00, 8.5 A from 13:00"
    assert (first.curve.begins, first.curve.ends, first.curve.peak) == ("12:00", "12:00", "16 A")
    assert first.curve.line == "0.0,0.0 25.0,0.0 25.0,56.2 600.0,56.2"
    assert first.differs == ("From 12:00 the station expects 32 A, and 16 A is allowed.",)
    french = station_limits(picture(), NOON, FR)
    assert french is not None
    assert french.curves[1].steps == "16 A à partir de 12:00, 8,5 A à partir de 13:00"


def test_a_schedule_that_ends_leaves_no_limit() -> None:
    """The line goes to the top; a station that takes less is named too."""
    short = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=0.0),), starts_at=NOON, duration_s=3600)
    profile = ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(short,))
    row = ChargingProfileRow(
        entry_id="c1",
        station_id=CP1,
        evse_id=1,
        profile=profile,
        source="CSO",
        state=ProfileState.HELD,
        asked_at=NOON,
        moved_at=NOON,
    )
    found = station_limits(picture(profiles=[row], answers=[]), minutes(30), EN)
    assert found is not None
    [whole, only] = found.curves
    assert (whole.place, only.place) == ("the whole station", "EVSE 1")
    assert only.steps == "0 A from 12:30, no limit from 13:00"
    assert only.curve.line == "0.0,120.0 12.5,120.0 12.5,0.0 600.0,0.0"
    assert only.differs == ()


def test_a_station_that_takes_more_than_it_may_is_told_of() -> None:
    """How much, where, since when."""
    row = ExceededLimitRow(
        station_id=CP1,
        evse_id=1,
        transaction_id="T",
        limit_w=5_000.0,
        power_w=22_000.0,
        since=NOON,
        moved_at=NOON,
    )
    assert exceeded_line(row, EN).startswith("EVSE 1 takes 22.0 kW, and 5.0 kW is allowed")
