"""Variables: what of a station can be read and set; of a 1.6 station its configuration keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from ocppj.model.command import (
    MADE_UP,
    ONLY_2X,
    Command,
    CommandAnswer,
    Number,
    first_with_reason,
    outside_name,
)
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef

AttributeType = Literal["Actual", "Target", "MinSet", "MaxSet"]
ACTUAL: AttributeType = "Actual"
"""The attribute of a variable that 1.6 has; the others are of 2.x."""
VARIABLES_MOST = 200
_VARIABLES = outside_name("variables")


class VariableAssignment(msgspec.Struct, frozen=True):
    """A value to set. `is_secret` keeps it out of logs, events and the wire log."""

    ref: VariableRef
    value: Annotated[str, Meta(max_length=2500)]  # SetVariableDataType.attributeValue: 2.0.1 1000, 2.1 2500
    is_secret: bool = False
    attribute: AttributeType = ACTUAL

    def __repr__(self) -> str:
        shown = "***" if self.is_secret else repr(self.value)
        return f"VariableAssignment({self.ref}, {shown})"


class VariableResult(msgspec.Struct, frozen=True):
    """What a station said of one variable. `status`: Accepted, Rejected, RebootRequired, …"""

    ref: VariableRef
    status: str
    value: str | None = None
    is_read_only: bool | None = None
    attribute: str = ACTUAL

    @property
    def is_accepted(self) -> bool:
        """Whether the value is (or will be, after a reboot) in force, or was read."""
        return self.status in {"Accepted", "RebootRequired"}


class ReportedAttribute(msgspec.Struct, frozen=True, gc=False):
    """One attribute of a variable beside the Actual one; `value` None where it is write-only or unset."""

    type: str
    value: str | None
    is_read_only: bool = False
    is_write_only: bool = False
    is_persistent: bool = False
    is_constant: bool = False


class ReportedVariable(msgspec.Struct, frozen=True, gc=False):
    """One variable as the station reports it; `value` None where it is write-only or has none.

    What it says of `value`, of reading and of writing is said of the Actual attribute.
    """

    ref: VariableRef
    value: str | None
    is_read_only: bool = False
    unit: str | None = None
    data_type: str | None = None
    max_limit: float | None = None
    min_limit: float | None = None
    values_list: str | None = None
    """What it may be, with commas in between."""
    max_elements: int | None = None
    """Of a list: how many it may have (2.1)."""
    is_write_only: bool = False
    is_persistent: bool = False
    """Whether it outlives a restart."""
    supports_monitoring: bool = False
    is_constant: bool = False
    """Whether it never changes."""
    attributes: tuple[ReportedAttribute, ...] = ()
    """The others that it has."""
    has_actual: bool = True
    """Whether the station reports the Actual one."""


class VariablesAnswer(CommandAnswer, frozen=True):
    """What a station said of each variable; `status` sums it up: Accepted, or the first that is not.

    `inventory` is all that it told: a 1.6 station may tell more keys than it was asked for.
    """

    variables: tuple[VariableResult, ...] = ()
    inventory: tuple[ReportedVariable, ...] = ()

    @classmethod
    def of(
        cls,
        variables: tuple[VariableResult, ...],
        *,
        inventory: tuple[ReportedVariable, ...] = (),
        reason_code: str | None = None,
        additional_info: str | None = None,
    ) -> "VariablesAnswer":
        """The answer that sums these up."""
        status = next((each.status for each in variables if not each.is_accepted), "Accepted")
        return cls(status, reason_code, additional_info, variables, inventory)

    @classmethod
    def joined(cls, answers: Sequence["VariablesAnswer"]) -> "VariablesAnswer":
        """What several say together; the first reason that is given stands for all."""
        first = first_with_reason(answers)
        variables = tuple(result for each in answers for result in each.variables)
        return cls.of(variables, reason_code=first.reason_code, additional_info=first.additional_info)


def results_of(answer: CommandAnswer) -> tuple[VariableResult, ...]:
    """What an answer says of variables; none where it is about something else."""
    return answer.variables if isinstance(answer, VariablesAnswer) else ()


class GetVariables(Command, frozen=True):
    """Read variables; of a 1.6 station configuration keys, all of them where none is named."""

    name: ClassVar[str] = "get-variables"
    answer: ClassVar[type[CommandAnswer]] = VariablesAnswer
    listed: ClassVar[str] = "refs"

    refs: Annotated[tuple[VariableRef, ...], Meta(max_length=VARIABLES_MOST), _VARIABLES] = ()
    attributes: Annotated[tuple[AttributeType, ...], Meta(max_length=VARIABLES_MOST)] = ()
    """One for each of `refs`; without any, all are Actual."""

    @property
    def requested(self) -> tuple[tuple[VariableRef, AttributeType], ...]:
        """Each variable with the attribute to read."""
        return tuple(zip(self.refs, self.attributes or (ACTUAL,) * len(self.refs), strict=False))

    def part(self, first: int, last: int) -> "GetVariables":
        """Some of its variables."""
        return GetVariables(self.refs[first:last], self.attributes[first:last])


class SetVariables(Command, frozen=True):
    """Set variables, in order; of a 1.6 station configuration keys, each with a CALL of its own."""

    name: ClassVar[str] = "set-variables"
    answer: ClassVar[type[CommandAnswer]] = VariablesAnswer
    listed: ClassVar[str] = "assignments"

    assignments: Annotated[
        tuple[VariableAssignment, ...], Meta(min_length=1, max_length=VARIABLES_MOST), _VARIABLES
    ]

    def part(self, first: int, last: int) -> "SetVariables":
        """Some of its assignments."""
        return SetVariables(self.assignments[first:last])


class NotifyReport(msgspec.Struct, frozen=True, gc=False):
    """One part of a report; `is_last` is false while more parts follow."""

    request_id: int
    seq_no: int
    is_last: bool
    variables: tuple[ReportedVariable, ...]
    generated_at: datetime | None = None


ReportBase = Literal["FullInventory", "ConfigurationInventory", "SummaryInventory"]
ComponentCriterion = Literal["Active", "Available", "Enabled", "Problem"]
_Name = Annotated[str, Meta(min_length=1, max_length=50)]


class GetBaseReport(Command, frozen=True):
    """Ask a 2.x station for its inventory; it arrives as `variables.reported` events.

    Full: all variables; Configuration: those that can be set; Summary: those of availability and problems.
    """

    name: ClassVar[str] = "get-base-report"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "read the configuration with GetVariables without references"
    brings = (NotifyReport,)

    request_id: Annotated[Number, MADE_UP]
    """The number under which the report comes."""
    report_base: ReportBase = "FullInventory"


class VariablePattern(msgspec.Struct, frozen=True):
    """Some variables: all of a component where none is named, all instances and places where none is."""

    component: _Name
    variable: _Name | None = None
    component_instance: _Name | None = None
    variable_instance: _Name | None = None
    evse_id: Number | None = None
    connector_id: Number | None = None


class GetReport(Command, frozen=True):
    """Ask a 2.x station for a part of its inventory; it arrives as `variables.reported` events.

    `criteria`: of components that are any of Active, Available, Enabled, Problem; `variables`: only these.
    """

    name: ClassVar[str] = "get-report"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "read the configuration with GetVariables"
    brings = (NotifyReport,)
    listed: ClassVar[str] = "variables"
    is_divisible: ClassVar[bool] = False

    request_id: Annotated[Number, MADE_UP]
    """The number under which the report comes."""
    criteria: Annotated[tuple[ComponentCriterion, ...], Meta(max_length=4)] = ()
    variables: Annotated[tuple[VariablePattern, ...], Meta(max_length=VARIABLES_MOST)] = ()
