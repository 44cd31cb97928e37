"""Variables: what of a station can be read and set; of a 1.6 station its configuration keys."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from ocppj.model.command import (
    INSIDE,
    MADE_UP,
    ONLY_2X,
    Command,
    CommandAnswer,
    Number,
    outside_name,
)
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef

ACTUAL = "Actual"
"""The attribute of a variable that 1.6 has; 2.x also knows Target, MinSet and MaxSet."""
VARIABLES_MOST = 200
_VARIABLES = outside_name("variables")


class VariableAssignment(msgspec.Struct, frozen=True):
    """A value to set. `is_secret` keeps it out of logs, events and the wire log."""

    ref: VariableRef
    value: Annotated[str, Meta(max_length=2500)]  # SetVariableDataType.attributeValue: 2.0.1 1000, 2.1 2500
    is_secret: bool = False
    attribute: Annotated[str, INSIDE] = ACTUAL

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


class ReportedVariable(msgspec.Struct, frozen=True, gc=False):
    """One variable as the station reports it; `value` None where it is write-only or has none."""

    ref: VariableRef
    value: str | None
    is_read_only: bool = False
    unit: str | None = None
    data_type: str | None = None
    max_limit: float | None = None
    min_limit: float | None = None
    values_list: str | None = None
    """What it may be, with commas in between."""
    is_write_only: bool = False
    is_persistent: bool = False
    """Whether it outlives a restart."""
    supports_monitoring: bool = False


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


def results_of(answer: CommandAnswer) -> tuple[VariableResult, ...]:
    """What an answer says of variables; none where it is about something else."""
    return answer.variables if isinstance(answer, VariablesAnswer) else ()


class GetVariables(Command, frozen=True):
    """Read variables; of a 1.6 station configuration keys, all of them where none is named."""

    name: ClassVar[str] = "get-variables"
    answer: ClassVar[type[CommandAnswer]] = VariablesAnswer

    refs: Annotated[tuple[VariableRef, ...], Meta(max_length=VARIABLES_MOST), _VARIABLES] = ()
    attributes: Annotated[tuple[str, ...], INSIDE] = ()
    """One for each of `refs`; without any, all are Actual."""

    @property
    def requested(self) -> tuple[tuple[VariableRef, str], ...]:
        """Each variable with the attribute to read."""
        return tuple(zip(self.refs, self.attributes or (ACTUAL,) * len(self.refs), strict=True))


class SetVariables(Command, frozen=True):
    """Set variables, in order; of a 1.6 station configuration keys, each with a CALL of its own."""

    name: ClassVar[str] = "set-variables"
    answer: ClassVar[type[CommandAnswer]] = VariablesAnswer

    assignments: Annotated[
        tuple[VariableAssignment, ...], Meta(min_length=1, max_length=VARIABLES_MOST), _VARIABLES
    ]


class NotifyReport(msgspec.Struct, frozen=True, gc=False):
    """One part of a report; `is_last` is false while more parts follow."""

    request_id: int
    seq_no: int
    is_last: bool
    variables: tuple[ReportedVariable, ...]
    generated_at: datetime | None = None


class GetBaseReport(Command, frozen=True):
    """Ask a 2.x station for its full inventory; it arrives as `variables.reported` events."""

    name: ClassVar[str] = "get-base-report"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "read the configuration with GetVariables without references"
    brings = (NotifyReport,)

    request_id: Annotated[Number, MADE_UP]
    """The number under which the report comes."""
    report_base: Annotated[str, INSIDE] = "FullInventory"
