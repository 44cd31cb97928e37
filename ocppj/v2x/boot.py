"""OCPP 2.x, boot: the wire and the model."""

from typing import Any

from ocppj.model.boot import BootNotification, BootNotificationResponse, Reset
from ocppj.model.messages import StationMessage
from ocppj.shared import current_time
from ocppj.timestamps import time_from_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.status import answered_by_status, status_info_from_v2x, status_info_to_v2x
from ocppj.vocabulary import BootReason, RegistrationStatus, ResetKind

# --- What stations send ----------------------------------------------------------------------------------


def _boot(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    station = m.charging_station
    modem = station.modem
    return BootNotification(
        vendor=station.vendor_name,
        model=station.model,
        serial_number=station.serial_number,
        firmware_version=station.firmware_version,
        iccid=modem.iccid if modem is not None else None,
        imsi=modem.imsi if modem is not None else None,
        reason=convert.boot_reason_from_v2x(m.reason),
    )


def _boot_to_wire(m: BootNotification) -> dict[str, Any]:
    """2.x has no fields for the meter."""
    station = {
        "vendorName": m.vendor,
        "model": m.model,
        "serialNumber": m.serial_number,
        "firmwareVersion": m.firmware_version,
        "modem": present({"iccid": m.iccid, "imsi": m.imsi}) or None,
    }
    reason = convert.boot_reason_to_v2x(m.reason or BootReason.UNKNOWN)
    return {"reason": reason, "chargingStation": present(station)}


def _response(m: Any) -> BootNotificationResponse:
    at, _ = time_from_wire(m.current_time)
    why = status_info_from_v2x(m.status_info)
    return BootNotificationResponse(RegistrationStatus(m.status), m.interval, at, *why)


def _response_to_wire(reply: BootNotificationResponse) -> dict[str, Any]:
    return {
        "status": reply.status.value,
        "interval": reply.interval_s,
        **current_time(reply),
        **status_info_to_v2x(reply.reason_code, reply.additional_info),
    }


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=BootNotification,
        action="BootNotification",
        request_from_wire=_boot,
        request_to_wire=_boot_to_wire,
        response_from_wire=_response,
        response_to_wire=_response_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _reset_to_v2x(c: Reset) -> dict[str, Any]:
    return {"type": c.kind.value} | ({"evseId": c.evse_id} if c.evse_id else {})


def _reset_from_v2x(m: Any) -> Reset:
    return Reset(ResetKind(m.type), m.evse_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        Reset,
        "Reset",
        request_to_wire=_reset_to_v2x,
        request_from_wire=_reset_from_v2x,
        fields={"type": "kind"},
    ),
)
