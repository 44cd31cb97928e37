"""OCPP 2.x, firmware: the wire and the model."""

from typing import Any

from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.translator import MessageTranslator, present


def _status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status, m.request_id)


def _status_to_wire(m: FirmwareStatusNotification) -> dict[str, Any]:
    return present({"status": m.status, "requestId": m.request_id})


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=FirmwareStatusNotification,
        action="FirmwareStatusNotification",
        request_from_wire=_status,
        request_to_wire=_status_to_wire,
    ),
)
