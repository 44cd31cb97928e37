"""OCPP 2.0.1 and 2.1: commands to CALLs, and what the station answered."""

import json
from typing import Any

from csms.dialects import alike
from csms.dialects.dialect import CommandWords
from csms.domain.commands import (
    ChangeAvailability,
    Command,
    CommandAnswer,
    GetBaseReport,
    GetLocalListVersion,
    GetVariables,
    RemoteStart,
    RemoteStop,
    Reset,
    SendLocalList,
    SetVariables,
    TransferData,
    TriggerMessage,
    UnlockConnector,
    VariableResult,
)
from ocppj.translator import WireCall
from ocppj.v2x import convert
from ocppj.vocabulary import TriggeredMessage


def unsupported_reason(command: Command) -> str | None:
    """Why 2.x cannot be asked this; None: it can."""
    match command:
        case GetVariables(refs=()):
            return "OCPP 2.x reads named variables; ask for all of them with GetBaseReport"
        case SetVariables(assignments=()):
            return "there is nothing to set"
        case SetVariables(assignments=assignments) if len({a.ref for a in assignments}) < len(assignments):
            return "OCPP 2.x sets a variable once in a message"  # B05.FR.13
        case TriggerMessage(message=TriggeredMessage.STATUS_NOTIFICATION, evse_id=None):
            return "OCPP 2.x asks for the status of one connector: say which EVSE"  # F06.FR.13
        case SendLocalList(version=0):
            return "OCPP 2.x has no list version 0: empty a list with any greater one"  # D01.FR.18
        case _:
            return None


def json_text(value: Any) -> str | None:
    """Any JSON value as text: a string as it is, everything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- Commands → CALLs -------------------------------------------------------------------------------------


def _reset(c: Reset) -> list[WireCall]:
    payload: dict[str, Any] = {"type": c.kind.value}
    if c.evse_id:
        payload["evseId"] = c.evse_id
    return [WireCall("Reset", payload)]


def _change_availability(c: ChangeAvailability) -> list[WireCall]:
    payload: dict[str, Any] = {"operationalStatus": c.availability.value}
    if c.evse_id:  # OCPP 2.0.1 G04: the whole station is addressed by leaving the EVSE out
        payload["evse"] = convert.evse_to_v2x(c.evse_id, c.connector_id)
    return [WireCall("ChangeAvailability", payload)]


def _unlock(c: UnlockConnector) -> list[WireCall]:
    return [WireCall("UnlockConnector", {"evseId": c.evse_id, "connectorId": c.connector_id})]


def _trigger(c: TriggerMessage) -> list[WireCall]:
    payload: dict[str, Any] = {"requestedMessage": convert.trigger_to_v2x(c.message)}
    if c.evse_id is not None:
        is_status = c.message is TriggeredMessage.STATUS_NOTIFICATION
        connector_id = 1 if is_status and c.connector_id is None else c.connector_id  # F06.FR.13
        payload["evse"] = convert.evse_to_v2x(c.evse_id, connector_id)
    return [WireCall("TriggerMessage", payload)]


def _get_variables(c: GetVariables) -> list[WireCall]:
    entries = [convert.variable_to_v2x(ref) for ref in c.refs]
    return [WireCall("GetVariables", {"getVariableData": entries})]


def _set_variables(c: SetVariables) -> list[WireCall]:
    entries = [convert.variable_to_v2x(a.ref) | {"attributeValue": a.value} for a in c.assignments]
    return [WireCall("SetVariables", {"setVariableData": entries})]


def _base_report(c: GetBaseReport) -> list[WireCall]:
    return [WireCall("GetBaseReport", {"requestId": c.request_id, "reportBase": "FullInventory"})]


def _remote_start(c: RemoteStart) -> list[WireCall]:
    payload: dict[str, Any] = {
        "idToken": convert.id_token_to_v2x(c.id_token),
        "remoteStartId": c.remote_start_id,
    }
    if c.evse_id is not None:
        payload["evseId"] = c.evse_id
    return [WireCall("RequestStartTransaction", payload)]


def _remote_stop(c: RemoteStop) -> list[WireCall]:
    return [WireCall("RequestStopTransaction", {"transactionId": c.transaction_id})]


def _send_local_list(c: SendLocalList) -> list[WireCall]:
    payload: dict[str, Any] = {"versionNumber": c.version, "updateType": c.update.value}
    if c.entries:
        payload["localAuthorizationList"] = [convert.local_list_entry_to_v2x(e) for e in c.entries]
    return [WireCall("SendLocalList", payload)]


# --- Responses → answers ----------------------------------------------------------------------------------

_AGREED = frozenset({"Accepted", "Scheduled", "Unlocked"})


def _reason(status_info: Any) -> str | None:
    if status_info is None:
        return None
    parts = (status_info.reason_code, status_info.additional_info)
    return ": ".join(part for part in parts if part) or None


def _status(command: Command, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    response = responses[0]
    status = str(response.status)
    return CommandAnswer(status, status in _AGREED, _reason(response.status_info))


def _data(command: Command, responses: list[Any]) -> CommandAnswer:
    text = json_text(responses[0].data)
    answer_ = _status(command, responses)
    return CommandAnswer(answer_.status, answer_.is_accepted, answer_.reason, text=text)


def _version(command: Command, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    return CommandAnswer("Accepted", True, local_list_version=responses[0].version_number)  # noqa: FBT003


def _set_results(command: SetVariables, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    results = tuple(
        VariableResult(
            convert.variable_from_v2x(entry.component, entry.variable), str(entry.attribute_status)
        )
        for entry in responses[0].set_variable_result
    )
    reasons = (_reason(entry.attribute_status_info) for entry in responses[0].set_variable_result)
    return _summary(results, next(filter(None, reasons), None))


def _get_results(command: GetVariables, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    results = tuple(
        VariableResult(
            convert.variable_from_v2x(entry.component, entry.variable),
            str(entry.attribute_status),
            entry.attribute_value,
        )
        for entry in responses[0].get_variable_result
    )
    return _summary(results, None)


def _summary(results: tuple[VariableResult, ...], reason: str | None) -> CommandAnswer:
    """Accepted, or the first status that is not."""
    refused = next((result.status for result in results if not result.is_accepted), None)
    return CommandAnswer(refused or "Accepted", refused is None, reason, variables=results)


COMMANDS: dict[type[Command], CommandWords] = {
    Reset: CommandWords(_reset, _status),
    ChangeAvailability: CommandWords(_change_availability, _status),
    UnlockConnector: CommandWords(_unlock, _status),
    TriggerMessage: CommandWords(_trigger, _status),
    GetVariables: CommandWords(_get_variables, _get_results),
    SetVariables: CommandWords(_set_variables, _set_results),
    GetBaseReport: CommandWords(_base_report, _status),
    RemoteStart: CommandWords(_remote_start, _status),
    RemoteStop: CommandWords(_remote_stop, _status),
    SendLocalList: CommandWords(_send_local_list, _status),
    GetLocalListVersion: CommandWords(alike.list_version, _version),
    TransferData: CommandWords(alike.transfer, _data),
}
