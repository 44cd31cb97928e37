"""OCPP 1.6, availability: the wire and the model."""

from typing import Any

from ocppj.findings import UNKNOWN_CONNECTOR_STATUS, add_finding
from ocppj.model.availability import ChangeAvailability, StatusNotification
from ocppj.model.messages import StationMessage
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v16 import convert
from ocppj.v16.status import answered_by_status
from ocppj.vocabulary import Availability, ConnectorStatus

# --- What stations send ----------------------------------------------------------------------------------


NO_ERROR, OTHER_ERROR = "NoError", "OtherError"
_ERROR_CODES = frozenset(
    (
        NO_ERROR,
        OTHER_ERROR,
        "ConnectorLockFailure",
        "EVCommunicationError",
        "GroundFailure",
        "HighTemperature",
        "InternalError",
        "LocalListConflict",
        "OverCurrentFailure",
        "OverVoltage",
        "PowerMeterFailure",
        "PowerSwitchFailure",
        "ReaderFailure",
        "ResetFailure",
        "UnderVoltage",
        "WeakSignal",
    )
)
"""ChargePointErrorCode (§7.6)."""
INFO_CHARACTERS = 50


def _status(m: Any, findings: list[str]) -> StationMessage:
    evse_id, connector_id = convert.connector_from_v16(m.connector_id)
    status = convert.status_from_v16(m.status)
    is_known = status is not None
    if status is None:
        add_finding(findings, UNKNOWN_CONNECTOR_STATUS)
        status = ConnectorStatus.UNAVAILABLE
    return StatusNotification(
        evse_id=evse_id,
        connector_id=connector_id,
        status=status,
        reported=m.status,
        at=read_time(m.timestamp, findings),
        error_code=m.error_code,
        info=m.info,
        vendor_error_code=m.vendor_error_code,
        charging_state=convert.charging_state_from_v16(m.status),
        has_charging_state=is_known,
    )


def _status_to_wire(m: StatusNotification) -> dict[str, Any]:
    """A fault for which 1.6 has no code is told in `info`."""
    code, info = m.error_code or NO_ERROR, m.info
    if code not in _ERROR_CODES:
        code, info = OTHER_ERROR, info or code[:INFO_CHARACTERS]
    return present(
        {
            "connectorId": convert.connector_to_v16(m.evse_id),
            "errorCode": code,
            "status": convert.status_to_v16(m.status, m.charging_state),
            "timestamp": time_to_wire(m.at) if m.at is not None else None,
            "info": info,
            "vendorErrorCode": m.vendor_error_code,
        }
    )


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=StatusNotification,
        action="StatusNotification",
        request_from_wire=_status,
        request_to_wire=_status_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _change_to_v16(c: ChangeAvailability) -> dict[str, Any]:
    return {"connectorId": convert.connector_to_v16(c.evse_id), "type": c.availability.value}


def _change_from_v16(m: Any) -> ChangeAvailability:
    evse_id, _ = convert.connector_from_v16(m.connector_id)
    return ChangeAvailability(Availability(m.type), evse_id)


def _change_refusal(c: ChangeAvailability) -> str | None:
    return convert.connector_refusal(c.evse_id, c.connector_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ChangeAvailability,
        "ChangeAvailability",
        request_to_wire=_change_to_v16,
        request_from_wire=_change_from_v16,
        refusal=_change_refusal,
        fields={"connectorId": "evse_id", "type": "availability"},
    ),
)
