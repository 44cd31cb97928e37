"""What a station does when its variables are read, set or reported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.variables import (
    ACTUAL,
    GetBaseReport,
    GetReport,
    GetVariables,
    NotifyReport,
    SetVariables,
    VariableAssignment,
    VariablePattern,
    VariableResult,
    VariablesAnswer,
)
from ocppj.vocabulary import VariableRef
from simulator.model.inventory import SECRET
from simulator.model.variables import Mutability, StationVariable
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, answered

ITEMS_PER_REPORT = 20
NO_SUCH_ATTRIBUTE = "NotSupportedAttributeType"
PROBLEM = "Problem"


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
        found = dict(variable.attributes).get(attribute)
        status = NO_SUCH_ATTRIBUTE if found is None else "Accepted"
        return VariableResult(variable.ref, status, found, attribute=attribute)
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
    variable = station.variables.find(one.ref)
    if one.attribute != ACTUAL and variable is not None:
        has_it = one.attribute in dict(variable.attributes)
        status_word = "Rejected" if has_it else NO_SUCH_ATTRIBUTE
        return VariableResult(one.ref, status_word, attribute=one.attribute)
    value = station.rules.stored_password(one.value) if _is_password(one.ref) else one.value
    status = station.variables.write(one.ref, value)
    return VariableResult(one.ref, status.value, attribute=one.attribute)


def _is_password(ref: VariableRef) -> bool:
    written = (ref.component.lower(), ref.variable.lower())
    return written == (SECRET.component.lower(), SECRET.variable.lower())


def _base_report(station: CommandContext, c: GetBaseReport) -> Handled:
    """All variables, those that can be set, or those that tell how the station is, in parts (2.0.1 B07)."""
    chosen = _BASES[c.report_base]
    found = [each for each in _shown(station) if chosen(station, each)]
    return accepted(c, partial(_send_parts, station, c.request_id, found))


def _report(station: CommandContext, c: GetReport) -> Handled:
    """The variables of which both the criteria and the patterns are true, in parts (2.0.1 B08)."""
    refuse_patterns(station, c.variables)
    found = [
        each
        for each in _shown(station)
        if (not c.criteria or any(_is_so(station, each.ref, word) for word in c.criteria))
        and (not c.variables or any(fits(each.ref, pattern) for pattern in c.variables))
    ]
    if not found:
        return answered(c, "EmptyResultSet")  # B08.FR.15
    return accepted(c, partial(_send_parts, station, c.request_id, found))


def refuse_patterns(station: CommandContext, patterns: Sequence[VariablePattern]) -> None:
    """More than a request for a report may have (B08.FR.17, N02.FR.07). Raises ViolationError."""
    _refuse_too_many(station, len(patterns), "GetReport")


def _shown(station: CommandContext) -> list[StationVariable]:
    return [each for each in station.variables if station.rules.shows(each.ref)]


def _every(station: CommandContext, variable: StationVariable) -> bool:  # noqa: ARG001 - table
    return True


def _can_be_set(station: CommandContext, variable: StationVariable) -> bool:  # noqa: ARG001 - table
    return variable.mutability is not Mutability.READ_ONLY


def _is_about_condition(station: CommandContext, variable: StationVariable) -> bool:
    """Availability, and whatever is wrong (B07.FR.09)."""
    name = variable.ref.variable
    return name == "AvailabilityState" or (
        name in _PROBLEMS and (station.variables.value(variable.ref) or "").lower() == "true"
    )


_PROBLEMS = frozenset({"Problem", "Tripped", "Overload", "Fallback"})
_BASES: Mapping[str, Callable[[CommandContext, StationVariable], bool]] = {
    "FullInventory": _every,
    "ConfigurationInventory": _can_be_set,
    "SummaryInventory": _is_about_condition,
}


def _is_so(station: CommandContext, ref: VariableRef, criterion: str) -> bool:
    """What the component says of itself by this word; without it, it is active, available and enabled, and
    has no problem (B08.FR.07 to .10).
    """
    said = station.variables.value(replace(ref, variable=criterion, variable_instance=None))
    return criterion != PROBLEM if said is None else said.lower() == "true"


def fits(ref: VariableRef, pattern: VariablePattern) -> bool:
    """Whether a variable is one of those: what the pattern leaves out may be anything (B08.FR.20 to .25)."""
    wanted = (
        (pattern.component, ref.component),
        (pattern.variable, ref.variable),
        (pattern.component_instance, ref.component_instance),
        (pattern.variable_instance, ref.variable_instance),
    )
    if any(one is not None and one.lower() != (other or "").lower() for one, other in wanted):
        return False
    places = ((pattern.evse_id, ref.evse_id), (pattern.connector_id, ref.connector_id))
    return all(one is None or one == other for one, other in places)


def _send_parts(station: CommandContext, request_id: int, found: list[StationVariable]) -> None:
    parts = [found[i : i + ITEMS_PER_REPORT] for i in range(0, len(found), ITEMS_PER_REPORT)]
    for seq_no, part in enumerate(parts):
        is_last = seq_no == len(parts) - 1
        variables = tuple(each.reported(station.variables.value(each.ref)) for each in part)
        message = NotifyReport(request_id, seq_no, is_last, variables, station.now())
        station.sender.send(message, is_requested=True)


HANDLERS: dict[type, Handler] = {
    GetVariables: _read,
    SetVariables: _write,
    GetBaseReport: _base_report,
    GetReport: _report,
}
