"""OCPP 1.6, boot: the wire and the model."""

from typing import Any

from ocppj.model.boot import BootNotification, BootNotificationResponse, Reset
from ocppj.model.messages import StationMessage
from ocppj.shared import current_time
from ocppj.timestamps import time_from_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v16 import convert
from ocppj.v16.status import answered_by_status
from ocppj.vocabulary import RegistrationStatus, ResetKind

# --- What stations send ----------------------------------------------------------------------------------


def _boot(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return BootNotification(
        vendor=m.charge_point_vendor,
        model=m.charge_point_model,
        serial_number=m.charge_point_serial_number or m.charge_box_serial_number,
        firmware_version=m.firmware_version,
        iccid=m.iccid,
        imsi=m.imsi,
        meter_type=m.meter_type,
        meter_serial_number=m.meter_serial_number,
    )


def _boot_to_wire(m: BootNotification) -> dict[str, Any]:
    """1.6 has no field for the reason."""
    return present(
        {
            "chargePointVendor": m.vendor,
            "chargePointModel": m.model,
            "chargePointSerialNumber": m.serial_number,
            "firmwareVersion": m.firmware_version,
            "iccid": m.iccid,
            "imsi": m.imsi,
            "meterType": m.meter_type,
            "meterSerialNumber": m.meter_serial_number,
        }
    )


def _response(m: Any) -> BootNotificationResponse:
    at, _ = time_from_wire(m.current_time)
    return BootNotificationResponse(RegistrationStatus(m.status), m.interval, at)


def _response_to_wire(reply: BootNotificationResponse) -> dict[str, Any]:
    """1.6 has no field for why."""
    return {"status": reply.status.value, "interval": reply.interval_s} | current_time(reply)


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


def _reset_to_v16(c: Reset) -> dict[str, Any]:
    return {"type": convert.reset_to_v16(c.kind)}


def _reset_from_v16(m: Any) -> Reset:
    return Reset(convert.reset_from_v16(m.type))


def _reset_refusal(c: Reset) -> str | None:
    if c.kind is ResetKind.IMMEDIATE_AND_RESUME:
        return "OCPP 1.6 cannot resume transactions after a restart: kind"
    return "OCPP 1.6 restarts the whole station, not one EVSE: evse_id" if c.evse_id else None


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        Reset,
        "Reset",
        request_to_wire=_reset_to_v16,
        request_from_wire=_reset_from_v16,
        refusal=_reset_refusal,
        words={"Scheduled": "Accepted"},
    ),
)
