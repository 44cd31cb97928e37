"""OCPP 1.6: what the central system asks, and how the station answers."""

from collections.abc import Callable, Mapping
from typing import Any

from ocppj.v16 import convert
from ocppj.vocabulary import (
    CONFIGURATION_KEY_COMPONENT,
    Availability,
    LocalListUpdate,
    VariableRef,
)
from simulator import commands as asked
from simulator.commands import Answer, Command
from simulator.dialects import alike

SECRET_KEY = "authorizationkey"  # noqa: S105 - the name of the key, not its value


# --- Requests → commands ----------------------------------------------------------------------------------


def _reset(m: Any) -> Command:
    return asked.Reset(convert.reset_from_v16(m.type))


def _availability(m: Any) -> Command:
    evse_id, _ = convert.connector_from_v16(m.connector_id)
    return asked.ChangeAvailability(Availability(m.type), evse_id)


def _unlock(m: Any) -> Command:
    return asked.UnlockConnector(*convert.connector_from_v16(m.connector_id))


def _trigger(m: Any) -> Command:
    evse_id = convert.connector_from_v16(m.connector_id)[0] if m.connector_id is not None else None
    return asked.Trigger(convert.trigger_from_v16(m.requested_message), evse_id)


def _get_configuration(m: Any) -> Command:
    return asked.ReadVariables(
        tuple(asked.VariableAsked(convert.variable_from_v16(key)) for key in m.key or ())
    )


def _change_configuration(m: Any) -> Command:
    value = m.value
    if m.key.lower() == SECRET_KEY:
        value = _password_text(value)
    return asked.WriteVariables((asked.Assignment(convert.variable_from_v16(m.key), value),))


def _password_text(value: str) -> str:
    """The key's bytes as the store keeps passwords, one character each.

    1.6 security whitepaper §2.4.1: AuthorizationKey is 16 to 20 bytes, written in hexadecimal. Anything else
    becomes a text that is too short, which the store refuses.
    """
    try:
        key = bytes.fromhex(value)
    except ValueError:
        return ""
    return key.decode("latin-1") if len(key) <= 20 else ""


def _remote_start(m: Any) -> Command:
    evse_id = convert.connector_from_v16(m.connector_id)[0] if m.connector_id is not None else None
    return asked.RemoteStart(convert.id_token_from_v16(m.id_tag), None, evse_id)


def _send_list(m: Any) -> Command:
    entries = tuple(convert.local_list_entry_from_v16(entry) for entry in m.local_authorization_list or ())
    return asked.UpdateLocalList(m.list_version, LocalListUpdate(m.update_type), entries)


def _transfer(m: Any) -> Command:
    return asked.ReceiveTransfer(m.vendor_id, m.message_id, m.data)


COMMANDS: Mapping[str, Callable[[Any], Command]] = {
    **alike.COMMANDS,
    "Reset": _reset,
    "ChangeAvailability": _availability,
    "UnlockConnector": _unlock,
    "TriggerMessage": _trigger,
    "GetConfiguration": _get_configuration,
    "ChangeConfiguration": _change_configuration,
    "RemoteStartTransaction": _remote_start,
    "RemoteStopTransaction": alike.remote_stop,
    "SendLocalList": _send_list,
    "DataTransfer": _transfer,
}


# --- Answers → responses ----------------------------------------------------------------------------------

_RESET = {"Scheduled": "Accepted"}
_UNLOCK = {"UnknownConnector": "NotSupported", "OngoingAuthorizedTransaction": "UnlockFailed"}
_SET = {"UnknownVariable": "NotSupported", "UnknownComponent": "NotSupported"}


def _status(words: Mapping[str, str]) -> Callable[[Answer], dict[str, Any]]:
    return lambda answer: {"status": words.get(answer.status, answer.status)}


def _configuration(answer: Answer) -> dict[str, Any]:
    known, unknown = [], []
    for found in answer.variables:
        key = _key_of(found.ref)
        if found.status.startswith("Unknown"):
            unknown.append(key)
            continue
        entry: dict[str, Any] = {"key": key, "readonly": found.is_read_only}
        if found.value is not None:
            entry["value"] = found.value[:500]
        known.append(entry)
    return {"configurationKey": known} | ({"unknownKey": unknown} if unknown else {})


def _key_of(ref: VariableRef) -> str:
    if ref.component == CONFIGURATION_KEY_COMPONENT:
        return ref.variable
    return convert.variable_to_v16(ref) or ref.variable


def _change(answer: Answer) -> dict[str, Any]:
    status = answer.variables[0].status
    return {"status": _SET.get(status, status)}


def _version(answer: Answer) -> dict[str, Any]:
    return {"listVersion": answer.version if answer.version is not None else -1}


RESPONSES: Mapping[type[Any], Callable[[Answer], dict[str, Any]]] = {
    asked.Reset: _status(_RESET),
    asked.UnlockConnector: _status(_UNLOCK),
    asked.ReadVariables: _configuration,
    asked.WriteVariables: _change,
    asked.ReadListVersion: _version,
}
