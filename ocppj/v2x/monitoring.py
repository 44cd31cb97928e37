"""OCPP 2.x, monitors: the wire and the model."""

from collections.abc import Iterable, Sequence
from typing import Any

from ocppj.model.command import Command
from ocppj.model.messages import StationMessage
from ocppj.model.monitoring import (
    ClearedAnswer,
    ClearedMonitor,
    ClearVariableMonitoring,
    GetMonitoringReport,
    MonitorResult,
    MonitorsAnswer,
    MonitorSetting,
    NotifyMonitoringReport,
    ReportedMonitor,
    SetBaseMonitoring,
    SetMonitoringLevel,
    SetVariableMonitoring,
)
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.patterns import pattern_from_v2x, pattern_to_v2x, patterns_refusal
from ocppj.v2x.status import answered_by_status, status_info_from_v2x

# --- What stations send ----------------------------------------------------------------------------------


def _report(m: Any, findings: list[str]) -> StationMessage:
    monitors = tuple(
        _reported(entry, each) for entry in m.monitor or () for each in entry.variable_monitoring
    )
    at = read_time(m.generated_at, findings)
    return NotifyMonitoringReport(m.request_id, m.seq_no, not m.tbc, monitors, at)


def _reported(entry: Any, m: Any) -> ReportedMonitor:
    return ReportedMonitor(
        ref=convert.variable_from_v2x(entry.component, entry.variable),
        monitor_id=m.id,
        type=m.type,
        value=m.value,
        severity=m.severity,
        in_transaction=m.transaction,
        notification=getattr(m, "event_notification_type", None),
    )


def _report_to_wire(m: NotifyMonitoringReport) -> dict[str, Any]:
    return present(
        {
            "requestId": m.request_id,
            "seqNo": m.seq_no,
            "generatedAt": time_to_wire(m.generated_at) if m.generated_at is not None else None,
            "tbc": not m.is_last,
            "monitor": [_monitor_to_wire(each) for each in m.monitors] or None,
        }
    )


def _monitor_to_wire(monitor: ReportedMonitor) -> dict[str, Any]:
    """Only 2.1 has a field for who has set it."""
    one = {
        "id": monitor.monitor_id,
        "transaction": monitor.in_transaction,
        "value": monitor.value,
        "type": monitor.type,
        "severity": monitor.severity,
        "eventNotificationType": monitor.notification,
    }
    return convert.variable_to_v2x(monitor.ref) | {"variableMonitoring": [present(one)]}


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=NotifyMonitoringReport,
        action="NotifyMonitoringReport",
        request_from_wire=_report,
        request_to_wire=_report_to_wire,
    ),
)


# --- SetVariableMonitoring -------------------------------------------------------------------------------


def _set_to_v2x(c: SetVariableMonitoring) -> dict[str, Any]:
    return {"setMonitoringData": [_setting_to_v2x(each) for each in c.monitors]}


def _setting_to_v2x(setting: MonitorSetting) -> dict[str, Any]:
    said = {
        "id": setting.monitor_id,
        "transaction": setting.in_transaction or None,
        "value": setting.value,
        "type": setting.type,
        "severity": setting.severity,
    }
    return present(said) | convert.variable_to_v2x(setting.ref)


def _set_from_v2x(m: Any) -> SetVariableMonitoring:
    return SetVariableMonitoring(
        tuple(
            MonitorSetting(
                ref=convert.variable_from_v2x(each.component, each.variable),
                type=each.type,
                value=each.value,
                severity=each.severity,
                monitor_id=each.id,
                in_transaction=bool(each.transaction),
            )
            for each in m.set_monitoring_data
        )
    )


def _set_refusal(c: SetVariableMonitoring) -> str | None:
    return None if c.monitors else "there is nothing to watch: monitors"


def _results_to_v2x(answer: MonitorsAnswer) -> dict[str, Any]:
    return {
        "setMonitoringResult": [
            present(
                {
                    "id": each.monitor_id,
                    "status": each.status,
                    "type": each.type,
                    "severity": each.severity,
                }
            )
            | convert.variable_to_v2x(each.ref)
            for each in answer.monitors
        ]
    }


def _results_from_v2x(m: Any) -> MonitorsAnswer:
    results = tuple(
        MonitorResult(
            convert.variable_from_v2x(each.component, each.variable),
            str(each.type),
            each.severity,
            str(each.status),
            each.id,
        )
        for each in m.set_monitoring_result
    )
    return MonitorsAnswer.of(results, *_first_reason(m.set_monitoring_result))


def _first_reason(entries: Iterable[Any]) -> tuple[str | None, str | None]:
    """The first reason that is given for one of them stands for all."""
    infos = (each.status_info for each in entries)
    return status_info_from_v2x(next((info for info in infos if info is not None), None))


def _results_joined(_c: Command, answers: Sequence[MonitorsAnswer]) -> MonitorsAnswer:
    return MonitorsAnswer.joined(answers)


# --- ClearVariableMonitoring -----------------------------------------------------------------------------


def _clear_to_v2x(c: ClearVariableMonitoring) -> dict[str, Any]:
    return {"id": list(c.monitor_ids)}


def _clear_from_v2x(m: Any) -> ClearVariableMonitoring:
    return ClearVariableMonitoring(tuple(m.id))


def _clear_refusal(c: ClearVariableMonitoring) -> str | None:
    return None if c.monitor_ids else "there is nothing to clear: monitor_ids"


def _cleared_to_v2x(answer: ClearedAnswer) -> dict[str, Any]:
    return {
        "clearMonitoringResult": [{"id": each.monitor_id, "status": each.status} for each in answer.cleared]
    }


def _cleared_from_v2x(m: Any) -> ClearedAnswer:
    results = tuple(ClearedMonitor(each.id, str(each.status)) for each in m.clear_monitoring_result)
    return ClearedAnswer.of(results, *_first_reason(m.clear_monitoring_result))


def _cleared_joined(_c: Command, answers: Sequence[ClearedAnswer]) -> ClearedAnswer:
    return ClearedAnswer.joined(answers)


# --- The rest --------------------------------------------------------------------------------------------


def _base_to_v2x(c: SetBaseMonitoring) -> dict[str, Any]:
    return {"monitoringBase": c.base}


def _base_from_v2x(m: Any) -> SetBaseMonitoring:
    return SetBaseMonitoring(m.monitoring_base)


def _level_to_v2x(c: SetMonitoringLevel) -> dict[str, Any]:
    return {"severity": c.severity}


def _level_from_v2x(m: Any) -> SetMonitoringLevel:
    return SetMonitoringLevel(m.severity)


def _get_to_v2x(c: GetMonitoringReport) -> dict[str, Any]:
    return present(
        {
            "requestId": c.request_id,
            "monitoringCriteria": list(c.criteria) or None,
            "componentVariable": [pattern_to_v2x(each) for each in c.variables] or None,
        }
    )


def _get_from_v2x(m: Any) -> GetMonitoringReport:
    return GetMonitoringReport(
        m.request_id,
        tuple(m.monitoring_criteria or ()),
        tuple(pattern_from_v2x(each) for each in m.component_variable or ()),
    )


def _get_refusal(c: GetMonitoringReport) -> str | None:
    return patterns_refusal(c.variables)


_FIELDS = {"name": "component or variable", "transaction": "in_transaction"}
COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=SetVariableMonitoring,
        action="SetVariableMonitoring",
        request_to_wire=_set_to_v2x,
        request_from_wire=_set_from_v2x,
        answer_to_wire=_results_to_v2x,
        answer_from_wire=_results_from_v2x,
        refusal=_set_refusal,
        join=_results_joined,
        fields=_FIELDS | {"setMonitoringData": "monitors", "id": "monitor_id"},
    ),
    CommandTranslator(
        command=ClearVariableMonitoring,
        action="ClearVariableMonitoring",
        request_to_wire=_clear_to_v2x,
        request_from_wire=_clear_from_v2x,
        answer_to_wire=_cleared_to_v2x,
        answer_from_wire=_cleared_from_v2x,
        refusal=_clear_refusal,
        join=_cleared_joined,
        fields={"id": "monitor_ids"},
    ),
    answered_by_status(
        SetBaseMonitoring,
        "SetMonitoringBase",
        request_to_wire=_base_to_v2x,
        request_from_wire=_base_from_v2x,
        fields={"monitoringBase": "base"},
    ),
    answered_by_status(
        SetMonitoringLevel,
        "SetMonitoringLevel",
        request_to_wire=_level_to_v2x,
        request_from_wire=_level_from_v2x,
    ),
    answered_by_status(
        GetMonitoringReport,
        "GetMonitoringReport",
        request_to_wire=_get_to_v2x,
        request_from_wire=_get_from_v2x,
        refusal=_get_refusal,
        fields={"monitoringCriteria": "criteria", "componentVariable": "variables"},
    ),
)
