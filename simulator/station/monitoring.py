"""What a 2.x station watches of its own variables, and tells by NotifyEvent (2.x block N).

Values that the station keeps are looked at whenever something about it has changed; those that flow, like an
EVSE's power, once a second while anybody watches. What a monitor is and when it notices something is in
`simulator.model.monitors`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent
from ocppj.model.monitoring import (
    CUSTOM,
    HARD_WIRED,
    MONITORING,
    PRECONFIGURED,
    MonitorSetting,
    NotifyMonitoringReport,
    ReportedMonitor,
)
from ocppj.vocabulary import VariableRef
from runtime.clock import Timer
from simulator.model.inventory import parse_name
from simulator.model.monitors import PERIODIC, THRESHOLDS, Noticed, StationMonitor, looked, next_instant
from simulator.model.template import MonitorTemplate
from simulator.model.variables import Kind, Mutability, StationVariable
from simulator.model.version_rules import VersionRules
from simulator.station.context import StationContext

LOOK_S = 1.0
"""How often values that flow are looked at."""
MONITORS_MOST = 100
"""Of one station; it refuses more."""
EVENTS_MOST = 200
"""Events that wait for a connection; beyond, the oldest go."""
MONITORS_PER_REPORT = 10
ACTIVE_BASE = VariableRef(MONITORING, "ActiveMonitoringBase")
ACTIVE_LEVEL = VariableRef(MONITORING, "ActiveMonitoringLevel")
BASE_WORDS = {"All": "All", "FactoryDefault": "FactoryDefault", "HardWiredOnly": "HardwiredOnly"}
"""As the variable spells them (2.0.1 §2.11.8, 2.1 §2.13.8)."""
_NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL})


class Monitoring:
    """One station's monitors. `made` are those of its maker."""

    def __init__(self, context: StationContext, rules: VersionRules, made: Sequence[MonitorTemplate]) -> None:
        self._context, self._rules = context, rules
        self._made = made
        self.monitors: dict[int, StationMonitor] = {}
        self.level = 9
        self.base = "All"
        self.waiting: deque[MonitoredEvent] = deque(maxlen=EVENTS_MOST)
        """Events that wait for a connection (N07.FR.04)."""
        self._last_id = self._last_event = 0
        self._timer: Timer | None = None
        self._is_on = self._is_looking = False

    # Power

    def start(self) -> None:
        """The station runs: its maker's monitors watch, and those that were kept (N07.FR.13)."""
        for each in self._made:
            monitor = self._of_maker(each)
            if monitor.monitor_id not in self.monitors:
                is_on = monitor.notification == HARD_WIRED or self.base != "HardWiredOnly"
                self._put(replace(monitor, is_on=is_on))
        self._show()
        self._is_on = True
        self.look()

    def stop(self) -> None:
        """Power is off: nothing is watched, and what waited in memory is lost."""
        self._is_on = False
        self.waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def restore(self, monitors: Iterable[StationMonitor], base: str, level: int) -> None:
        """Take what was kept."""
        self.monitors = {each.monitor_id: each for each in monitors}
        self._last_id = max(self.monitors, default=0)
        self.base, self.level = base, level

    def _of_maker(self, made: MonitorTemplate) -> StationMonitor:
        place = self._made.index(made) + 1
        ref = parse_name(made.variable)
        if made.evse_id is not None:
            ref = VariableRef(ref.component, ref.variable, None, ref.variable_instance, made.evse_id)
        variable = self._context.variables.find(ref)
        monitor = StationMonitor(
            monitor_id=place,
            ref=variable.ref if variable is not None else ref,
            type=made.type,
            value=made.value,
            severity=made.severity,
            notification=HARD_WIRED if made.is_hard_wired else PRECONFIGURED,
            is_numeric=variable is not None and variable.kind in _NUMERIC,
        )
        return monitor.begun(self._value(monitor.ref), self._context.now())

    def _show(self) -> None:
        if self._context.variables.find(ACTIVE_BASE) is None:
            return  # 1.6 has no monitors
        self._context.variables.put(ACTIVE_BASE, BASE_WORDS[self.base])
        self._context.variables.put(ACTIVE_LEVEL, str(self.level))

    # What the central system asks

    def refusal(self, setting: MonitorSetting) -> str | None:
        """The status by which a setting is refused (N04.FR.03 to .18); None: it can be set."""
        variables = self._context.variables
        variable = variables.find(setting.ref)
        if variable is None:
            return "UnknownVariable" if variables.has_component(setting.ref) else "UnknownComponent"
        if not _watches(variable, setting.type):
            return "UnsupportedMonitorType"
        if not _is_in_range(variable, setting):
            return "Rejected"
        known = self.monitors.get(setting.monitor_id) if setting.monitor_id is not None else None
        if setting.monitor_id is not None and (
            known is None or known.ref != variable.ref or known.notification == HARD_WIRED
        ):
            return "Rejected"
        if self._has_same(variable.ref, setting):
            return "Duplicate"
        return "Rejected" if known is None and len(self.monitors) >= MONITORS_MOST else None

    def _has_same(self, ref: VariableRef, setting: MonitorSetting) -> bool:
        """N04.FR.10: two of the same type and severity on one variable would say the same."""
        return any(
            (each.ref, each.type, each.severity) == (ref, setting.type, setting.severity)
            and each.monitor_id != setting.monitor_id
            for each in self.monitors.values()
        )

    def set(self, setting: MonitorSetting) -> int:
        """Watch; the number. What it takes the place of leaves behind whether it was beyond (N07.FR.11)."""
        variable = self._context.variables.find(setting.ref)
        if variable is None:
            raise LookupError(f"no variable {setting.ref}")
        known = self.monitors.get(setting.monitor_id or 0)
        is_beyond = known is not None and known.is_beyond and setting.type == known.type
        monitor = StationMonitor(
            monitor_id=setting.monitor_id or self._last_id + 1,
            ref=variable.ref,
            type=setting.type,
            value=setting.value,
            severity=setting.severity,
            notification=CUSTOM,
            in_transaction=setting.in_transaction,
            is_numeric=variable.kind in _NUMERIC,
            is_beyond=is_beyond,
        )
        self._put(monitor.begun(self._value(monitor.ref), self._context.now()))
        return monitor.monitor_id

    def clear(self, monitor_id: int) -> str:
        """Watch no longer, without a word of it (N06, N07.FR.12); the status."""
        known = self.monitors.get(monitor_id)
        if known is None:
            return "NotFound"
        if known.notification == HARD_WIRED:
            return "Rejected"
        del self.monitors[monitor_id]
        return "Accepted"

    def choose_base(self, base: str) -> None:
        """N03.FR.03 to .05: one of the maker that somebody has changed is one of those that were set."""
        self.base = base
        if base != "All":
            self.monitors = {
                number: each for number, each in self.monitors.items() if each.notification != CUSTOM
            }
        for each in self._made:
            monitor = self._of_maker(each)
            known = self.monitors.get(monitor.monitor_id, monitor)
            if known.notification == PRECONFIGURED:
                self._put(replace(known, is_on=base != "HardWiredOnly"))
        self._show()

    def choose_level(self, severity: int) -> None:
        """Tell only what is as severe (N05.FR.03)."""
        self.level = severity
        self._show()

    def reported(self) -> list[StationMonitor]:
        """Those that watch, in the order of their variables."""
        found = [each for each in self.monitors.values() if each.is_on]
        return sorted(found, key=lambda each: (str(each.ref), each.ref.evse_id or 0, each.monitor_id))

    def report(self, request_id: int, found: Sequence[StationMonitor]) -> None:
        """In parts, numbered from 0 (N02.FR.09)."""
        cuts = range(0, len(found), MONITORS_PER_REPORT)
        for seq_no, first in enumerate(cuts):
            part = found[first : first + MONITORS_PER_REPORT]
            message = NotifyMonitoringReport(
                request_id,
                seq_no,
                seq_no == len(cuts) - 1,
                tuple(_reported(each, self._rules) for each in part),
                self._context.now(),
            )
            self._context.sender.send(message, is_requested=True)

    def _put(self, monitor: StationMonitor) -> None:
        self._last_id = max(self._last_id, monitor.monitor_id)
        self.monitors[monitor.monitor_id] = monitor

    # Watching

    def look(self) -> None:
        """At everything that is watched; tell what was noticed."""
        if not self._is_on or self._is_looking or not self.monitors:
            return
        self._is_looking = True
        try:
            now = self._context.now()
            events = [event for each in list(self.monitors.values()) for event in self._looked(each, now)]
        finally:
            self._is_looking = False
        self._send(events)
        self._look_again()

    def _looked(self, monitor: StationMonitor, now: datetime) -> list[MonitoredEvent]:
        if not monitor.is_on or not self._is_watching(monitor):
            return []
        moved, noticed = looked(monitor, self._value(monitor.ref), now)
        is_told = noticed is not None and monitor.severity <= self.level and self._may_wait(monitor)
        if is_told or monitor.type in PERIODIC:  # what nobody is told has not been noticed (N07.FR.15)
            self.monitors[monitor.monitor_id] = moved
        return [self._event(noticed, now)] if noticed is not None and is_told else []

    def _is_watching(self, monitor: StationMonitor) -> bool:
        return not monitor.in_transaction or self._transaction_of(monitor) is not None

    def _transaction_of(self, monitor: StationMonitor) -> str | None:
        """The transaction that the variable's EVSE has; of the station's own any."""
        evses = self._context.connectors.evses
        if monitor.ref.evse_id is not None:
            chosen = [evses[monitor.ref.evse_id]] if monitor.ref.evse_id in evses else []
        else:
            chosen = list(evses.values())
        running = (evse.transaction for evse in chosen if evse.transaction is not None)
        return next((each.transaction_id for each in running), None)

    def _may_wait(self, monitor: StationMonitor) -> bool:
        """Whether it can be told now, or is severe enough to wait for a connection (N07.FR.04)."""
        most = self._context.variables.number(MONITORING, "OfflineQueuingSeverity", 9)
        return self._context.sender.is_free or monitor.severity <= most

    def _value(self, ref: VariableRef) -> str:
        """Of a write-only one nothing (N07.FR.10)."""
        variable = self._context.variables.find(ref)
        if variable is None or variable.mutability is Mutability.WRITE_ONLY:
            return ""
        return self._context.variables.value(ref) or ""

    def _event(self, noticed: Noticed, now: datetime) -> MonitoredEvent:
        self._last_event += 1
        monitor = noticed.monitor
        return MonitoredEvent(
            ref=monitor.ref,
            value=noticed.value,
            at=now,
            event_id=self._last_event,
            trigger=noticed.trigger,
            notification=monitor.notification,
            monitor_id=monitor.monitor_id,
            is_cleared=noticed.is_cleared,
            transaction_id=self._transaction_of(monitor),
        )

    def _send(self, events: Sequence[MonitoredEvent]) -> None:
        if not events:
            return
        sent = self._context.sender.send(NotifyEvent(tuple(events), generated_at=self._context.now()))
        if sent is None:
            self.waiting.extend(events)

    def send_waiting(self) -> None:
        """The station may send again."""
        waiting = tuple(self.waiting)
        self.waiting.clear()
        self._send(waiting)

    def _look_again(self) -> None:
        """When the first period ends, and soon where a value may have moved."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_at = next_instant(self.monitors.values())
        waits = [(due_at - self._context.now()).total_seconds()] if due_at is not None else []
        if any(each.is_on and not each.is_periodic for each in self.monitors.values()):
            waits.append(LOOK_S)
        if waits and self._is_on:
            self._timer = self._context.clock.call_later(max(min(waits), 0.01), self.look)


def _watches(variable: StationVariable, kind: str) -> bool:
    """What a variable can be watched for (N04.FR.05)."""
    if kind in THRESHOLDS:
        return variable.kind in _NUMERIC
    return kind == "Delta" or kind in PERIODIC


def _is_in_range(variable: StationVariable, setting: MonitorSetting) -> bool:
    """N04.FR.06, .14; a period is some seconds."""
    if setting.type in PERIODIC:
        return setting.value > 0
    if setting.type not in THRESHOLDS:
        return setting.value >= 0
    least, most = variable.minimum, variable.maximum
    return (least is None or setting.value >= least) and (most is None or setting.value <= most)


def _reported(monitor: StationMonitor, rules: VersionRules) -> ReportedMonitor:
    return ReportedMonitor(
        ref=monitor.ref,
        monitor_id=monitor.monitor_id,
        type=monitor.type,
        value=monitor.value,
        severity=monitor.severity,
        in_transaction=monitor.in_transaction,
        notification=monitor.notification if rules.reports_who_monitors else None,
    )
