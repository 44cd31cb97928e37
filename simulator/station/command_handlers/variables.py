"""What a station does when its variables are read, set or reported."""

from functools import partial

from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.variables import (
    ACTUAL,
    GetBaseReport,
    GetVariables,
    NotifyReport,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.vocabulary import VariableRef
from simulator.model.inventory import SECRET
from simulator.model.variables import Mutability, StationVariable
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, answered

ITEMS_PER_REPORT = 20
NO_SUCH_ATTRIBUTE = "NotSupportedAttributeType"


def _read(station: CommandContext, c: GetVariables) -> Handled:
    """Those asked for; without any (1.6), all that the version shows."""
    _refuse_too_many(station, len(c.refs), "GetVariables")
    every = ((each.ref, ACTUAL) for each in station.variables if station.rules.shows(each.ref))
    asked = c.requested or every
    return Handled(VariablesAnswer.of(tuple(_read_one(station, *each) for each in asked)))


def _refuse_too_many(station: CommandContext, count: int, what: str) -> None:
    """2.0.1 B05.FR.11, B06.FR.16; 1.6 GetConfigurationMaxKeys. Raises ViolationError."""
    most = station.variables.number("DeviceDataCtrlr", "ItemsPerMessage", count, what)
    if count > most:
        detail = f"this station takes {most:g} items in a message, not {count}"
        raise ViolationError(ErrorKind.OCCURRENCE_CONSTRAINT, detail)


def _read_one(station: CommandContext, ref: VariableRef, attribute: str) -> VariableResult:
    variables = station.variables
    variable = variables.find(ref) if station.rules.shows(ref) else None
    if variable is None:
        status = "UnknownVariable" if variables.has_component(ref) else "UnknownComponent"
        return VariableResult(ref, status, attribute=attribute)
    if attribute != ACTUAL:
        return VariableResult(variable.ref, NO_SUCH_ATTRIBUTE, attribute=attribute)
    if variable.mutability is Mutability.WRITE_ONLY:
        return VariableResult(variable.ref, "Rejected")  # 2.0.1 B06.FR.09
    is_read_only = variable.mutability is Mutability.READ_ONLY
    return VariableResult(variable.ref, "Accepted", variables.value(ref) or "", is_read_only)


def _write(station: CommandContext, c: SetVariables) -> Handled:
    _refuse_too_many(station, len(c.assignments), "SetVariables")
    return Handled(VariablesAnswer.of(tuple(_write_one(station, each) for each in c.assignments)))


def _write_one(station: CommandContext, one: VariableAssignment) -> VariableResult:
    if not station.rules.shows(one.ref):
        return VariableResult(one.ref, "UnknownComponent", attribute=one.attribute)
    if one.attribute != ACTUAL and station.variables.find(one.ref) is not None:
        return VariableResult(one.ref, NO_SUCH_ATTRIBUTE, attribute=one.attribute)
    value = station.rules.stored_password(one.value) if _is_password(one.ref) else one.value
    status = station.variables.write(one.ref, value)
    return VariableResult(one.ref, status.value, attribute=one.attribute)


def _is_password(ref: VariableRef) -> bool:
    written = (ref.component.lower(), ref.variable.lower())
    return written == (SECRET.component.lower(), SECRET.variable.lower())


def _report(station: CommandContext, c: GetBaseReport) -> Handled:
    """All variables, or those that can be set, in parts (2.0.1 B07)."""
    if c.report_base == "SummaryInventory":
        return answered(c, "NotSupported")
    is_settable_only = c.report_base == "ConfigurationInventory"
    found = [
        (variable, station.variables.value(variable.ref))
        for variable in station.variables
        if station.rules.shows(variable.ref)
        and not (is_settable_only and variable.mutability is Mutability.READ_ONLY)
    ]
    return accepted(c, partial(_send_parts, station, c.request_id, found))


def _send_parts(
    station: CommandContext, request_id: int, found: list[tuple[StationVariable, str | None]]
) -> None:
    parts = [found[i : i + ITEMS_PER_REPORT] for i in range(0, len(found), ITEMS_PER_REPORT)]
    for seq_no, part in enumerate(parts):
        is_last = seq_no == len(parts) - 1
        variables = tuple(variable.reported(value) for variable, value in part)
        message = NotifyReport(request_id, seq_no, is_last, variables, station.now())
        station.sender.send(message, is_requested=True)


HANDLERS: dict[type, Handler] = {GetVariables: _read, SetVariables: _write, GetBaseReport: _report}
