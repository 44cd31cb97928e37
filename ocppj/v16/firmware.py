"""OCPP 1.6, firmware: the wire and the model. Only the signed update of the white paper has a request id."""

from typing import Any

from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.translator import MessageTranslator, present


def _status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status)


def _signed_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status, m.request_id)


def _to_wire(m: FirmwareStatusNotification) -> dict[str, Any]:
    return present({"status": m.status, "requestId": m.request_id})


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=FirmwareStatusNotification,
        action="FirmwareStatusNotification",
        carries=lambda m: m.request_id is None,
        request_from_wire=_status,
        request_to_wire=_to_wire,
    ),
    MessageTranslator(
        message=FirmwareStatusNotification,
        action="SignedFirmwareStatusNotification",
        request_from_wire=_signed_status,
        request_to_wire=_to_wire,
    ),
)
