"""Rows of smart charging."""

import pytest

from csms.domain.charging_profiles import PERHAPS_HELD, ProfileState
from csms.rules.charging_rows import ChargingProfileRow
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from tests.support.inbound import CP1, NOON

SCHEDULE = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=16.0),))


@pytest.mark.parametrize("held", ProfileState)
def test_what_a_station_may_hold_is_open(held: ProfileState) -> None:
    """Asked, held, or nobody knows."""
    row = ChargingProfileRow(
        entry_id="c1",
        station_id=CP1,
        evse_id=1,
        profile=ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(SCHEDULE,)),
        source="CSO",
        state=held,
        asked_at=NOON,
        moved_at=NOON,
    )
    assert row.is_open is (held in PERHAPS_HELD)
