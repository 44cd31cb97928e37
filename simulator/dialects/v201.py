"""A station that speaks OCPP 2.0.1."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ocppj.timestamps import time_to_wire
from ocppj.v2x import convert
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    CONFIGURATION_KEY_COMPONENT,
    ChargingState,
    ConnectorStatus,
    VariableRef,
)
from simulator import messages as told
from simulator.dialects import alike, v201_commands
from simulator.dialects.dialect import Dialect, Habits, WireCall, Words
from simulator.template import StationIdentity, StationTemplate
from simulator.transaction_points import TRANSACTION_POINTS
from simulator.variables import Kind, Mutability, Variable


def variables_v201(template: StationTemplate) -> Iterator[Variable]:
    """What 2.0.1 asks of every station beyond the usual ones: none that 1.6 would not show as well."""
    yield Variable(
        ref=VariableRef("ChargingStation", "SupplyPhases"),
        value=str(max(evse.phases for evse in template.evses)),
        kind=Kind.INTEGER,
        mutability=Mutability.READ_ONLY,
    )
    for name in ("TxStartPoint", "TxStopPoint"):
        yield Variable(
            ref=VariableRef("TxCtrlr", name),
            value="PowerPathClosed",
            kind=Kind.MEMBER_LIST,
            options=TRANSACTION_POINTS,
            minimum=1,
        )
    for component in ("SampledDataCtrlr", "AlignedDataCtrlr"):
        yield Variable(
            ref=VariableRef(component, "TxEndedInterval"),
            value="0",
            kind=Kind.INTEGER,
            unit="s",
            minimum=0,
            maximum=86_400,
        )
    yield Variable(
        ref=VariableRef("ClockCtrlr", "DateTime"), kind=Kind.DATE_TIME, mutability=Mutability.READ_ONLY
    )


# --- Messages → requests ----------------------------------------------------------------------------------


def _booted(m: told.Booted, who: StationIdentity) -> WireCall:
    station = {
        "vendorName": who.vendor[:50],
        "model": who.model[:20],
        "serialNumber": who.serial[:25],
        "firmwareVersion": who.firmware[:50],
    }
    payload = {"reason": convert.boot_reason_to_v2x(m.reason), "chargingStation": station}
    return WireCall("BootNotification", payload)


def _status_word(m: told.StatusReport) -> str:
    """A driver who was authorized and has not plugged in yet does not occupy the connector (2.0.1 B04)."""
    is_only_authorized = m.status is ConnectorStatus.OCCUPIED and not m.is_plugged
    return convert.status_to_v2x(ConnectorStatus.AVAILABLE if is_only_authorized else m.status)


def _status(m: told.StatusReport) -> WireCall | None:
    if m.evse_id == 0:
        return None  # 2.0.1 has no status of the whole station
    payload = {
        "timestamp": time_to_wire(m.at),
        "connectorStatus": _status_word(m),
        "evseId": m.evse_id,
        "connectorId": m.connector_id,
    }
    return WireCall("StatusNotification", payload)


def _authorize(m: told.AuthorizationAsked) -> WireCall:
    return WireCall("Authorize", {"idToken": convert.id_token_to_v2x(m.id_token)})


def _transaction(m: told.TransactionReport) -> WireCall:
    about: dict[str, Any] = {"transactionId": m.transaction_id}
    state = convert.charging_state_to_v2x(m.charging_state)
    optional = {"chargingState": state, "stoppedReason": m.stopped_reason, "remoteStartId": m.remote_start_id}
    about |= {key: value for key, value in optional.items() if value is not None}
    payload: dict[str, Any] = {
        "eventType": m.kind.value,
        "timestamp": time_to_wire(m.at),
        "triggerReason": m.trigger,
        "seqNo": m.seq_no,
        "transactionInfo": about,
    }
    if m.tells_place:
        payload["evse"] = convert.evse_to_v2x(m.evse_id, m.connector_id)
    if m.charging_state is ChargingState.CHARGING:
        payload["numberOfPhasesUsed"] = m.phases  # E02.FR.18, E03.FR.13: once energy flows
    if m.is_offline:
        payload["offline"] = True
    if m.id_token is not None:
        payload["idToken"] = convert.id_token_to_v2x(m.id_token)
    if m.samples:
        payload["meterValue"] = convert.samples_to_v2x(m.samples)
    return WireCall("TransactionEvent", payload)


def _meter(m: told.MeterReport) -> WireCall:
    payload = {"evseId": m.evse_id, "meterValue": convert.samples_to_v2x(m.samples)}
    return WireCall("MeterValues", payload)


def _inventory(m: told.InventoryPart) -> WireCall:
    payload: dict[str, Any] = {
        "requestId": m.request_id,
        "generatedAt": time_to_wire(m.at),
        "seqNo": m.seq_no,
        "tbc": not m.is_last,
    }
    if m.variables:
        payload["reportData"] = [_reported(variable, value) for variable, value in m.variables]
    return WireCall("NotifyReport", payload)


def _reported(variable: Variable, value: str | None) -> dict[str, Any]:
    attribute: dict[str, Any] = {"mutability": variable.mutability.value, "persistent": True}
    if value is not None and variable.mutability is not Mutability.WRITE_ONLY:
        attribute["value"] = value
    least = variable.minimum if variable.kind is not Kind.MEMBER_LIST else None  # of a list: how many words
    limits = {"minLimit": least, "maxLimit": variable.maximum, "unit": variable.unit}
    character: dict[str, Any] = {"dataType": variable.kind.value, "supportsMonitoring": False}
    character |= {key: limit for key, limit in limits.items() if limit is not None}
    if variable.options:
        character["valuesList"] = ",".join(variable.options)
    return convert.variable_to_v2x(variable.ref) | {
        "variableAttribute": [attribute],
        "variableCharacteristics": character,
    }


def _log(m: told.LogReport) -> WireCall:
    return WireCall("LogStatusNotification", {"status": m.status})


_REQUESTS: Mapping[type[Any], Callable[[Any], WireCall | None]] = {
    **alike.REQUESTS,
    told.StatusReport: _status,
    told.AuthorizationAsked: _authorize,
    told.TransactionReport: _transaction,
    told.MeterReport: _meter,
    told.InventoryPart: _inventory,
    told.LogReport: _log,
}


def _completed(call: WireCall, csms_id: str | None) -> WireCall:  # noqa: ARG001 - table
    """The station itself names its transactions."""
    return call


def _status_words(m: told.StatusReport) -> tuple[str, str | None]:
    """One of the five."""
    return _status_word(m), None


def _shows(ref: VariableRef) -> bool:
    """Everything but 1.6's own keys."""
    return ref.component != CONFIGURATION_KEY_COMPONENT


# --- Responses → replies ----------------------------------------------------------------------------------


def _verdict(response: Any) -> told.Reply:
    info = response.id_token_info
    return told.Verdict(convert.id_token_info_from_v2x(info) if info is not None else None)


V201 = Words(
    version=OcppVersion.V201,
    habits=Habits(
        waits_for_idle=True,
        unlock_ends_transaction=False,
        boots_on_trigger=False,
        is_silent_when_rejected=False,
        reports_whole_station=False,
        empty_list_has_version=True,
        takes_list_version_zero=False,
        triggered_measurands=("AlignedDataCtrlr", "Measurands"),
        ended_interval=("SampledDataCtrlr", "TxEndedInterval"),
        ended_aligned_interval=("AlignedDataCtrlr", "TxEndedInterval"),
        fixed_points=None,
    ),
    booted=_booted,
    requests=_REQUESTS,
    completed=_completed,
    replies={
        "BootNotification": alike.registered,
        "Authorize": _verdict,
        "TransactionEvent": _verdict,
    },
    status_words=_status_words,
    commands=v201_commands.COMMANDS,
    responses=v201_commands.RESPONSES,
    shows=_shows,
)
V201Dialect = partial(Dialect, V201)
