"""Smart charging: what stations report of limits is kept as it came and read, what cars say stays with their
transaction.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from csms.domain.inbound import Inbound
from csms.rules.charging_limits import limit_cleared, limit_notified
from csms.rules.charging_profiles import pulled_update, with_profiles
from csms.rules.keeping import message_kept
from csms.rules.rows import AttachmentRow
from csms.rules.state import Decision, State
from ocppj.model.messages import Reply
from ocppj.model.smart_charging import (
    ClearedChargingLimit,
    DynamicScheduleReply,
    NotifyChargingLimit,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    PullDynamicScheduleUpdate,
    ReportChargingProfiles,
    ReportedLimits,
)

CHARGING_NEEDS, CHARGING_SCHEDULE = "charging-needs", "charging-schedule"
"""Kinds of what is kept with a transaction: what a car wants, and how it is going to charge."""
_LIMITS: dict[type, Callable[[State, Inbound, Any], Decision]] = {
    NotifyChargingLimit: limit_notified,
    ClearedChargingLimit: limit_cleared,
}
_encode = msgspec.json.Encoder().encode


def limits_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """ReportChargingProfiles, NotifyChargingLimit, ClearedChargingLimit, NotifyPriorityCharging."""
    event: ReportedLimits = inbound.event  # type: ignore[assignment] # the table's key
    decision = Decision(proposal)
    if event.report is not None:
        decision = message_kept(state, msgspec.structs.replace(inbound, event=event.report), proposal)
    if isinstance(event, ReportChargingProfiles):
        return with_profiles(decision, state, inbound, event)
    rule = _LIMITS.get(type(event))
    if rule is None:
        return decision
    more = rule(state, inbound, event)
    return Decision(decision.reply, (*decision.rows, *more.rows), (*decision.events, *more.events))


def car_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """What a car wants (K15, K17, K18), and how it is going to charge: kept with the transaction there."""
    event: NotifyEVChargingNeeds | NotifyEVChargingSchedule = inbound.event  # type: ignore[assignment] # the table's key
    running = [each for each in state.open_transactions(inbound.station_id) if each.evse_id == event.evse_id]
    if not running:
        return Decision(proposal)
    kind = CHARGING_NEEDS if isinstance(event, NotifyEVChargingNeeds) else CHARGING_SCHEDULE
    number = max(each.transaction_no for each in running)
    return Decision(proposal, (AttachmentRow(number, kind, _encode(event).decode(), inbound.received_at),))


def update_pulled(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """The limits that a dynamic profile has by now, where the station holds it by our word (K28.FR.08)."""
    event: PullDynamicScheduleUpdate = inbound.event  # type: ignore[assignment] # the table's key
    update = pulled_update(state, inbound.station_id, event.profile_id)
    return Decision(proposal if update is None else DynamicScheduleReply("Accepted", update))
