"""One message, one decision: the table of rules, and the answer to what comes again."""

from collections.abc import Callable
from typing import Any

from csms.domain.events import (
    AuthorizationRequested,
    ConnectorStatusReported,
    DataTransferReceived,
    Event,
    FirmwareStatusReported,
    Inbound,
    LogStatusReported,
    MeterValuesReported,
    Reply,
    SecurityEventReported,
    StationBooted,
    TransactionReported,
    VariablesReported,
)
from csms.domain.quarantine import QuarantineCause
from csms.rules.authorization import authorization_requested
from csms.rules.availability import connector_status_reported
from csms.rules.boot import station_booted
from csms.rules.data_transfer import data_transfer_received
from csms.rules.diagnostics import log_status_reported
from csms.rules.firmware import firmware_status_reported
from csms.rules.metering import is_repeatable, meter_values_reported
from csms.rules.replies import reply_to_text
from csms.rules.rows import AnswerRow, QuarantineRow, kept_raw
from csms.rules.security import security_event_reported
from csms.rules.state import Facts, State, digest_number
from csms.rules.transactions import transaction_reported
from csms.rules.variables import variables_reported

LONGEST_REASON = 500
"""Characters: a message may be wrong in hundreds of places."""

RULES: dict[type[Event], Callable[[State, Inbound, Reply], Facts]] = {
    StationBooted: station_booted,
    ConnectorStatusReported: connector_status_reported,
    AuthorizationRequested: authorization_requested,
    TransactionReported: transaction_reported,
    MeterValuesReported: meter_values_reported,
    DataTransferReceived: data_transfer_received,
    VariablesReported: variables_reported,
    SecurityEventReported: security_event_reported,
    FirmwareStatusReported: firmware_status_reported,
    LogStatusReported: log_status_reported,
}
"""Every event but the heartbeat, of which nothing is kept."""

_BY_CONTENT: dict[type[Event], Callable[[Any], bool]] = {
    # 1.6 starts are compared with those that are open: a clock that stands still makes equal ones (C-6).
    TransactionReported: lambda event: event.transaction_id is not None,
    MeterValuesReported: is_repeatable,
    SecurityEventReported: lambda event: event.at is not None,
    DataTransferReceived: lambda _: False,
}
"""The events whose first answer is kept, and whether equal content under another message id is the same."""


def keeps_answer(event: Event) -> bool:
    """Whether the event must not be stored twice, and its first answer is given again."""
    return type(event) in _BY_CONTENT


def decide(state: State, inbound: Inbound, proposal: Reply) -> Facts:
    """What to answer, to write and to tell. Pure: the caller lets `state` take the rows."""
    event = inbound.event
    by_content = _BY_CONTENT.get(type(event))
    if by_content is None:
        return RULES[type(event)](state, inbound, proposal)
    first = state.first_answer(inbound, by_content=by_content(event))
    if first is not None:
        return Facts(first)
    facts = RULES[type(event)](state, inbound, proposal)
    reply = facts.reply or proposal
    rows = (*facts.rows, answer_row(inbound, reply))
    if inbound.left_out:
        rows = (*rows, partly_read(inbound))
    return Facts(reply, rows, facts.news)


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
