"""Limits that others than the central system set: an energy manager, the grid, somebody at the station."""

import msgspec

from charging.schedule.shapes import EXTERNAL
from csms.domain.charging_profiles import ProfileState
from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.charging_profiles import STATION, moved, open_profiles
from csms.rules.charging_rows import ChargingLimitRow
from csms.rules.state import Decision, State
from ocppj.model.smart_charging import ClearedChargingLimit, NotifyChargingLimit


def limit_notified(state: State, inbound: Inbound, event: NotifyChargingLimit) -> Decision:
    """Somebody else limits the station, or gives it more (K11.FR.02, K12.FR.02; 2.1 K27)."""
    evse_id = event.evse_id or STATION
    known = state.limits.get((inbound.station_id, evse_id, event.source))
    at = inbound.received_at
    row = ChargingLimitRow(
        station_id=inbound.station_id,
        evse_id=evse_id,
        source=event.source,
        is_grid_critical=event.is_grid_critical,
        is_local_generation=event.is_local_generation,
        schedules=event.schedules,
        since=known.since if known is not None and known.cleared_at is None else at,
        reported_at=at,
    )
    return Decision(None, (row,), (_limit_event(row),))


def limit_cleared(state: State, inbound: Inbound, event: ClearedChargingLimit) -> Decision:
    """They do so no longer, and the constraint that was reported of it is gone too (K13.FR.01, .02)."""
    evse_id, at = event.evse_id or STATION, inbound.received_at
    known = state.limits.get((inbound.station_id, evse_id, event.source))
    gone = [
        (each, ProfileState.CLEARED, None)
        for each in open_profiles(state, inbound.station_id)
        if (each.profile.purpose, each.evse_id, each.source) == (EXTERNAL, evse_id, event.source)
    ]
    decision = moved(gone, at)
    if known is None or known.cleared_at is not None:
        return decision
    row = msgspec.structs.replace(known, reported_at=at, cleared_at=at)
    return Decision(None, (*decision.rows, row), (*decision.events, _limit_event(row)))


def _limit_event(row: ChargingLimitRow) -> StationEvent:
    payload = {
        "evse_id": row.evse_id,
        "source": row.source,
        "is_grid_critical": row.is_grid_critical,
        "is_local_generation": row.is_local_generation,
        "is_set": row.cleared_at is None,
    }
    return StationEvent("limit.changed", row.station_id, row.reported_at, payload)
