"""OCPP 2.x, monitoring: the wire and the model."""

from typing import Any

from ocppj.findings import add_finding
from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent, status_in_event
from ocppj.model.messages import StationMessage
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import MessageTranslator, present
from ocppj.v2x import convert


def _notified(m: Any, findings: list[str]) -> StationMessage:
    events = tuple(_event(each, findings) for each in m.event_data)
    for each in events:
        _, odd = status_in_event(each)
        if odd is not None:
            add_finding(findings, odd)
    return NotifyEvent(events, m.seq_no, not m.tbc, read_time(m.generated_at, findings))


def _event(m: Any, findings: list[str]) -> MonitoredEvent:
    return MonitoredEvent(
        ref=convert.variable_from_v2x(m.component, m.variable),
        value=m.actual_value,
        at=read_time(m.timestamp, findings),
        event_id=m.event_id,
        trigger=m.trigger,
        notification=m.event_notification_type,
        tech_code=m.tech_code,
        tech_info=m.tech_info,
    )


def _notified_to_wire(m: NotifyEvent) -> dict[str, Any]:
    return present(
        {
            "generatedAt": time_to_wire(m.generated_at) if m.generated_at is not None else None,
            "seqNo": m.seq_no,
            "tbc": not m.is_last,
            "eventData": [_event_to_wire(each) for each in m.events],
        }
    )


def _event_to_wire(event: MonitoredEvent) -> dict[str, Any]:
    told = {
        "eventId": event.event_id,
        "timestamp": time_to_wire(event.at) if event.at is not None else None,
        "trigger": event.trigger,
        "actualValue": event.value,
        "eventNotificationType": event.notification,
        "techCode": event.tech_code,
        "techInfo": event.tech_info,
    }
    return present(told) | convert.variable_to_v2x(event.ref)


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=NotifyEvent,
        action="NotifyEvent",
        request_from_wire=_notified,
        request_to_wire=_notified_to_wire,
    ),
)
