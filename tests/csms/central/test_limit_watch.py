"""A station that holds a limit and takes more is found twice a minute, once, and let go when it obeys."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from csms.domain.charging_profiles import LimitsWanted, ProfileState
from csms.rules.charging_rows import ChargingProfileRow, ExceededLimitRow
from csms.rules.rows import TransactionRow
from csms.rules.state import Decision
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from runtime.clock import ManualClock
from tests.support.inbound import CP1, CP2, NOON, minutes
from tests.support.message_writer import Desk, desk

SCHEDULE = ChargingSchedule(unit="W", periods=(ChargingPeriod(limit=5_000.0),), starts_at=minutes(-60))
PROFILE = ChargingProfileRow(
    entry_id="c1",
    station_id=CP1,
    evse_id=1,
    profile=ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(SCHEDULE,)),
    source="CSO",
    state=ProfileState.HELD,
    asked_at=minutes(-30),
    moved_at=minutes(-30),
)
CHARGE = TransactionRow(
    transaction_no=1,
    station_id=CP1,
    transaction_id="T1",
    evse_id=1,
    started_at=minutes(-20),
    first_received_at=minutes(-20),
    last_event_at=NOON,
    last_received_at=NOON,
    power_w=22_000.0,
    power_at=NOON,
)


async def store(at: Desk, *rows: Any) -> None:
    """As decided."""
    await at.central.message_store.store(Decision(None, rows))


async def exceeded(at: Desk, **wanted: Any) -> list[ExceededLimitRow]:
    """After a look."""
    await at.central.limit_watch.look()
    return list(await at.central.records.exceeded_limits(LimitsWanted(**wanted)))


async def test_it_is_found_and_let_go(tmp_path: Path, clock: ManualClock) -> None:
    """With what it takes; a station without a limit is left alone."""
    async with desk(tmp_path / "borne.db", clock=clock) as at:
        await store(at, PROFILE, CHARGE, replace(CHARGE, transaction_no=2, station_id=CP2))
        [found] = await exceeded(at)
        assert (found.station_id, found.limit_w, found.power_w) == (CP1, 5_000.0, 22_000.0)
        assert await exceeded(at, station_id=CP2) == []
        await store(at, replace(CHARGE, power_w=4_000.0, power_at=minutes(5)))
        [over] = await exceeded(at, is_open=False)
        assert over.since == found.since
        assert await at.central.limit_watch.look() == 0
