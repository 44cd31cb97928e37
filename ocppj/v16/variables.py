"""OCPP 1.6, variables: its configuration keys, read many at a time and set one at a time."""

from collections.abc import Sequence
from typing import Any

from ocppj.model.variables import (
    ACTUAL,
    GetVariables,
    ReportedVariable,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.translator import CommandTranslator
from ocppj.v16 import convert
from ocppj.vocabulary import VariableRef

NO_KEY = "UnknownVariable"
"""Status of a variable for which 1.6 has no configuration key: known here, so the station is not asked."""
VALUE_CHARACTERS = 500
_SET_WORDS = {"UnknownVariable": "NotSupported", "UnknownComponent": "NotSupported"}


def names_variable(ref: VariableRef) -> bool:
    """Whether there is a configuration key for it; keys are of the station, not of an EVSE."""
    return ref.evse_id is None and convert.variable_to_v16(ref) is not None


def _attribute_refusal(c: GetVariables | SetVariables) -> str | None:
    attributes = c.attributes if isinstance(c, GetVariables) else [each.attribute for each in c.assignments]
    if any(each != ACTUAL for each in attributes):
        return "OCPP 1.6 knows one value of a configuration key: attribute"
    return None


# --- GetConfiguration ------------------------------------------------------------------------------------


def _read_to_v16(c: GetVariables) -> dict[str, Any]:
    keys = [key for key in map(convert.variable_to_v16, c.refs) if key is not None]
    return {"key": keys} if keys else {}


def _read_from_v16(m: Any) -> GetVariables:
    return GetVariables(tuple(convert.variable_from_v16(key) for key in m.key or ()))


def _read_split(c: GetVariables) -> Sequence[GetVariables]:
    """One CALL, but none where 1.6 has a key for none of them: an empty list would ask for all."""
    return () if c.refs and not _read_to_v16(c) else (c,)


def _keys_to_v16(answer: VariablesAnswer) -> dict[str, Any]:
    known, unknown = [], []
    for found in answer.variables:
        key = _key_of(found.ref)
        if found.status.startswith("Unknown"):
            unknown.append(key)
            continue
        entry: dict[str, Any] = {"key": key, "readonly": bool(found.is_read_only)}
        if found.value is not None:
            entry["value"] = found.value[:VALUE_CHARACTERS]
        known.append(entry)
    return {"configurationKey": known} | ({"unknownKey": unknown} if unknown else {})


def _key_of(ref: VariableRef) -> str:
    return convert.variable_to_v16(ref) or ref.variable


def _keys_from_v16(m: Any) -> VariablesAnswer:
    known = tuple(
        VariableResult(convert.variable_from_v16(entry.key), "Accepted", entry.value, entry.readonly)
        for entry in m.configuration_key or ()
    )
    unknown = tuple(VariableResult(convert.variable_from_v16(key), NO_KEY) for key in m.unknown_key or ())
    return VariablesAnswer.of((*known, *unknown))


def _read_join(c: GetVariables, answers: Sequence[VariablesAnswer]) -> VariablesAnswer:
    """Keys compare without regard to case: each is found by what was asked. The others are told as well."""
    told = tuple(each for answer in answers for each in answer.variables if each.status != NO_KEY)
    found = {_key_of(each.ref).casefold(): each for each in told}
    refs = c.refs or tuple(each.ref for each in told)
    inventory = tuple(ReportedVariable(each.ref, each.value, bool(each.is_read_only)) for each in told)
    return VariablesAnswer.of(tuple(_result(ref, found) for ref in refs), inventory=inventory)


def _result(ref: VariableRef, found: dict[str, VariableResult]) -> VariableResult:
    key = convert.variable_to_v16(ref)
    entry = found.get(key.casefold()) if key is not None else None
    if entry is None:
        return VariableResult(ref, NO_KEY)
    return VariableResult(ref, entry.status, entry.value, entry.is_read_only)


# --- ChangeConfiguration ---------------------------------------------------------------------------------


def _set_to_v16(c: SetVariables) -> dict[str, Any]:
    assignment = c.assignments[0]
    return {"key": _key_of(assignment.ref), "value": assignment.value}


def _set_from_v16(m: Any) -> SetVariables:
    return SetVariables((VariableAssignment(convert.variable_from_v16(m.key), m.value),))


def _set_split(c: SetVariables) -> Sequence[SetVariables]:
    return tuple(SetVariables((each,)) for each in c.assignments if _has_key(each.ref))


def _has_key(ref: VariableRef) -> bool:
    return convert.variable_to_v16(ref) is not None


def _status_to_v16(answer: VariablesAnswer) -> dict[str, Any]:
    status = answer.variables[0].status
    return {"status": _SET_WORDS.get(status, status)}


def _status_from_v16(m: Any) -> VariablesAnswer:
    return VariablesAnswer(str(m.status))


def _set_join(c: SetVariables, answers: Sequence[VariablesAnswer]) -> VariablesAnswer:
    statuses = iter(answer.status for answer in answers)
    return VariablesAnswer.of(
        tuple(
            VariableResult(each.ref, next(statuses) if _has_key(each.ref) else NO_KEY)
            for each in c.assignments
        )
    )


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=GetVariables,
        action="GetConfiguration",
        request_to_wire=_read_to_v16,
        request_from_wire=_read_from_v16,
        answer_to_wire=_keys_to_v16,
        answer_from_wire=_keys_from_v16,
        refusal=_attribute_refusal,
        split=_read_split,
        join=_read_join,
        fields={"key": "variable"},
    ),
    CommandTranslator(
        command=SetVariables,
        action="ChangeConfiguration",
        request_to_wire=_set_to_v16,
        request_from_wire=_set_from_v16,
        answer_to_wire=_status_to_v16,
        answer_from_wire=_status_from_v16,
        refusal=_attribute_refusal,
        split=_set_split,
        join=_set_join,
        fields={"key": "variable"},
    ),
)
