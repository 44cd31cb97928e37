"""Monitors of a station's variables: when one notices something (2.x N07, N08). Pure: values and times are
handed in, and what was noticed comes out.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from ocppj.model.monitoring import MonitorType
from ocppj.vocabulary import VariableRef

THRESHOLDS = frozenset({"UpperThreshold", "LowerThreshold"})
PERIODIC = frozenset({"Periodic", "PeriodicClockAligned"})
ALERTING, DELTA, PERIODICALLY = "Alerting", "Delta", "Periodic"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StationMonitor(msgspec.Struct, frozen=True, kw_only=True):
    """One monitor, and what it remembers.

    `base` is the value that a difference counts from; `is_beyond`: its threshold is exceeded, and that was
    told; `due_at` is when a periodic one tells next.
    """

    monitor_id: int
    ref: VariableRef
    type: MonitorType
    value: float
    severity: int
    notification: str
    in_transaction: bool = False
    is_numeric: bool = True
    is_on: bool = True
    base: str | None = None
    is_beyond: bool = False
    due_at: datetime | None = None

    @property
    def is_periodic(self) -> bool:
        """Whether it tells at its times, whatever the value."""
        return self.type in PERIODIC

    def begun(self, value: str, now: datetime) -> "StationMonitor":
        """As it begins to watch: differences and periods count from now (N07.FR.18, N08.FR.06)."""
        due_at = next_due(self, now) if self.is_periodic else None
        return msgspec.structs.replace(self, base=value, due_at=due_at)


class Noticed(NamedTuple):
    """What a monitor has noticed: it is to be told with the value."""

    monitor: StationMonitor
    trigger: str
    value: str
    is_cleared: bool = False


def next_due(monitor: StationMonitor, now: datetime) -> datetime:
    """When a periodic monitor tells next: so long after now, or at a multiple of the clock (N08.FR.07)."""
    period = timedelta(seconds=monitor.value)
    if monitor.type == "Periodic":
        return now + period
    return now + period - (now - _EPOCH) % period


def looked(monitor: StationMonitor, value: str, now: datetime) -> tuple[StationMonitor, Noticed | None]:
    """A look at the value: the monitor as it is then, and what it noticed."""
    if monitor.type in THRESHOLDS:
        return _threshold(monitor, value)
    if monitor.is_periodic:
        return _period(monitor, value, now)
    return _delta(monitor, value)


def _threshold(monitor: StationMonitor, value: str) -> tuple[StationMonitor, Noticed | None]:
    """Beyond it, not on it (N07.FR.16, .17); and back again (N07.FR.02)."""
    number = number_of(value)
    if number is None:
        return monitor, None
    is_upper = monitor.type == "UpperThreshold"
    is_beyond = number > monitor.value if is_upper else number < monitor.value
    if is_beyond == monitor.is_beyond:
        return monitor, None
    moved = msgspec.structs.replace(monitor, is_beyond=is_beyond)
    return moved, Noticed(moved, ALERTING, value, is_cleared=not is_beyond)


def _delta(monitor: StationMonitor, value: str) -> tuple[StationMonitor, Noticed | None]:
    """A number that has moved by more than the value, anything else that is another (N07.FR.18, .19)."""
    if value == monitor.base:
        return monitor, None
    before, now = number_of(monitor.base), number_of(value)
    if monitor.is_numeric and before is not None and now is not None and abs(now - before) <= monitor.value:
        return monitor, None
    moved = msgspec.structs.replace(monitor, base=value)
    return moved, Noticed(moved, DELTA, value)


def _period(monitor: StationMonitor, value: str, now: datetime) -> tuple[StationMonitor, Noticed | None]:
    """Once, however many times were missed."""
    if monitor.due_at is None or now < monitor.due_at:
        return monitor, None
    from_then = monitor.due_at if monitor.type == "Periodic" else now
    due_at = next_due(monitor, from_then)
    if due_at <= now:
        due_at = next_due(monitor, now)
    moved = msgspec.structs.replace(monitor, due_at=due_at)
    return moved, Noticed(moved, PERIODICALLY, value)


def number_of(text: str | None) -> float | None:
    """The number in a value; None where there is none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def next_instant(monitors: Iterable[StationMonitor]) -> datetime | None:
    """When the first of the periodic ones is due."""
    return min((each.due_at for each in monitors if each.due_at is not None and each.is_on), default=None)
