"""OCPP 2.x, variables: the wire and the model."""

from typing import Any

from ocppj.model.messages import StationMessage
from ocppj.model.variables import NotifyReport, ReportedVariable
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.translator import MessageTranslator, present
from ocppj.v2x import convert


def _report(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return NotifyReport(
        request_id=m.request_id,
        seq_no=m.seq_no,
        is_last=not m.tbc,
        variables=tuple(_reported(entry) for entry in m.report_data or ()),
        generated_at=time_from_wire(m.generated_at)[0],
    )


def _reported(entry: Any) -> ReportedVariable:
    """One line of a report; of its attributes the Actual one, which is the type when none is given."""
    attributes = entry.variable_attribute
    actual = next((a for a in attributes if (a.type or "Actual") == "Actual"), attributes[0])
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
        is_write_only=is_write_only,
        is_persistent=bool(actual.persistent),
        supports_monitoring=character.supports_monitoring if character is not None else False,
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
    attribute = {
        "mutability": _mutability(variable),
        "persistent": variable.is_persistent,
        "value": variable.value,
    }
    character = {
        "dataType": variable.data_type,
        "supportsMonitoring": variable.supports_monitoring,
        "minLimit": variable.min_limit,
        "maxLimit": variable.max_limit,
        "unit": variable.unit,
        "valuesList": variable.values_list,
    }
    payload = convert.variable_to_v2x(variable.ref) | {"variableAttribute": [present(attribute)]}
    return payload | ({"variableCharacteristics": present(character)} if variable.data_type else {})


def _mutability(variable: ReportedVariable) -> str:
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
