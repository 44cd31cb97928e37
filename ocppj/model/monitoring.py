"""Monitors: what a 2.x station watches of its variables, set, cleared and reported (2.x N02 to N06)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from ocppj.model.command import MADE_UP, ONLY_2X, Command, CommandAnswer, Number, first_with_reason
from ocppj.model.reports import MessageKept
from ocppj.model.variables import VARIABLES_MOST, VariablePattern
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef

MonitorType = Literal[
    "UpperThreshold",
    "LowerThreshold",
    "Delta",
    "Periodic",
    "PeriodicClockAligned",
    "TargetDelta",
    "TargetDeltaRelative",
]
"""The last two are of 2.1."""
Severity = Annotated[int, Meta(ge=0, le=9)]
"""0 is danger, 9 is debugging (2.x SetMonitoringDataType.severity)."""
HARD_WIRED, PRECONFIGURED, CUSTOM = "HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"
"""Who has set a monitor: the maker for good, the maker until somebody changes it, the central system."""
WITHOUT_MONITORING = "listen to StatusNotification, or read the configuration"
MONITORING = "MonitoringCtrlr"


class MonitorSetting(msgspec.Struct, frozen=True, gc=False):
    """A monitor to set. `value` is a threshold, a difference, or a number of seconds; with `monitor_id` it
    takes the place of that one. `in_transaction`: it watches only while its EVSE has a transaction.
    """

    ref: VariableRef
    type: MonitorType
    value: Annotated[float, Meta(ge=-1e15, le=1e15)]
    severity: Severity = 8
    monitor_id: Number | None = None
    in_transaction: bool = False


class MonitorResult(msgspec.Struct, frozen=True, gc=False):
    """What became of one setting; `monitor_id` is the number that the station gave it."""

    ref: VariableRef
    type: str
    severity: int
    status: str
    monitor_id: int | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether it watches now."""
        return self.status == "Accepted"


class MonitorsAnswer(CommandAnswer, frozen=True):
    """What a station said of each monitor; `status` sums it up: Accepted, or the first that is not."""

    monitors: tuple[MonitorResult, ...] = ()

    @classmethod
    def of(
        cls,
        monitors: tuple[MonitorResult, ...],
        reason_code: str | None = None,
        additional_info: str | None = None,
    ) -> "MonitorsAnswer":
        """The answer that sums these up."""
        status = next((each.status for each in monitors if not each.is_accepted), "Accepted")
        return cls(status, reason_code, additional_info, monitors)

    @classmethod
    def joined(cls, answers: Sequence["MonitorsAnswer"]) -> "MonitorsAnswer":
        """What several say together; the first reason that is given stands for all."""
        first = first_with_reason(answers)
        monitors = tuple(result for each in answers for result in each.monitors)
        return cls.of(monitors, first.reason_code, first.additional_info)


class SetVariableMonitoring(Command, frozen=True):
    """Let a 2.x station watch variables, and tell what it notices (N04)."""

    name: ClassVar[str] = "set-variable-monitoring"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = WITHOUT_MONITORING
    answer: ClassVar[type[CommandAnswer]] = MonitorsAnswer
    listed: ClassVar[str] = "monitors"
    bounded_by: ClassVar[str] = MONITORING

    monitors: Annotated[tuple[MonitorSetting, ...], Meta(min_length=1, max_length=VARIABLES_MOST)]

    def part(self, first: int, last: int) -> "SetVariableMonitoring":
        """Some of them (N04.FR.09)."""
        return SetVariableMonitoring(self.monitors[first:last])


class ClearedMonitor(msgspec.Struct, frozen=True, gc=False):
    """What became of one number: Accepted, Rejected (it cannot be cleared) or NotFound."""

    monitor_id: int
    status: str


class ClearedAnswer(CommandAnswer, frozen=True):
    """What a station said of each number; `status` sums it up: Accepted, or the first that is not."""

    cleared: tuple[ClearedMonitor, ...] = ()

    @classmethod
    def of(
        cls,
        cleared: tuple[ClearedMonitor, ...],
        reason_code: str | None = None,
        additional_info: str | None = None,
    ) -> "ClearedAnswer":
        """The answer that sums these up."""
        status = next((each.status for each in cleared if each.status != "Accepted"), "Accepted")
        return cls(status, reason_code, additional_info, cleared)

    @classmethod
    def joined(cls, answers: Sequence["ClearedAnswer"]) -> "ClearedAnswer":
        """What several say together; the first reason that is given stands for all."""
        first = first_with_reason(answers)
        cleared = tuple(each for answer in answers for each in answer.cleared)
        return cls.of(cleared, first.reason_code, first.additional_info)


class ClearVariableMonitoring(Command, frozen=True):
    """Let a 2.x station give up monitors, by their numbers (N06)."""

    name: ClassVar[str] = "clear-variable-monitoring"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = WITHOUT_MONITORING
    answer: ClassVar[type[CommandAnswer]] = ClearedAnswer
    listed: ClassVar[str] = "monitor_ids"
    bounded_by: ClassVar[str] = MONITORING

    monitor_ids: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=VARIABLES_MOST)]

    def part(self, first: int, last: int) -> "ClearVariableMonitoring":
        """Some of them (N06.FR.04)."""
        return ClearVariableMonitoring(self.monitor_ids[first:last])


MonitoringBase = Literal["All", "FactoryDefault", "HardWiredOnly"]


class SetBaseMonitoring(Command, frozen=True):
    """Say which monitors of its maker a 2.x station has (N03).

    All: they watch beside those that were set. FactoryDefault: only they do. HardWiredOnly: only those that
    nobody can change.
    """

    name: ClassVar[str] = "set-monitoring-base"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = WITHOUT_MONITORING

    base: MonitoringBase


class SetMonitoringLevel(Command, frozen=True):
    """Say up to which severity a 2.x station tells what its monitors notice (N05): 9 is everything."""

    name: ClassVar[str] = "set-monitoring-level"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = WITHOUT_MONITORING

    severity: Severity


class ReportedMonitor(msgspec.Struct, frozen=True, gc=False):
    """One monitor as the station reports it."""

    ref: VariableRef
    monitor_id: int
    type: str
    value: float
    severity: int
    in_transaction: bool = False
    notification: str | None = None
    """Who has set it; 2.0.1 does not say."""


class NotifyMonitoringReport(msgspec.Struct, frozen=True, gc=False):
    """One part of a report of monitors; `is_last` is false while more parts follow.

    `report` is the request as it came; who receives it adds that.
    """

    request_id: int
    seq_no: int
    is_last: bool
    monitors: tuple[ReportedMonitor, ...]
    generated_at: datetime | None = None
    report: MessageKept | None = None


MonitoringCriterion = Literal["ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"]


class GetMonitoringReport(Command, frozen=True):
    """Ask a 2.x station which monitors it has (N02); without any condition, for all of them."""

    name: ClassVar[str] = "get-monitoring-report"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = WITHOUT_MONITORING
    brings = (NotifyMonitoringReport,)
    listed: ClassVar[str] = "variables"
    is_divisible: ClassVar[bool] = False

    request_id: Annotated[Number, MADE_UP]
    """The number under which the report comes."""
    criteria: Annotated[tuple[MonitoringCriterion, ...], Meta(max_length=3)] = ()
    variables: Annotated[tuple[VariablePattern, ...], Meta(max_length=VARIABLES_MOST)] = ()
