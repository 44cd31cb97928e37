"""What a load run measured: rate and latency of each action, as a table for people and as JSON for programs.

Latencies go into HDR histograms (1 µs to 60 s, three significant digits): a percentile is a value that was
measured, not an average of averages. The loop is closed: a station sends its next message when its last was
answered, so a stall of the server lowers the rate and shows in the maximum.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram
from rich.table import Table

LOWEST_US = 1
HIGHEST_US = 60_000_000
SIGNIFICANT_DIGITS = 3
PERCENTILES = (50.0, 90.0, 99.0)


class ActionFigures:
    """The answered and failed messages of one action."""

    __slots__ = ("_latencies", "errors")

    def __init__(self) -> None:
        self._latencies = HdrHistogram(LOWEST_US, HIGHEST_US, SIGNIFICANT_DIGITS)
        self.errors = 0

    @property
    def answered(self) -> int:
        """How many messages got their answer."""
        return int(self._latencies.total_count)

    def record(self, seconds: float) -> None:
        """One answer came after `seconds`."""
        self._latencies.record_value(min(max(int(seconds * 1e6), LOWEST_US), HIGHEST_US))

    def milliseconds(self, percentile: float) -> float:
        """The latency that `percentile` percent of the answers did not exceed."""
        return float(self._latencies.get_value_at_percentile(percentile)) / 1000

    @property
    def max_ms(self) -> float:
        """The longest latency."""
        return float(self._latencies.get_max_value()) / 1000


@dataclass
class LoadReport:
    """One run. `seconds` is the measured time, without the ramp; boots are measured over `boot_seconds`."""

    url: str
    version: str
    stations: int
    booted: int = 0
    boot_seconds: float = 0.0
    seconds: float = 0.0
    lost_connections: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    """Why stations could not connect or messages failed, and how often."""
    actions: dict[str, ActionFigures] = field(default_factory=dict)

    def of(self, action: str) -> ActionFigures:
        """The figures of an action, made when it is first seen."""
        return self.actions.setdefault(action, ActionFigures())

    def failed(self, why: str) -> None:
        """Count one failure under a short reason."""
        self.failures[why] = self.failures.get(why, 0) + 1

    @property
    def is_clean(self) -> bool:
        """Every station booted, every message was answered."""
        return self.booted == self.stations and not self.failures and not self.lost_connections

    @property
    def answered(self) -> int:
        """All answers, boots aside."""
        return sum(figures.answered for name, figures in self.actions.items() if name != "BootNotification")

    def as_json(self) -> str:
        """The same figures for programs; latencies in milliseconds."""
        return json.dumps(self._figures(), indent=2)

    def _figures(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "version": self.version,
            "stations": self.stations,
            "booted": self.booted,
            "boot_seconds": round(self.boot_seconds, 3),
            "seconds": round(self.seconds, 3),
            "messages_per_s": round(self.answered / self.seconds, 1) if self.seconds else 0.0,
            "lost_connections": self.lost_connections,
            "failures": self.failures,
            "actions": {name: self._action(name, figures) for name, figures in self.actions.items()},
        }

    def _action(self, name: str, figures: ActionFigures) -> dict[str, Any]:
        seconds = self.boot_seconds if name == "BootNotification" else self.seconds
        percentiles = {f"p{p:g}_ms": figures.milliseconds(p) for p in PERCENTILES}
        return {
            "answered": figures.answered,
            "errors": figures.errors,
            "per_s": round(figures.answered / seconds, 1) if seconds else 0.0,
            **percentiles,
            "max_ms": figures.max_ms,
        }


def report_table(report: LoadReport) -> Table:
    """The figures as people read them."""
    table = Table("action", title=f"{report.booted} of {report.stations} stations, OCPP {report.version}")
    for heading in ("answered", "errors", "per second", "p50 ms", "p90 ms", "p99 ms", "max ms"):
        table.add_column(heading, justify="right")
    for name, figures in json.loads(report.as_json())["actions"].items():
        latencies = (figures[key] for key in ("p50_ms", "p90_ms", "p99_ms", "max_ms"))
        table.add_row(
            name,
            f"{figures['answered']:,}",
            f"{figures['errors']:,}",
            f"{figures['per_s']:,.0f}",
            *(f"{latency:,.2f}" for latency in latencies),
        )
    return table
