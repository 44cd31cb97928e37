"""OCPP 2.0.1: what the CSMS asks, and how the station answers."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ocppj.v2x import convert
from ocppj.vocabulary import Availability, LocalListUpdate, ResetKind
from simulator import commands as asked
from simulator.commands import ACTUAL, Answer, Command, VariableAnswer
from simulator.dialects import alike
from simulator.inventory import SECRET

# --- Requests → commands ----------------------------------------------------------------------------------


def _reset(m: Any) -> Command:
    return asked.Reset(ResetKind(m.type), m.evse_id)


def _availability(m: Any) -> Command:
    evse = m.evse
    evse_id, connector_id = (evse.id, evse.connector_id) if evse is not None else (0, None)
    return asked.ChangeAvailability(Availability(m.operational_status), evse_id, connector_id)


def _unlock(m: Any) -> Command:
    return asked.UnlockConnector(m.evse_id, m.connector_id)


def _trigger(m: Any) -> Command:
    evse_id, connector_id = (m.evse.id, m.evse.connector_id) if m.evse is not None else (None, None)
    return asked.Trigger(convert.trigger_from_v2x(m.requested_message), evse_id, connector_id)


def _get_variables(m: Any) -> Command:
    return asked.ReadVariables(
        tuple(
            asked.VariableAsked(
                convert.variable_from_v2x(entry.component, entry.variable), entry.attribute_type or ACTUAL
            )
            for entry in m.get_variable_data
        )
    )


def _set_variables(m: Any) -> Command:
    return asked.WriteVariables(tuple(_assignment(entry) for entry in m.set_variable_data))


def _assignment(entry: Any) -> asked.Assignment:
    ref = convert.variable_from_v2x(entry.component, entry.variable)
    value = entry.attribute_value
    if (ref.component.lower(), ref.variable.lower()) == (SECRET.component.lower(), SECRET.variable.lower()):
        value = value.encode().decode("latin-1")  # the store keeps a password's bytes, one character each
    return asked.Assignment(ref, value, entry.attribute_type or ACTUAL)


def _base_report(m: Any) -> Command:
    return asked.ReportInventory(m.request_id, m.report_base)


def _remote_start(m: Any) -> Command:
    return asked.RemoteStart(convert.id_token_from_v2x(m.id_token), m.remote_start_id, m.evse_id)


def _send_list(m: Any) -> Command:
    entries = tuple(convert.local_list_entry_from_v2x(entry) for entry in m.local_authorization_list or ())
    return asked.UpdateLocalList(m.version_number, LocalListUpdate(m.update_type), entries)


def _transfer(m: Any) -> Command:
    text = m.data if m.data is None or isinstance(m.data, str) else json.dumps(m.data, ensure_ascii=False)
    return asked.ReceiveTransfer(m.vendor_id, m.message_id, text)


COMMANDS: Mapping[str, Callable[[Any], Command]] = {
    **alike.COMMANDS,
    "Reset": _reset,
    "ChangeAvailability": _availability,
    "UnlockConnector": _unlock,
    "TriggerMessage": _trigger,
    "GetVariables": _get_variables,
    "SetVariables": _set_variables,
    "GetBaseReport": _base_report,
    "RequestStartTransaction": _remote_start,
    "RequestStopTransaction": alike.remote_stop,
    "SendLocalList": _send_list,
    "DataTransfer": _transfer,
}


# --- Answers → responses ----------------------------------------------------------------------------------


def _started(answer: Answer) -> dict[str, Any]:
    known = {"transactionId": answer.transaction_id} if answer.transaction_id is not None else {}
    return {"status": answer.status} | known


def _got(answer: Answer) -> dict[str, Any]:
    results = []
    for found in answer.variables:
        result = _result(found)
        if found.status == "Accepted":
            result["attributeValue"] = found.value or ""
        results.append(result)
    return {"getVariableResult": results}


def _set(answer: Answer) -> dict[str, Any]:
    return {"setVariableResult": [_result(found) for found in answer.variables]}


def _result(found: VariableAnswer) -> dict[str, Any]:
    about = {"attributeStatus": found.status, "attributeType": found.attribute}
    return about | convert.variable_to_v2x(found.ref)


def _version(answer: Answer) -> dict[str, Any]:
    return {"versionNumber": answer.version or 0}


RESPONSES: Mapping[type[Any], Callable[[Answer], dict[str, Any]]] = {
    asked.ReadVariables: _got,
    asked.WriteVariables: _set,
    asked.RemoteStart: _started,
    asked.ReadListVersion: _version,
}
