"""What a station reports of its variables: a report of a 2.x station, or the answer to a command."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from csms.domain.announced import REPORTED
from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound
from csms.domain.secrets import is_secret, mask_payload
from csms.domain.station_events import StationEvent
from csms.rules.reports import ReportPart, with_progress
from csms.rules.rows import VariableRow
from csms.rules.state import Decision, State
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.variables import (
    ACTUAL,
    NotifyReport,
    ReportedAttribute,
    ReportedVariable,
    SetVariables,
    VariablesAnswer,
)
from ocppj.vocabulary import StationId, VariableRef


def variables_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """One row per variable; the values of secrets are neither stored nor told."""
    event: NotifyReport = inbound.event  # type: ignore[assignment] # the table's key
    rows = inventory_rows(inbound.station_id, event.variables, inbound.received_at)
    payload = {
        "request_id": event.request_id,
        "seq_no": event.seq_no,
        "is_last": event.is_last,
        "variables": [
            {"name": str(row.ref), "value": row.value, "is_read_only": row.is_read_only} for row in rows
        ],
    }
    station_event = StationEvent("variables.reported", inbound.station_id, inbound.received_at, payload)
    part = ReportPart(REPORTED, event.request_id, event.seq_no, event.is_last)
    return with_progress(Decision(Acknowledged(), tuple(rows), (station_event,)), state, inbound, part)


def inventory_rows(
    station_id: StationId, variables: Iterable[ReportedVariable], at: datetime
) -> list[VariableRow]:
    """A row per reported variable."""
    return [
        VariableRow(
            station_id=station_id,
            ref=variable.ref,
            value=None if is_secret(variable.ref) else mask_payload(variable.value),
            is_read_only=variable.is_read_only,
            unit=variable.unit,
            data_type=variable.data_type,
            max_limit=variable.max_limit,
            at=at,
            min_limit=variable.min_limit,
            max_elements=variable.max_elements,
            values_list=variable.values_list,
            is_write_only=variable.is_write_only,
            is_persistent=variable.is_persistent,
            is_constant=variable.is_constant,
            supports_monitoring=variable.supports_monitoring,
            attributes=tuple(_kept(variable.ref, each) for each in variable.attributes),
        )
        for variable in variables
    ]


def _kept(ref: VariableRef, attribute: ReportedAttribute) -> ReportedAttribute:
    value = None if is_secret(ref) else mask_payload(attribute.value)
    return msgspec.structs.replace(attribute, value=value)


def variables_answered(state: State, ending: CommandEnding) -> Decision:  # noqa: ARG001 - table
    """What an answer to GetVariables or SetVariables tells; what waits for a reboot is not in force yet."""
    answer, command = ending.outcome.answer, ending.command
    if not isinstance(answer, VariablesAnswer):
        return Decision()
    return Decision(None, tuple(_answered(ending.station_id, command, answer, ending.at)))


def _answered(
    station_id: StationId, command: object, answer: VariablesAnswer, at: datetime
) -> list[VariableRow]:
    rows = inventory_rows(station_id, answer.inventory, at)
    results = [result for result in answer.variables if result.attribute == ACTUAL]
    values: dict[object, str | None] = {result.ref: result.value for result in results if result.is_accepted}
    if isinstance(command, SetVariables):
        accepted = {result.ref for result in results if result.status == "Accepted"}
        values = {
            each.ref: None if each.is_secret else each.value
            for each in command.assignments
            if each.ref in accepted
        }
    known = {row.ref for row in rows}
    for result in results:
        if result.ref in values and result.ref not in known:
            value = None if is_secret(result.ref) else values[result.ref]
            row = VariableRow(station_id=station_id, ref=result.ref, value=value, keeps_details=True, at=at)
            rows.append(row)
    return rows
