"""Limits of others: since when they hold, and that they no longer do."""

from msgspec.structs import replace

from csms.domain.charging_profiles import ProfileState
from csms.rules.charging_limits import limit_cleared, limit_notified
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow
from csms.rules.state import Decision, State
from ocppj.model.smart_charging import (
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearedChargingLimit,
    NotifyChargingLimit,
)
from tests.support.inbound import CP1, NOON, inbound, minutes

EMS = "EMS"
SCHEDULE = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=16.0),))
CONSTRAINT = ChargingProfileRow(
    entry_id="ems",
    station_id=CP1,
    evse_id=0,
    profile=ChargingProfile(
        profile_id=-1, purpose="ChargingStationExternalConstraints", schedules=(SCHEDULE,)
    ),
    source=EMS,
    state=ProfileState.HELD,
    asked_at=NOON,
    moved_at=NOON,
)


def test_a_limit_of_somebody_else_is_kept_since_when_it_holds() -> None:
    """K11, K13: told again it is the same, cleared it is over, and its constraint with it."""
    state = State()
    state.apply([CONSTRAINT, replace(CONSTRAINT, entry_id="there", evse_id=1)])
    first = NotifyChargingLimit(EMS, is_grid_critical=True, schedules=(SCHEDULE,))
    for minute in (1, 2):
        decision = limit_notified(state, inbound(first, received_at=minutes(minute)), first)
        state.apply(decision.rows)
    held = state.limits[CP1, 0, EMS]
    assert (held.since, held.reported_at, held.cleared_at) == (minutes(1), minutes(2), None)
    assert (held.is_grid_critical, held.schedules) == (True, (SCHEDULE,))
    end = ClearedChargingLimit(EMS)
    decision = limit_cleared(state, inbound(end, received_at=minutes(3)), end)
    assert [e.payload["state"] for e in decision.events if e.event == "profile.changed"] == ["cleared"]
    assert [e.payload["is_set"] for e in decision.events if e.event == "limit.changed"] == [False]
    state.apply(decision.rows)
    assert state.limits[CP1, 0, EMS].cleared_at == minutes(3)
    assert limit_cleared(state, inbound(end), end) == Decision(None)
    again = limit_notified(state, inbound(first, received_at=minutes(4)), first)
    [row_again] = again.rows
    assert isinstance(row_again, ChargingLimitRow)
    assert (row_again.since, row_again.cleared_at) == (minutes(4), None)


def test_what_was_never_told_is_not_cleared() -> None:
    """Of this EVSE."""
    state, end = State(), ClearedChargingLimit(EMS, 1)
    assert limit_cleared(state, inbound(end), end) == Decision(None)
