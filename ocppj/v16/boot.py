"""OCPP 1.6, boot: the wire and the model."""

from typing import Any

from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.messages import StationMessage
from ocppj.shared import current_time
from ocppj.timestamps import time_from_wire
from ocppj.translator import MessageTranslator, present
from ocppj.vocabulary import RegistrationStatus


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
