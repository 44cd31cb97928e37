"""OCPP 1.6, diagnostics: the wire and the model. An upload without a request id is GetDiagnostics'
(§4.4); logs with one are of the security extension (white paper §5.12, N01)."""

from datetime import datetime
from typing import Any

from ocppj.model.diagnostics import GetDiagnostics, GetLog, LogAnswer, LogStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.timestamps import deadline_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present

# --- What stations send ----------------------------------------------------------------------------------


def _status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return LogStatusNotification(m.status)


def _to_wire(m: LogStatusNotification) -> dict[str, Any]:
    return {"status": m.status}


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=LogStatusNotification,
        action="DiagnosticsStatusNotification",
        carries=lambda m: m.request_id is None,
        request_from_wire=_status,
        request_to_wire=_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _instant(at: datetime | None) -> str | None:
    return time_to_wire(at) if at is not None else None


def _moment(text: Any) -> datetime | None:
    return deadline_from_wire(text) if text is not None else None


def _diagnostics_to_v16(c: GetDiagnostics) -> dict[str, Any]:
    return present(
        {
            "location": c.location,
            "startTime": _instant(c.oldest_at),
            "stopTime": _instant(c.latest_at),
            "retries": c.retries,
            "retryInterval": c.retry_interval_s,
        }
    )


def _diagnostics_from_v16(m: Any) -> GetDiagnostics:
    return GetDiagnostics(
        location=m.location,
        oldest_at=_moment(m.start_time),
        latest_at=_moment(m.stop_time),
        retries=m.retries,
        retry_interval_s=m.retry_interval,
    )


def _diagnostics_answer_to_v16(answer: LogAnswer) -> dict[str, Any]:
    """Where there is nothing to upload, no file is named (§5.9)."""
    return present({"fileName": answer.filename if answer.is_accepted else None})


def _diagnostics_answer_from_v16(m: Any) -> LogAnswer:
    return LogAnswer("Accepted" if m.file_name is not None else "Rejected", filename=m.file_name)


def _log_to_v16(c: GetLog) -> dict[str, Any]:
    log = {
        "remoteLocation": c.location,
        "oldestTimestamp": _instant(c.oldest_at),
        "latestTimestamp": _instant(c.latest_at),
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


def _log_from_v16(m: Any) -> GetLog:
    return GetLog(
        request_id=m.request_id,
        log_type=m.log_type,
        location=m.log.remote_location,
        oldest_at=_moment(m.log.oldest_timestamp),
        latest_at=_moment(m.log.latest_timestamp),
        retries=m.retries,
        retry_interval_s=m.retry_interval,
    )


def _log_answer_to_v16(answer: LogAnswer) -> dict[str, Any]:
    return present({"status": answer.status, "filename": answer.filename})


def _log_answer_from_v16(m: Any) -> LogAnswer:
    return LogAnswer(str(m.status), filename=m.filename)


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=GetDiagnostics,
        action="GetDiagnostics",
        request_to_wire=_diagnostics_to_v16,
        request_from_wire=_diagnostics_from_v16,
        answer_to_wire=_diagnostics_answer_to_v16,
        answer_from_wire=_diagnostics_answer_from_v16,
        fields={"startTime": "oldest_at", "stopTime": "latest_at", "retryInterval": "retry_interval_s"},
    ),
    CommandTranslator(
        command=GetLog,
        action="GetLog",
        request_to_wire=_log_to_v16,
        request_from_wire=_log_from_v16,
        answer_to_wire=_log_answer_to_v16,
        answer_from_wire=_log_answer_from_v16,
        fields={
            "remoteLocation": "location",
            "oldestTimestamp": "oldest_at",
            "latestTimestamp": "latest_at",
            "retryInterval": "retry_interval_s",
        },
    ),
)
