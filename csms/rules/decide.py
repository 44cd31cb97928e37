"""One message, one decision: the table of rules, and the answer to what comes again."""

from collections.abc import Callable
from typing import Any, get_args

from csms.domain.inbound import Inbound
from csms.domain.quarantine import QuarantineCause
from csms.rules.authorization import authorization_requested
from csms.rules.availability import connector_status_reported
from csms.rules.boot import station_booted
from csms.rules.data_transfer import data_transfer_received
from csms.rules.diagnostics import log_status_reported
from csms.rules.display import messages_notified
from csms.rules.firmware import firmware_status_reported
from csms.rules.keeping import message_kept, part_kept
from csms.rules.metering import is_repeatable, meter_values_reported
from csms.rules.monitored_events import events_notified
from csms.rules.replies import reply_to_text
from csms.rules.reservations import reservation_ended
from csms.rules.rows import AnswerRow, QuarantineRow, kept_raw
from csms.rules.security import security_event_reported
from csms.rules.smart_charging import car_reported, limits_reported, update_pulled
from csms.rules.state import Decision, State, digest_number
from csms.rules.transactions import transaction_reported
from csms.rules.variables import variables_reported
from ocppj.model.authorization import Authorize
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification
from ocppj.model.customers import NotifyCustomerInformation
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.diagnostics import LogStatusNotification, NotifyEvent
from ocppj.model.display import NotifyDisplayMessages
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.reports import MessageKept, SendKept
from ocppj.model.reservations import ReservationStatusUpdate
from ocppj.model.security import SecurityEventNotification
from ocppj.model.smart_charging import (
    ClearedChargingLimit,
    NotifyChargingLimit,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    NotifyPriorityCharging,
    PullDynamicScheduleUpdate,
    ReportChargingProfiles,
    ReportedLimits,
)
from ocppj.model.transactions import TransactionEvent
from ocppj.model.variables import NotifyReport

LONGEST_REASON = 500
"""Characters: a message may be wrong in hundreds of places."""

RULES: dict[type[StationMessage], Callable[[State, Inbound, Reply], Decision]] = {
    BootNotification: station_booted,
    StatusNotification: connector_status_reported,
    Authorize: authorization_requested,
    TransactionEvent: transaction_reported,
    MeterValues: meter_values_reported,
    DataTransfer: data_transfer_received,
    NotifyReport: variables_reported,
    SecurityEventNotification: security_event_reported,
    FirmwareStatusNotification: firmware_status_reported,
    LogStatusNotification: log_status_reported,
    ReservationStatusUpdate: reservation_ended,
    ReportChargingProfiles: limits_reported,
    NotifyChargingLimit: limits_reported,
    ClearedChargingLimit: limits_reported,
    NotifyPriorityCharging: limits_reported,
    NotifyEVChargingNeeds: car_reported,
    NotifyEVChargingSchedule: car_reported,
    PullDynamicScheduleUpdate: update_pulled,
    NotifyEvent: events_notified,
    NotifyDisplayMessages: messages_notified,
    NotifyMonitoringReport: part_kept,
    NotifyCustomerInformation: part_kept,
    MessageKept: message_kept,
    SendKept: message_kept,
}
"""Every event but the heartbeat, of which nothing is kept."""

_BY_CONTENT: dict[type[StationMessage], Callable[[Any], bool]] = {
    # 1.6 starts are compared with those that are open: a clock that stands still makes equal ones (C-6).
    TransactionEvent: lambda event: event.transaction_id is not None,
    MeterValues: is_repeatable,
    SecurityEventNotification: lambda event: event.at is not None,
    DataTransfer: lambda _: False,
    # Without a time of its own, a report may well be the same twice: the same question was asked again.
    MessageKept: lambda event: event.at is not None,
    NotifyEvent: lambda event: event.generated_at is not None,
    NotifyDisplayMessages: lambda _: False,
    NotifyMonitoringReport: lambda _: False,
    NotifyCustomerInformation: lambda _: False,
    **dict.fromkeys(get_args(ReportedLimits), lambda _: False),
}
"""The events whose first answer is kept, and whether equal content under another message id is the same."""


def keeps_answer(event: StationMessage) -> bool:
    """Whether the event must not be stored twice, and its first answer is given again."""
    return type(event) in _BY_CONTENT


def decide(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """What to answer, to write and to tell. Pure: the caller lets `state` take the rows."""
    event = inbound.event
    by_content = _BY_CONTENT.get(type(event))
    if by_content is None:
        return RULES[type(event)](state, inbound, proposal)
    first = state.first_answer(inbound, by_content=by_content(event))
    if first is not None:
        return Decision(first)
    decision = RULES[type(event)](state, inbound, proposal)
    reply = decision.reply or proposal
    rows = (*decision.rows, answer_row(inbound, reply))
    if inbound.left_out:
        rows = (*rows, partly_read(inbound))
    return Decision(reply, rows, decision.events)


def partly_read(inbound: Inbound) -> QuarantineRow:
    """A message of which something was left out, as it came: what was used is stored, the rest is here."""
    reason = f"{QuarantineCause.PARTLY_READ}: {'; '.join(inbound.left_out)}"[:LONGEST_REASON]
    return kept_raw(inbound, QuarantineCause.PARTLY_READ, reason)


def answer_row(inbound: Inbound, reply: Reply) -> AnswerRow:
    """The first answer to a message, to be kept."""
    return AnswerRow(
        inbound.station_id,
        digest_number(inbound.digest),
        inbound.message_id,
        reply_to_text(reply),
        inbound.received_at,
    )
