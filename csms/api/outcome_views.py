"""How commands end, and which there are, as the API and the console tell it."""

from typing import Any

from msgspec.structs import asdict

from csms.domain.commands import CommandOutcome
from ocppj.model.command import CommandAnswer
from ocppj.model.monitoring import MonitorResult
from ocppj.model.smart_charging import CompositeSchedule
from ocppj.model.variables import ReportedVariable, VariableResult, VariablesAnswer, results_of
from ocppj.vocabulary import VariableRef
from runtime.texts import instant_text
from runtime.views import View


class RefAnswer(View, frozen=True, kw_only=True):
    """A variable's name, for people and for programs."""

    name: str
    component: str
    variable: str
    evse_id: int | None
    connector_id: int | None


class VariableResultAnswer(RefAnswer, frozen=True, kw_only=True):
    """What became of one variable."""

    status: str
    value: str | None
    is_accepted: bool


class InventoryAnswer(RefAnswer, frozen=True, kw_only=True):
    """A variable that a station told of itself."""

    value: str | None
    is_read_only: bool | None


class PlannedLimitAnswer(View, frozen=True, kw_only=True):
    """From `start_s` after the schedule's start on."""

    start_s: int
    limit: float | None
    phases: int | None


class CompositeScheduleView(View, frozen=True, kw_only=True):
    """What a station expects to let flow; `unit` is A (on each phase) or W."""

    evse_id: int
    starts_at: str | None
    duration_s: int | None
    unit: str
    periods: tuple[PlannedLimitAnswer, ...]


class MonitorResultAnswer(RefAnswer, frozen=True, kw_only=True):
    """What became of one monitor; `monitor_id` is the number that the station gave it."""

    type: str
    severity: int
    status: str
    monitor_id: int | None
    is_accepted: bool


class ClearedMonitorAnswer(View, frozen=True, kw_only=True):
    """What became of one number: Accepted, Rejected or NotFound."""

    monitor_id: int
    status: str


class CommandAnswerAnswer(View, frozen=True, kw_only=True):
    """The station's answer in neutral words."""

    status: str
    is_accepted: bool
    reason: str | None
    variables: tuple[VariableResultAnswer, ...]
    inventory: tuple[InventoryAnswer, ...]
    local_list_version: int | None
    is_ongoing: bool | None
    has_messages_queued: bool | None
    text: str | None
    schedule: CompositeScheduleView | None = None
    monitors: tuple[MonitorResultAnswer, ...] = ()
    cleared: tuple[ClearedMonitorAnswer, ...] = ()


class OutcomeAnswer(View, frozen=True, kw_only=True):
    """How a command or a raw call ended. `seq` finds the answer in the wire log."""

    outcome: str
    command_id: str
    is_accepted: bool
    answer: CommandAnswerAnswer | None
    payload: Any
    error_code: str | None
    error_description: str | None
    seq: int | None


class OfferedCommandAnswer(View, frozen=True, kw_only=True):
    """A command, and why this station cannot be asked it."""

    command: str
    is_supported: bool
    reason: str | None


def outcome_view(outcome: CommandOutcome) -> OutcomeAnswer:
    """How a command ended."""
    answer = outcome.answer
    return OutcomeAnswer(
        outcome=outcome.outcome.value,
        command_id=outcome.command_id,
        is_accepted=outcome.is_accepted,
        answer=_answer_view(answer) if answer is not None else None,
        payload=outcome.payload,
        error_code=outcome.error_code,
        error_description=outcome.error_description,
        seq=outcome.seq,
    )


def _answer_view(answer: CommandAnswer) -> CommandAnswerAnswer:
    inventory = answer.inventory if isinstance(answer, VariablesAnswer) else ()
    return CommandAnswerAnswer(
        status=answer.status,
        is_accepted=answer.is_accepted,
        reason=answer.reason,
        variables=tuple(map(_result_view, results_of(answer))),
        inventory=tuple(map(_inventory_view, inventory)),
        local_list_version=getattr(answer, "local_list_version", None),
        is_ongoing=getattr(answer, "is_ongoing", None),
        has_messages_queued=getattr(answer, "has_messages_queued", None),
        text=getattr(answer, "text", None),
        schedule=_schedule_view(getattr(answer, "schedule", None)),
        monitors=tuple(map(_monitor_view, getattr(answer, "monitors", ()))),
        cleared=tuple(
            ClearedMonitorAnswer(monitor_id=each.monitor_id, status=each.status)
            for each in getattr(answer, "cleared", ())
        ),
    )


def _schedule_view(schedule: CompositeSchedule | None) -> CompositeScheduleView | None:
    if schedule is None:
        return None
    return CompositeScheduleView(
        evse_id=schedule.evse_id,
        starts_at=instant_text(schedule.starts_at) if schedule.starts_at is not None else None,
        duration_s=schedule.duration_s,
        unit=schedule.unit,
        periods=tuple(
            PlannedLimitAnswer(start_s=each.start_s, limit=each.limit, phases=each.phases)
            for each in schedule.periods
        ),
    )


def _result_view(result: VariableResult) -> VariableResultAnswer:
    named = _ref_view(result.ref)
    return VariableResultAnswer(
        **asdict(named), status=result.status, value=result.value, is_accepted=result.is_accepted
    )


def _monitor_view(result: MonitorResult) -> MonitorResultAnswer:
    return MonitorResultAnswer(
        **asdict(_ref_view(result.ref)),
        type=result.type,
        severity=result.severity,
        status=result.status,
        monitor_id=result.monitor_id,
        is_accepted=result.is_accepted,
    )


def _inventory_view(reported: ReportedVariable) -> InventoryAnswer:
    named = _ref_view(reported.ref)
    return InventoryAnswer(**asdict(named), value=reported.value, is_read_only=reported.is_read_only)


def _ref_view(ref: VariableRef) -> RefAnswer:
    return RefAnswer(
        name=str(ref),
        component=ref.component,
        variable=ref.variable,
        evse_id=ref.evse_id,
        connector_id=ref.connector_id,
    )
