"""What a station does when its monitors are set, cleared or reported (2.x N02 to N06)."""

from functools import partial

from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.monitoring import (
    MONITORING,
    ClearedAnswer,
    ClearedMonitor,
    ClearVariableMonitoring,
    GetMonitoringReport,
    MonitorResult,
    MonitorsAnswer,
    MonitorSetting,
    SetBaseMonitoring,
    SetMonitoringLevel,
    SetVariableMonitoring,
)
from simulator.model.monitors import PERIODIC, THRESHOLDS
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, answered
from simulator.station.command_handlers.variables import fits, refuse_patterns
from simulator.station.monitoring import Monitoring

_CRITERIA = {
    "ThresholdMonitoring": THRESHOLDS,
    "DeltaMonitoring": frozenset({"Delta"}),
    "PeriodicMonitoring": PERIODIC,
}
"""N02.FR.12 to .14."""
LEAST_SEVERE = 9


def _monitoring(station: CommandContext, count: int = 0, command: str = "") -> Monitoring:
    """Raises ViolationError where there is none, or for too much in a message (N04.FR.09, N06.FR.06)."""
    if not station.variables.flag(MONITORING, "Enabled"):
        raise ViolationError(ErrorKind.NOT_SUPPORTED, "this station has no monitoring")
    most = station.variables.number(MONITORING, "ItemsPerMessage", count, command)
    if count > most:
        detail = f"this station takes {most:g} items in a message, not {count}"
        raise ViolationError(ErrorKind.OCCURRENCE_CONSTRAINT, detail)
    return station.monitoring


def _set(station: CommandContext, c: SetVariableMonitoring) -> Handled:
    """One result for each, in their order (N04.FR.01); values are looked at once it is answered."""
    monitoring = _monitoring(station, len(c.monitors), "SetVariableMonitoring")
    results = tuple(_set_one(monitoring, each) for each in c.monitors)
    return Handled(MonitorsAnswer.of(results), monitoring.look)


def _set_one(monitoring: Monitoring, setting: MonitorSetting) -> MonitorResult:
    status = monitoring.refusal(setting)
    number = monitoring.set(setting) if status is None else setting.monitor_id
    return MonitorResult(setting.ref, setting.type, setting.severity, status or "Accepted", number)


def _clear(station: CommandContext, c: ClearVariableMonitoring) -> Handled:
    monitoring = _monitoring(station, len(c.monitor_ids), "ClearVariableMonitoring")
    results = tuple(ClearedMonitor(each, monitoring.clear(each)) for each in c.monitor_ids)
    return Handled(ClearedAnswer.of(results))


def _set_base(station: CommandContext, c: SetBaseMonitoring) -> Handled:
    monitoring = _monitoring(station)
    monitoring.choose_base(c.base)
    return accepted(c, monitoring.look)


def _set_level(station: CommandContext, c: SetMonitoringLevel) -> Handled:
    monitoring = _monitoring(station)
    if not 0 <= c.severity <= LEAST_SEVERE:
        return answered(c, "Rejected")  # N05.FR.02
    monitoring.choose_level(c.severity)
    return accepted(c, monitoring.look)


def _report(station: CommandContext, c: GetMonitoringReport) -> Handled:
    """Those of which both the criteria and the patterns are true (N02.FR.05)."""
    monitoring = _monitoring(station)
    refuse_patterns(station, c.variables)
    found = [
        each
        for each in monitoring.reported()
        if (not c.criteria or any(each.type in _CRITERIA[word] for word in c.criteria))
        and (not c.variables or any(fits(each.ref, pattern) for pattern in c.variables))
    ]
    if not found:
        return answered(c, "EmptyResultSet")  # N02.FR.10
    return accepted(c, partial(monitoring.report, c.request_id, found))


HANDLERS: dict[type, Handler] = {
    SetVariableMonitoring: _set,
    ClearVariableMonitoring: _clear,
    SetBaseMonitoring: _set_base,
    SetMonitoringLevel: _set_level,
    GetMonitoringReport: _report,
}
