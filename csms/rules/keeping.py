"""Reports whose answer decides nothing are kept, and told of: what they mean is for who asked for them."""

import json
from typing import Any

import msgspec

from csms.domain.inbound import Inbound
from csms.domain.secrets import PERSONAL_FIELDS
from csms.domain.station_events import StationEvent
from csms.rules.reports import ReportPart, with_progress
from csms.rules.rows import KeptMessageRow
from csms.rules.state import Decision, State
from ocppj.model.customers import NotifyCustomerInformation
from ocppj.model.messages import Reply
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.reports import MessageKept

PUBLISHED_MOST = 16 << 10
"""Bytes: a longer payload is read where it is kept, not told to everybody who listens."""


def message_kept(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """One row, and one event; it has no payload where that is personal or long."""
    event: MessageKept = inbound.event  # type: ignore[assignment] # the table's key
    row = KeptMessageRow(
        station_id=inbound.station_id,
        action=event.action,
        version=inbound.version,
        message_id=inbound.message_id,
        request_id=event.request_id,
        seq_no=event.seq_no,
        is_last=event.is_last,
        at=event.at,
        received_at=inbound.received_at,
        payload=event.payload,
        payload_bytes=event.payload_bytes,
    )
    payload = {
        "action": event.action,
        "request_id": event.request_id,
        "seq_no": event.seq_no,
        "is_last": event.is_last,
        "payload": _published_fields(event),
    }
    station_event = StationEvent("message.kept", inbound.station_id, inbound.received_at, payload)
    part = ReportPart(event.action, event.request_id, event.seq_no, bool(event.is_last))
    return with_progress(Decision(proposal, (row,), (station_event,)), state, inbound, part)


def part_kept(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """A part of what a command asked for: as it came, and how far that command has come (2.x N02, N09)."""
    event: NotifyMonitoringReport | NotifyCustomerInformation = inbound.event  # type: ignore[assignment] # the table's keys
    if event.report is None:
        return Decision(proposal)
    return message_kept(state, msgspec.structs.replace(inbound, event=event.report), proposal)


def _published_fields(event: MessageKept) -> Any:
    if event.payload is None or event.payload_bytes > PUBLISHED_MOST or event.action in PERSONAL_FIELDS:
        return None
    return json.loads(event.payload)
