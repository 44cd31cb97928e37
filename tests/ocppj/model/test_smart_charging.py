"""A dynamic profile moves with the values that come for it."""

from datetime import UTC, datetime

from ocppj.model.smart_charging import (
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    RateValues,
    updated_profile,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_new_limits_go_into_the_first_period_and_the_rest_stays() -> None:
    """K28.FR.03, .06, .09: what is not said stays as it was."""
    periods = (ChargingPeriod(limit=16.0, limit_l2=10.0), ChargingPeriod(start_s=60, limit=6.0))
    other = ChargingSchedule(unit="W", periods=(ChargingPeriod(limit=1.0),))
    profile = ChargingProfile(
        profile_id=1,
        purpose="TxProfile",
        schedules=(ChargingSchedule(unit="A", periods=periods), other),
        kind="Dynamic",
    )
    moved = updated_profile(profile, RateValues(limit=8.0), NOON)
    assert moved.updated_at == NOON
    assert moved.schedules[0].periods == (ChargingPeriod(limit=8.0, limit_l2=10.0), periods[1])
    assert moved.schedules[1] == other
