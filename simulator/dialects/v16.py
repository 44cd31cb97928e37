"""A station that speaks OCPP 1.6 (with the security extension)."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ocppj.timestamps import time_to_wire
from ocppj.v16 import convert
from ocppj.versions import OcppVersion
from ocppj.vocabulary import TransactionEventKind, VariableRef
from simulator import messages as told
from simulator.dialects import alike, v16_commands
from simulator.dialects.dialect import Dialect, Habits, WireCall, Words
from simulator.template import StationIdentity, StationTemplate
from simulator.variables import Kind, Mutability, Variable

UNKNOWN_TRANSACTION = -1
"""For a transaction whose start was never answered: 1.6 leaves it open, stations send -1 (quirk 36)."""


def variables_v16(template: StationTemplate) -> Iterator[Variable]:
    """The 1.6 keys without a standard variable (§9)."""
    yield _key("NumberOfConnectors", str(len(template.evses)))
    yield _key("SupportedFeatureProfiles", "Core,LocalAuthListManagement,RemoteTrigger", Mutability.READ_ONLY)
    yield _key("LocalAuthListMaxLength", str(template.list_entries))
    yield _key("ConnectorPhaseRotation", "NotApplicable", Mutability.READ_WRITE)
    yield _key("BlinkRepeat", "3", Mutability.READ_WRITE, Kind.INTEGER)
    yield _key("LightIntensity", "80", Mutability.READ_WRITE, Kind.INTEGER)
    if template.shows_price:
        yield _key("CustomDisplayCostAndPrice", "true", Mutability.READ_ONLY, Kind.BOOLEAN)
        yield _key("DefaultPrice", "", Mutability.READ_WRITE)
        yield _key("DefaultPriceText", "", Mutability.READ_WRITE)


def _key(
    name: str, value: str, mutability: Mutability = Mutability.READ_ONLY, kind: Kind = Kind.STRING
) -> Variable:
    longest = 500 if kind is Kind.STRING else None
    return Variable(
        ref=convert.variable_from_v16(name), value=value, kind=kind, mutability=mutability, maximum=longest
    )


# --- Messages → requests ----------------------------------------------------------------------------------


def _booted(m: told.Booted, who: StationIdentity) -> WireCall:  # noqa: ARG001 - 1.6 tells no reason
    payload = {
        "chargePointVendor": who.vendor[:20],
        "chargePointModel": who.model[:20],
        "chargePointSerialNumber": who.serial[:25],
        "firmwareVersion": who.firmware[:50],
    }
    return WireCall("BootNotification", payload)


def _status(m: told.StatusReport) -> WireCall:
    payload: dict[str, Any] = {
        "connectorId": convert.connector_to_v16(m.evse_id),
        "errorCode": _error_code(m.error),
        "status": convert.status_to_v16(m.status, m.charging_state),
        "timestamp": time_to_wire(m.at),
    }
    if m.error is not None and payload["errorCode"] == "OtherError":
        payload["info"] = m.error[:50]
    return WireCall("StatusNotification", payload)


def _authorize(m: told.AuthorizationAsked) -> WireCall:
    return WireCall("Authorize", {"idTag": convert.id_token_to_v16(m.id_token)})


def _transaction(m: told.TransactionReport) -> WireCall | None:
    match m.kind:
        case TransactionEventKind.STARTED:
            return WireCall(
                "StartTransaction",
                {
                    "connectorId": convert.connector_to_v16(m.evse_id),
                    "idTag": convert.id_token_to_v16(m.id_token) if m.id_token else "",
                    "meterStart": round(m.meter_wh),
                    "timestamp": time_to_wire(m.at),
                },
            )
        case TransactionEventKind.UPDATED if not m.samples:
            return None  # 1.6 tells these changes with StatusNotification
        case TransactionEventKind.UPDATED:
            payload = {
                "connectorId": convert.connector_to_v16(m.evse_id),
                "meterValue": convert.samples_to_v16(m.samples),
            }
            return WireCall("MeterValues", payload | _transaction_id(m.csms_id))
        case TransactionEventKind.ENDED:
            return _stopped(m)


def _stopped(m: told.TransactionReport) -> WireCall:
    payload: dict[str, Any] = {
        "meterStop": round(m.meter_wh),
        "timestamp": time_to_wire(m.at),
        "reason": convert.stopped_reason_to_v16(m.stopped_reason or "Local"),
    }
    if m.id_token is not None:
        payload["idTag"] = convert.id_token_to_v16(m.id_token)
    if m.samples:
        payload["transactionData"] = convert.samples_to_v16(m.samples)
    return WireCall("StopTransaction", payload | _transaction_id(m.csms_id))


def _transaction_id(csms_id: str | None) -> dict[str, Any]:
    """Unknown as long as the start was not answered: `completed` fills it in before it is sent."""
    return {"transactionId": convert.transaction_id_to_v16(csms_id) if csms_id else UNKNOWN_TRANSACTION}


def _meter(m: told.MeterReport) -> WireCall:
    payload: dict[str, Any] = {
        "connectorId": convert.connector_to_v16(m.evse_id),
        "meterValue": convert.samples_to_v16(m.samples),
    }
    if m.csms_id is not None:
        payload["transactionId"] = convert.transaction_id_to_v16(m.csms_id)
    return WireCall("MeterValues", payload)


def _log(m: told.LogReport) -> WireCall:
    return WireCall("DiagnosticsStatusNotification", {"status": m.status})


_REQUESTS: Mapping[type[Any], Callable[[Any], WireCall | None]] = {
    **alike.REQUESTS,
    told.StatusReport: _status,
    told.AuthorizationAsked: _authorize,
    told.TransactionReport: _transaction,
    told.MeterReport: _meter,
    told.LogReport: _log,
}

_ERROR_CODES = frozenset(
    (
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


def _error_code(error: str | None) -> str:
    """ChargePointErrorCode (1.6 §7.6); one that it does not have is told in `info`."""
    if error is None:
        return "NoError"
    return error if error in _ERROR_CODES else "OtherError"


def _completed(call: WireCall, csms_id: str | None) -> WireCall:
    """Fill in the transaction id that came with the answer to StartTransaction."""
    if "transactionId" not in call.payload:
        return call
    number = convert.transaction_id_to_v16(csms_id) if csms_id is not None else UNKNOWN_TRANSACTION
    return WireCall(call.action, call.payload | {"transactionId": number})


def _status_words(m: told.StatusReport) -> tuple[str, str | None]:
    """One of the nine, and the error code."""
    return convert.status_to_v16(m.status, m.charging_state), m.error


def _shows(ref: VariableRef) -> bool:
    """Variables with a configuration key."""
    return ref.evse_id is None and convert.variable_to_v16(ref) is not None


# --- Responses → replies ----------------------------------------------------------------------------------


def _verdict(response: Any) -> told.Reply:
    info = response.id_tag_info
    return told.Verdict(convert.id_token_info_from_v16(info) if info is not None else None)


def _numbered(response: Any) -> told.Reply:
    info = convert.id_token_info_from_v16(response.id_tag_info)
    return told.Verdict(info, str(response.transaction_id))


V16 = Words(
    version=OcppVersion.V16,
    habits=Habits(
        waits_for_idle=False,
        unlock_ends_transaction=True,
        boots_on_trigger=True,
        is_silent_when_rejected=True,
        reports_whole_station=True,
        empty_list_has_version=False,
        takes_list_version_zero=True,
        triggered_measurands=("SampledDataCtrlr", "TxUpdatedMeasurands"),
        ended_interval=("SampledDataCtrlr", "TxUpdatedInterval"),
        ended_aligned_interval=("AlignedDataCtrlr", "Interval"),
        fixed_points=(("PowerPathClosed",), ("Authorized",)),
    ),
    booted=_booted,
    requests=_REQUESTS,
    completed=_completed,
    replies={
        "BootNotification": alike.registered,
        "Authorize": _verdict,
        "StartTransaction": _numbered,
        "StopTransaction": _verdict,
    },
    status_words=_status_words,
    commands=v16_commands.COMMANDS,
    responses=v16_commands.RESPONSES,
    shows=_shows,
)
V16Dialect = partial(Dialect, V16)
