"""OCPP 1.6, availability: the wire and the model."""

from typing import Any

from ocppj.findings import UNKNOWN_STATUS, add_finding
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import StationMessage
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import MessageTranslator, present
from ocppj.v16 import convert
from ocppj.vocabulary import ConnectorStatus

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
        add_finding(findings, UNKNOWN_STATUS)
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
        tells_charging=is_known,
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
