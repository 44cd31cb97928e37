"""OCPP 1.6, diagnostics: the wire and the model. An upload without a request id is GetDiagnostics' (§4.4)."""

from typing import Any

from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.translator import MessageTranslator


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
