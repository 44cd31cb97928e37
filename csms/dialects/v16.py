"""OCPP 1.6 (with the security extension): requests to events, replies to responses."""

from collections.abc import Mapping, Sequence
from typing import Any

from csms.dialects import alike, v16_commands
from csms.dialects.alike import UNKNOWN_STATUS, current_time, read_time
from csms.dialects.attached import bounded_signed_values
from csms.dialects.dialect import Dialect, ReadRequest, WriteResponse
from csms.dialects.sampling import bounded_samples
from ocppj.findings import SIGNED_VALUE_NOT_READ, add_finding
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.v16 import convert
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ChargingState, ConnectorStatus, IdToken, MeterSample, TransactionEventKind

# --- Requests ---------------------------------------------------------------------------------------------


def _booted(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
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


_CHARGING_STATES = {
    "Charging": ChargingState.CHARGING,
    "SuspendedEV": ChargingState.SUSPENDED_EV,
    "SuspendedEVSE": ChargingState.SUSPENDED_EVSE,
    "Faulted": ChargingState.SUSPENDED_EVSE,  # nobody pays for a fault of the station
    "Unavailable": ChargingState.SUSPENDED_EVSE,
}
"""What a connector's status tells of its transaction (§4.9); the others belong before and after one."""


def _status(m: Any, findings: list[str]) -> StationMessage:
    evse_id, connector_id = convert.connector_from_v16(m.connector_id)
    status = convert.status_from_v16(m.status)
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
        charging_state=_CHARGING_STATES.get(m.status),
    )


def _authorize(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return Authorize(convert.id_token_from_v16(m.id_tag))


def _connector(connector_id: int | None) -> tuple[int | None, int | None]:
    """What a salvaged message does not say stays unknown: None, as in the two below."""
    return convert.connector_from_v16(connector_id) if connector_id is not None else (None, None)


def _token(id_tag: str | None) -> IdToken | None:
    return convert.id_token_from_v16(id_tag) if id_tag else None


def _reading(wh: float | None) -> float | None:
    return float(wh) if wh is not None else None


def _started(m: Any, findings: list[str]) -> StationMessage:
    evse_id, connector_id = _connector(m.connector_id)
    return TransactionEvent(
        kind=TransactionEventKind.STARTED,
        transaction_id=None,
        at=read_time(m.timestamp, findings),
        evse_id=evse_id,
        connector_id=connector_id,
        id_token=_token(m.id_tag),
        meter_wh=_reading(m.meter_start),
        reservation_id=m.reservation_id,
    )


def _samples(
    meter_values: Sequence[Any], findings: list[str]
) -> tuple[tuple[MeterSample, ...], tuple[str, ...]]:
    """(samples, signed values); the latter are looked for where there are some."""
    samples = convert.samples_from_v16(meter_values, findings)
    if SIGNED_VALUE_NOT_READ not in findings:
        return samples, ()
    return samples, bounded_signed_values(convert.signed_values_from_v16(meter_values), findings)


def _stopped(m: Any, findings: list[str]) -> StationMessage:
    taken = bounded_samples(m.transaction_data or (), findings)
    samples, signed_values = _samples(taken, findings)
    return TransactionEvent(
        kind=TransactionEventKind.ENDED,
        transaction_id=convert.transaction_id_from_v16(m.transaction_id),
        at=read_time(m.timestamp, findings),
        id_token=_token(m.id_tag),
        meter_wh=_reading(m.meter_stop),
        samples=samples,
        stopped_reason=convert.stopped_reason_from_v16(m.reason),
        signed_values=signed_values,
    )


def _meter_values(m: Any, findings: list[str]) -> StationMessage:
    samples, signed_values = _samples(bounded_samples(m.meter_value, findings), findings)
    return MeterValues(
        evse_id=_connector(m.connector_id)[0],
        transaction_id=convert.transaction_id_from_v16(m.transaction_id),
        samples=samples,
        signed_values=signed_values,
    )


def _data_transfer(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return DataTransfer(m.vendor_id, m.message_id, m.data)


def _firmware_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status)


def _signed_firmware_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status, m.request_id)


def _diagnostics_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return LogStatusNotification(m.status)


_EVENTS: Mapping[str, ReadRequest] = {
    **alike.EVENTS,
    "BootNotification": _booted,
    "StatusNotification": _status,
    "Authorize": _authorize,
    "StartTransaction": _started,
    "StopTransaction": _stopped,
    "MeterValues": _meter_values,
    "DataTransfer": _data_transfer,
    "FirmwareStatusNotification": _firmware_status,
    "SignedFirmwareStatusNotification": _signed_firmware_status,
    "DiagnosticsStatusNotification": _diagnostics_status,
}


# --- Responses --------------------------------------------------------------------------------------------


def _boot_response(reply: BootNotificationResponse) -> dict[str, Any]:
    return {"status": reply.status.value, "interval": reply.interval_s} | current_time(reply)


def _authorize_response(reply: AuthorizeResponse) -> dict[str, Any]:
    return {"idTagInfo": convert.id_token_info_to_v16(reply.info)}


def _start_response(reply: TransactionEventResponse) -> dict[str, Any]:
    # 1.6 §6.46 wants a verdict; a start without a readable token has an Invalid one.
    info = convert.id_token_info_to_v16(reply.info) if reply.info else {"status": "Invalid"}
    return {"transactionId": convert.transaction_id_to_v16(reply.transaction_id), "idTagInfo": info}


def _stop_response(reply: TransactionEventResponse) -> dict[str, Any]:
    return {"idTagInfo": convert.id_token_info_to_v16(reply.info)} if reply.info else {}


_RESPONSES: Mapping[str, WriteResponse] = {
    **alike.RESPONSES,
    "BootNotification": _boot_response,
    "Authorize": _authorize_response,
    "StartTransaction": _start_response,
    "StopTransaction": _stop_response,
}

V16 = Dialect(
    version=OcppVersion.V16,
    keeps_billing_before_accepted=True,  # 1.6 §4.2 forbids them, and stations delete what is refused
    events=_EVENTS,
    responses=_RESPONSES,
    commands=v16_commands.COMMANDS,
    refuses=v16_commands.unsupported_reason,
    triggers=frozenset({"TriggerMessage", "ExtendedTriggerMessage"}),
    invites={
        "ChangeAvailability": ("StatusNotification",),  # §5.2, §4.9: the station tells its new status
        "ReserveNow": ("StatusNotification",),
        "CancelReservation": ("StatusNotification",),
        "GetDiagnostics": ("DiagnosticsStatusNotification",),
        "GetLog": ("LogStatusNotification",),
        "UpdateFirmware": ("FirmwareStatusNotification",),
        "SignedUpdateFirmware": ("SignedFirmwareStatusNotification",),
    },
    billing=frozenset({"StartTransaction", "StopTransaction", "MeterValues"}),
)
