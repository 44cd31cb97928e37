"""OCPP 1.6: commands to CALLs, and what the station answered."""

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
from ocppj.model.variables import ReportedVariable
from ocppj.translator import WireCall
from ocppj.v16 import convert
from ocppj.vocabulary import LocalListUpdate, VariableRef

NO_KEY = "UnknownVariable"
"""Status of a variable for which 1.6 has no configuration key: known here, so the station is not asked."""


def unsupported_reason(command: Command) -> str | None:
    """Why 1.6 cannot be asked this; None: it can."""
    match command:
        case GetBaseReport():
            return (
                "OCPP 1.6 has no GetBaseReport: read the configuration with GetVariables without references"
            )
        case Reset(evse_id=evse_id) if evse_id:
            return "OCPP 1.6 restarts the whole station, not one EVSE"
        case TriggerMessage(message=message) if convert.trigger_to_v16(message) is None:
            return f"OCPP 1.6 has no {message.value} to trigger"
        case RemoteStop(transaction_id=transaction_id) if not _is_number(transaction_id):
            return f"OCPP 1.6 numbers transactions; {transaction_id[:36]!r} is no number"
        case SendLocalList(version=0, update=update, entries=entries) if (
            entries or update is not LocalListUpdate.FULL
        ):
            # 1.6 §5.10. The errata (§3.52) keep 0 out of SendLocalList; stations know it all the same.
            return "version 0 is the empty list: send it as a full update without entries"
        case _:
            return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()


# --- Commands → CALLs -------------------------------------------------------------------------------------


def _reset(c: Reset) -> list[WireCall]:
    return [WireCall("Reset", {"type": convert.reset_to_v16(c.kind)})]


def _change_availability(c: ChangeAvailability) -> list[WireCall]:
    connector_id = convert.connector_to_v16(c.evse_id)
    payload = {"connectorId": connector_id, "type": c.availability.value}
    return [WireCall("ChangeAvailability", payload)]


def _unlock(c: UnlockConnector) -> list[WireCall]:
    return [WireCall("UnlockConnector", {"connectorId": convert.connector_to_v16(c.evse_id)})]


def _trigger(c: TriggerMessage) -> list[WireCall]:
    payload: dict[str, Any] = {"requestedMessage": convert.trigger_to_v16(c.message)}
    if c.evse_id is not None:
        payload["connectorId"] = convert.connector_to_v16(c.evse_id)
    return [WireCall("TriggerMessage", payload)]


def _get_variables(c: GetVariables) -> list[WireCall]:
    keys = [key for key in map(convert.variable_to_v16, c.refs) if key is not None]
    if c.refs and not keys:
        return []
    return [WireCall("GetConfiguration", {"key": keys} if keys else {})]


def _set_variables(c: SetVariables) -> list[WireCall]:
    pairs = ((convert.variable_to_v16(a.ref), a.value) for a in c.assignments)
    return [
        WireCall("ChangeConfiguration", {"key": key, "value": value})
        for key, value in pairs
        if key is not None
    ]


def _remote_start(c: RemoteStart) -> list[WireCall]:
    payload: dict[str, Any] = {"idTag": convert.id_token_to_v16(c.id_token)}
    if c.evse_id is not None:
        payload["connectorId"] = convert.connector_to_v16(c.evse_id)
    return [WireCall("RemoteStartTransaction", payload)]


def _remote_stop(c: RemoteStop) -> list[WireCall]:
    payload = {"transactionId": convert.transaction_id_to_v16(c.transaction_id)}
    return [WireCall("RemoteStopTransaction", payload)]


def _send_local_list(c: SendLocalList) -> list[WireCall]:
    entries = [convert.local_list_entry_to_v16(entry) for entry in c.entries]
    payload: dict[str, Any] = {"listVersion": c.version, "updateType": c.update.value}
    if entries:
        payload["localAuthorizationList"] = entries
    return [WireCall("SendLocalList", payload)]


# --- Responses → answers ----------------------------------------------------------------------------------

_AGREED = frozenset({"Accepted", "Scheduled", "Unlocked", "RebootRequired"})


def _status(command: Command, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    status = str(responses[0].status)
    return CommandAnswer(status, status in _AGREED)


def _data(command: Command, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    status = str(responses[0].status)
    return CommandAnswer(status, status == "Accepted", text=responses[0].data)


def _version(command: Command, responses: list[Any]) -> CommandAnswer:  # noqa: ARG001 - table
    version = responses[0].list_version
    return CommandAnswer("Accepted", version >= 0, local_list_version=version)


def _set_results(command: SetVariables, responses: list[Any]) -> CommandAnswer:
    statuses = iter(str(response.status) for response in responses)
    results = tuple(
        VariableResult(a.ref, next(statuses) if convert.variable_to_v16(a.ref) is not None else NO_KEY)
        for a in command.assignments
    )
    return _summary(results)


def _get_results(command: GetVariables, responses: list[Any]) -> CommandAnswer:
    keys = [entry for response in responses for entry in response.configuration_key or ()]
    found = {entry.key.casefold(): entry for entry in keys}
    inventory = tuple(
        ReportedVariable(convert.variable_from_v16(entry.key), entry.value, entry.readonly) for entry in keys
    )
    refs = command.refs or tuple(variable.ref for variable in inventory)
    results = tuple(_read_result(ref, found) for ref in refs)
    return CommandAnswer(*_verdict(results), variables=results, inventory=inventory)


def _read_result(ref: VariableRef, found: dict[str, Any]) -> VariableResult:
    key = convert.variable_to_v16(ref)
    entry = found.get(key.casefold()) if key is not None else None
    if entry is None:
        return VariableResult(ref, NO_KEY)
    return VariableResult(ref, "Accepted", entry.value, entry.readonly)


def _summary(results: tuple[VariableResult, ...]) -> CommandAnswer:
    return CommandAnswer(*_verdict(results), variables=results)


def _verdict(results: tuple[VariableResult, ...]) -> tuple[str, bool]:
    """(status, whether all agreed): Accepted, or the first that is not."""
    refused = next((result.status for result in results if not result.is_accepted), None)
    return (refused or "Accepted", refused is None)


COMMANDS: dict[type[Command], CommandWords] = {
    Reset: CommandWords(_reset, _status),
    ChangeAvailability: CommandWords(_change_availability, _status),
    UnlockConnector: CommandWords(_unlock, _status),
    TriggerMessage: CommandWords(_trigger, _status),
    GetVariables: CommandWords(_get_variables, _get_results),
    SetVariables: CommandWords(_set_variables, _set_results),
    RemoteStart: CommandWords(_remote_start, _status),
    RemoteStop: CommandWords(_remote_stop, _status),
    SendLocalList: CommandWords(_send_local_list, _status),
    GetLocalListVersion: CommandWords(alike.list_version, _version),
    TransferData: CommandWords(alike.transfer, _data),
}
