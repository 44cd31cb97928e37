"""OCPP 2.0.1 and 2.1: requests to events, replies to responses. What we read, both versions have alike."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from csms.dialects import alike, v201_commands
from csms.dialects.alike import UNKNOWN_STATUS, current_time, read_time
from csms.dialects.attached import bounded_signed_values, has_bounded_details
from csms.dialects.dialect import Dialect, ReadRequest, WriteResponse
from csms.dialects.sampling import bounded_samples
from ocppj.findings import add_finding
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.model.variables import NotifyReport, ReportedVariable
from ocppj.v2x import convert
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, TransactionEventKind

UNKNOWN_EVENT_TYPE = "unknown-event-type"
MICRO = 1_000_000

# --- Requests ---------------------------------------------------------------------------------------------


def _booted(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
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


def _status(m: Any, findings: list[str]) -> StationMessage:
    status = convert.status_from_v2x(m.connector_status)
    if status is None:
        add_finding(findings, UNKNOWN_STATUS)
        status = ConnectorStatus.UNAVAILABLE
    return StatusNotification(
        evse_id=m.evse_id,
        connector_id=m.connector_id,
        status=status,
        reported=m.connector_status,
        at=read_time(m.timestamp, findings),
    )


def _authorize(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return Authorize(convert.id_token_from_v2x(m.id_token))


def _transaction(m: Any, findings: list[str]) -> StationMessage:
    kind = convert.transaction_event_from_v2x(m.event_type)
    if kind is None:
        add_finding(findings, UNKNOWN_EVENT_TYPE)
        kind = TransactionEventKind.UPDATED
    info = m.transaction_info
    evse_id, connector_id = (m.evse.id, m.evse.connector_id) if m.evse is not None else (None, None)
    is_end = kind is TransactionEventKind.ENDED
    taken = bounded_samples(m.meter_value or (), findings)
    return TransactionEvent(
        kind=kind,
        transaction_id=info.transaction_id,
        at=read_time(m.timestamp, findings),
        evse_id=evse_id,
        connector_id=connector_id,
        seq_no=m.seq_no,
        is_sequenced=True,
        trigger_reason=m.trigger_reason,
        charging_state=convert.charging_state_from_v2x(info.charging_state),
        id_token=convert.id_token_from_v2x(m.id_token) if m.id_token is not None else None,
        samples=convert.samples_from_v2x(taken, findings),
        stopped_reason=convert.stopped_reason_from_v2x(info.stopped_reason) if is_end else None,
        is_offline=bool(m.offline),
        remote_start_id=info.remote_start_id,
        reservation_id=m.reservation_id,
        signed_values=bounded_signed_values(convert.signed_values_from_v2x(taken), findings),
        has_cost_details=has_bounded_details(getattr(m, "cost_details", None), findings),  # 2.1 only
    )


def _meter_values(m: Any, findings: list[str]) -> StationMessage:
    taken = bounded_samples(m.meter_value, findings)
    samples = convert.samples_from_v2x(taken, findings)
    signed_values = bounded_signed_values(convert.signed_values_from_v2x(taken), findings)
    return MeterValues(m.evse_id, None, samples, signed_values)


def _data_transfer(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return DataTransfer(m.vendor_id, m.message_id, v201_commands.json_text(m.data))


def _report(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return NotifyReport(
        request_id=m.request_id,
        seq_no=m.seq_no,
        is_last=not m.tbc,
        variables=tuple(_reported(entry) for entry in m.report_data or ()),
    )


def _reported(entry: Any) -> ReportedVariable:
    """One line of a report; of its attributes the Actual one, which is the type when none is given."""
    attributes = entry.variable_attribute
    actual = next((a for a in attributes if (a.type or "Actual") == "Actual"), attributes[0])
    characteristics = entry.variable_characteristics
    return ReportedVariable(
        ref=convert.variable_from_v2x(entry.component, entry.variable),
        value=None if actual.mutability == "WriteOnly" else actual.value,
        is_read_only=actual.mutability == "ReadOnly",
        unit=characteristics.unit if characteristics is not None else None,
        data_type=characteristics.data_type if characteristics is not None else None,
        max_limit=characteristics.max_limit if characteristics is not None else None,
    )


def _firmware_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status, m.request_id)


_EVENTS: Mapping[str, ReadRequest] = {
    **alike.EVENTS,
    "BootNotification": _booted,
    "StatusNotification": _status,
    "Authorize": _authorize,
    "TransactionEvent": _transaction,
    "MeterValues": _meter_values,
    "DataTransfer": _data_transfer,
    "NotifyReport": _report,
    "FirmwareStatusNotification": _firmware_status,
}


# --- Responses --------------------------------------------------------------------------------------------


def _boot_response(reply: BootNotificationResponse) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "status": reply.status.value,
        "interval": reply.interval_s,
        **current_time(reply),
    }
    if reply.reason_code is not None:
        payload["statusInfo"] = {"reasonCode": reply.reason_code}
        if reply.additional_info is not None:
            payload["statusInfo"]["additionalInfo"] = reply.additional_info
    return payload


def _authorize_response(reply: AuthorizeResponse) -> dict[str, Any]:
    return {"idTokenInfo": convert.id_token_info_to_v2x(reply.info)}


def _transaction_response(reply: TransactionEventResponse) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    if reply.total_cost_micro is not None:
        payload["totalCost"] = reply.total_cost_micro / MICRO
    if reply.info is not None:
        payload["idTokenInfo"] = convert.id_token_info_to_v2x(reply.info)
    return payload


_RESPONSES: Mapping[str, WriteResponse] = {
    **alike.RESPONSES,
    "BootNotification": _boot_response,
    "Authorize": _authorize_response,
    "TransactionEvent": _transaction_response,
}

V201 = Dialect(
    version=OcppVersion.V201,
    keeps_billing_before_accepted=False,  # B02.FR.09 wants the SecurityError
    events=_EVENTS,
    responses=_RESPONSES,
    commands=v201_commands.COMMANDS,
    refuses=v201_commands.unsupported_reason,
    triggers=frozenset({"TriggerMessage"}),
    invites={
        # G03.FR.04, G04.FR.05: a changed availability is reported as a status, or as an event of the variable
        "ChangeAvailability": ("StatusNotification", "NotifyEvent"),
        "ReserveNow": ("StatusNotification", "NotifyEvent"),
        "CancelReservation": ("StatusNotification", "NotifyEvent", "ReservationStatusUpdate"),
        # OCPP 2.0.1 part 2 FR.05: the messages that bring the result of these requests
        "GetReport": ("NotifyReport",),
        "GetBaseReport": ("NotifyReport",),
        "GetMonitoringReport": ("NotifyMonitoringReport",),
        "GetDisplayMessages": ("NotifyDisplayMessages",),
        "CustomerInformation": ("NotifyCustomerInformation",),
        "GetChargingProfiles": ("ReportChargingProfiles",),
        "GetLog": ("LogStatusNotification",),
        "UpdateFirmware": ("FirmwareStatusNotification",),
        "PublishFirmware": ("PublishFirmwareStatusNotification",),
    },
    # Security events are among them: their delivery is guaranteed (A04.FR.02).
    billing=frozenset({"TransactionEvent", "MeterValues", "SecurityEventNotification"}),
)
V21 = replace(
    V201,
    version=OcppVersion.V21,
    invites={**V201.invites, "GetDERControl": ("ReportDERControl",), "RequestBatterySwap": ("BatterySwap",)},
)
