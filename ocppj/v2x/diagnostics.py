"""OCPP 2.x, logs and monitoring: the wire and the model."""

from datetime import datetime
from typing import Any

from ocppj.findings import add_finding
from ocppj.model.diagnostics import (
    GetLog,
    LogAnswer,
    MonitoredEvent,
    NotifyEvent,
    status_in_event,
)
from ocppj.model.messages import StationMessage
from ocppj.timestamps import deadline_from_wire, read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.status import status_info_from_v2x, status_to_v2x

# --- What stations send ----------------------------------------------------------------------------------


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
        monitor_id=m.variable_monitoring_id,
        is_cleared=bool(m.cleared),
        severity=getattr(m, "severity", None),
        transaction_id=m.transaction_id,
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
        "variableMonitoringId": event.monitor_id,
        "cleared": event.is_cleared or None,
        "transactionId": event.transaction_id,
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


# --- What stations are asked ------------------------------------------------------------------------------


def _log_to_v2x(c: GetLog) -> dict[str, Any]:
    log = {
        "remoteLocation": c.location,
        "oldestTimestamp": time_to_wire(c.oldest_at) if c.oldest_at is not None else None,
        "latestTimestamp": time_to_wire(c.latest_at) if c.latest_at is not None else None,
    }
    return present(
        {
            "log": present(log),
            "logType": c.log_type,
            "requestId": c.request_id,
            "retries": c.retries,
            "retryInterval": c.retry_interval_s,
        }
    )


def _log_from_v2x(m: Any) -> GetLog:
    return GetLog(
        request_id=m.request_id,
        log_type=m.log_type,
        location=m.log.remote_location,
        oldest_at=_moment(m.log.oldest_timestamp),
        latest_at=_moment(m.log.latest_timestamp),
        retries=m.retries,
        retry_interval_s=m.retry_interval,
    )


def _moment(text: Any) -> datetime | None:
    return deadline_from_wire(text) if text is not None else None


def _log_answer_to_v2x(answer: LogAnswer) -> dict[str, Any]:
    return present(status_to_v2x(answer) | {"filename": answer.filename})


def _log_answer_from_v2x(m: Any) -> LogAnswer:
    return LogAnswer(str(m.status), *status_info_from_v2x(m.status_info), filename=m.filename)


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=GetLog,
        action="GetLog",
        request_to_wire=_log_to_v2x,
        request_from_wire=_log_from_v2x,
        answer_to_wire=_log_answer_to_v2x,
        answer_from_wire=_log_answer_from_v2x,
        fields={
            "remoteLocation": "location",
            "oldestTimestamp": "oldest_at",
            "latestTimestamp": "latest_at",
            "retryInterval": "retry_interval_s",
        },
    ),
)
