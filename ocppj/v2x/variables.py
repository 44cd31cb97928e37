"""OCPP 2.x, variables: the wire and the model."""

from collections.abc import Sequence
from typing import Any

from ocppj.model.command import Command
from ocppj.model.messages import StationMessage
from ocppj.model.variables import (
    ACTUAL,
    GetBaseReport,
    GetReport,
    GetVariables,
    NotifyReport,
    ReportedAttribute,
    ReportedVariable,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.patterns import pattern_from_v2x, pattern_to_v2x, patterns_refusal
from ocppj.v2x.status import answered_by_status, status_info_from_v2x
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, VariableRef

# --- What stations send ----------------------------------------------------------------------------------


def names_variable(ref: VariableRef) -> bool:
    """Whether it is none of 1.6's own keys."""
    return ref.component != CONFIGURATION_KEY_COMPONENT


def _report(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return NotifyReport(
        request_id=m.request_id,
        seq_no=m.seq_no,
        is_last=not m.tbc,
        variables=tuple(_reported(entry) for entry in m.report_data or ()),
        generated_at=time_from_wire(m.generated_at)[0],
    )


def _reported(entry: Any) -> ReportedVariable:
    """One line of a report. An attribute without a type is the Actual one; where there is none of that type,
    the first stands for it.
    """
    attributes = entry.variable_attribute
    found = next((each for each in attributes if (each.type or ACTUAL) == ACTUAL), None)
    actual = found or attributes[0]
    character = entry.variable_characteristics
    is_write_only = actual.mutability == "WriteOnly"
    return ReportedVariable(
        ref=convert.variable_from_v2x(entry.component, entry.variable),
        value=None if is_write_only else actual.value,
        is_read_only=actual.mutability == "ReadOnly",
        unit=character.unit if character is not None else None,
        data_type=character.data_type if character is not None else None,
        max_limit=character.max_limit if character is not None else None,
        min_limit=character.min_limit if character is not None else None,
        values_list=character.values_list if character is not None else None,
        max_elements=getattr(character, "max_elements", None),
        is_write_only=is_write_only,
        is_persistent=bool(actual.persistent),
        supports_monitoring=character.supports_monitoring if character is not None else False,
        is_constant=bool(actual.constant),
        attributes=tuple(_attribute_from(each) for each in attributes if (each.type or ACTUAL) != ACTUAL),
        has_actual=found is not None,
    )


def _attribute_from(attribute: Any) -> ReportedAttribute:
    is_write_only = attribute.mutability == "WriteOnly"
    return ReportedAttribute(
        type=str(attribute.type),
        value=None if is_write_only else attribute.value,
        is_read_only=attribute.mutability == "ReadOnly",
        is_write_only=is_write_only,
        is_persistent=bool(attribute.persistent),
        is_constant=bool(attribute.constant),
    )


def _report_to_wire(m: NotifyReport) -> dict[str, Any]:
    return present(
        {
            "requestId": m.request_id,
            "generatedAt": time_to_wire(m.generated_at) if m.generated_at is not None else None,
            "seqNo": m.seq_no,
            "tbc": not m.is_last,
            "reportData": [_reported_to_wire(each) for each in m.variables] or None,
        }
    )


def _reported_to_wire(variable: ReportedVariable) -> dict[str, Any]:
    attributes = [_attribute_to_wire(variable)] if variable.has_actual else []
    attributes += [{"type": each.type} | _attribute_to_wire(each) for each in variable.attributes]
    character = {
        "dataType": variable.data_type,
        "supportsMonitoring": variable.supports_monitoring,
        "minLimit": variable.min_limit,
        "maxLimit": variable.max_limit,
        "unit": variable.unit,
        "maxElements": variable.max_elements,
        "valuesList": variable.values_list,
    }
    payload = convert.variable_to_v2x(variable.ref) | {"variableAttribute": attributes}
    return payload | ({"variableCharacteristics": present(character)} if variable.data_type else {})


def _attribute_to_wire(attribute: ReportedVariable | ReportedAttribute) -> dict[str, Any]:
    """Its mutability, and its value where it has one."""
    return present(
        {
            "mutability": _mutability(attribute),
            "persistent": attribute.is_persistent,
            "constant": attribute.is_constant or None,
            "value": attribute.value,
        }
    )


def _mutability(variable: ReportedVariable | ReportedAttribute) -> str:
    if variable.is_write_only:
        return "WriteOnly"
    return "ReadOnly" if variable.is_read_only else "ReadWrite"


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=NotifyReport,
        action="NotifyReport",
        request_from_wire=_report,
        request_to_wire=_report_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _attribute(attribute: str) -> dict[str, Any]:
    """Left out where it is the one that everybody means (2.0.1 GetVariableDataType.attributeType)."""
    return {"attributeType": attribute} if attribute != ACTUAL else {}


# --- GetVariables ----------------------------------------------------------------------------------------


def _read_to_v2x(c: GetVariables) -> dict[str, Any]:
    return {"getVariableData": [convert.variable_to_v2x(ref) | _attribute(word) for ref, word in c.requested]}


def _read_from_v2x(m: Any) -> GetVariables:
    entries = m.get_variable_data
    attributes = tuple(entry.attribute_type or ACTUAL for entry in entries)
    return GetVariables(
        tuple(convert.variable_from_v2x(entry.component, entry.variable) for entry in entries),
        attributes if set(attributes) != {ACTUAL} else (),
    )


def _read_refusal(c: GetVariables) -> str | None:
    if len(c.attributes) not in (0, len(c.refs)):
        return "give one of attributes for each of variables, or none"
    if c.refs:
        return None
    return "OCPP 2.x reads named variables; ask for all of them with GetBaseReport"


def _values_to_v2x(answer: VariablesAnswer) -> dict[str, Any]:
    results = [_result(found) for found in answer.variables]
    for result, found in zip(results, answer.variables, strict=True):
        if found.value is not None:
            result["attributeValue"] = found.value
    return {"getVariableResult": results}


def _values_from_v2x(m: Any) -> VariablesAnswer:
    return VariablesAnswer.of(
        tuple(
            VariableResult(
                convert.variable_from_v2x(entry.component, entry.variable),
                str(entry.attribute_status),
                entry.attribute_value,
                attribute=entry.attribute_type or ACTUAL,
            )
            for entry in m.get_variable_result
        )
    )


def _result(found: VariableResult) -> dict[str, Any]:
    about = {"attributeStatus": found.status, "attributeType": found.attribute}
    return about | convert.variable_to_v2x(found.ref)


# --- SetVariables ----------------------------------------------------------------------------------------


def _set_to_v2x(c: SetVariables) -> dict[str, Any]:
    entries = [
        convert.variable_to_v2x(each.ref) | {"attributeValue": each.value} | _attribute(each.attribute)
        for each in c.assignments
    ]
    return {"setVariableData": entries}


def _set_from_v2x(m: Any) -> SetVariables:
    return SetVariables(
        tuple(
            VariableAssignment(
                convert.variable_from_v2x(entry.component, entry.variable),
                entry.attribute_value,
                attribute=entry.attribute_type or ACTUAL,
            )
            for entry in m.set_variable_data
        )
    )


def _set_refusal(c: SetVariables) -> str | None:
    if not c.assignments:
        return "there is nothing to set: variables"
    if len({(each.ref, each.attribute) for each in c.assignments}) < len(c.assignments):
        return "OCPP 2.x sets a variable once in a message"  # B05.FR.13
    return None


def _statuses_to_v2x(answer: VariablesAnswer) -> dict[str, Any]:
    return {"setVariableResult": [_result(found) for found in answer.variables]}


def _statuses_from_v2x(m: Any) -> VariablesAnswer:
    """The first reason that is given for one of them stands for all."""
    results = tuple(
        VariableResult(
            convert.variable_from_v2x(entry.component, entry.variable),
            str(entry.attribute_status),
            attribute=entry.attribute_type or ACTUAL,
        )
        for entry in m.set_variable_result
    )
    infos = (entry.attribute_status_info for entry in m.set_variable_result)
    code, more = status_info_from_v2x(next((info for info in infos if info is not None), None))
    return VariablesAnswer.of(results, reason_code=code, additional_info=more)


def _joined(_c: Command, answers: Sequence[VariablesAnswer]) -> VariablesAnswer:
    return VariablesAnswer.joined(answers)


# --- GetBaseReport ---------------------------------------------------------------------------------------


def _report_to_v2x(c: GetBaseReport) -> dict[str, Any]:
    return {"requestId": c.request_id, "reportBase": c.report_base}


def _report_from_v2x(m: Any) -> GetBaseReport:
    return GetBaseReport(m.request_id, m.report_base)


# --- GetReport -------------------------------------------------------------------------------------------


def _custom_report_to_v2x(c: GetReport) -> dict[str, Any]:
    return present(
        {
            "requestId": c.request_id,
            "componentCriteria": list(c.criteria) or None,
            "componentVariable": [pattern_to_v2x(each) for each in c.variables] or None,
        }
    )


def _custom_report_from_v2x(m: Any) -> GetReport:
    return GetReport(
        m.request_id,
        tuple(m.component_criteria or ()),
        tuple(pattern_from_v2x(each) for each in m.component_variable or ()),
    )


def _report_refusal(c: GetReport) -> str | None:
    return patterns_refusal(c.variables)


_FIELDS = {
    "getVariableData": "variables",
    "setVariableData": "variables",
    "attributeValue": "value",
    "attributeType": "attribute",
    "name": "component or variable",
}
COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=GetVariables,
        action="GetVariables",
        request_to_wire=_read_to_v2x,
        request_from_wire=_read_from_v2x,
        answer_to_wire=_values_to_v2x,
        answer_from_wire=_values_from_v2x,
        refusal=_read_refusal,
        join=_joined,
        fields=_FIELDS,
    ),
    CommandTranslator(
        command=SetVariables,
        action="SetVariables",
        request_to_wire=_set_to_v2x,
        request_from_wire=_set_from_v2x,
        answer_to_wire=_statuses_to_v2x,
        answer_from_wire=_statuses_from_v2x,
        refusal=_set_refusal,
        join=_joined,
        fields=_FIELDS,
    ),
    answered_by_status(
        GetBaseReport,
        "GetBaseReport",
        request_to_wire=_report_to_v2x,
        request_from_wire=_report_from_v2x,
    ),
    answered_by_status(
        GetReport,
        "GetReport",
        request_to_wire=_custom_report_to_v2x,
        request_from_wire=_custom_report_from_v2x,
        refusal=_report_refusal,
        fields={"componentCriteria": "criteria", "componentVariable": "variables"},
    ),
)
