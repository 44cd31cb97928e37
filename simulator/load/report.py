"""What a load run measured: rate and latency of each action, as a table for people and as JSON for programs.

Latencies go into HDR histograms (1 µs to 60 s, three significant digits): a percentile is a value that was
measured, not an average of averages, and the parts of a run in several processes add up exactly. From when a
latency counts is the pace's affair (see `simulator.load.pace`).
"""

import json
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from ocppj.model.boot import BootNotification
from runtime.texts import printable

LOWEST_US = 1
HIGHEST_US = 60_000_000
SIGNIFICANT_DIGITS = 3
PERCENTILES = (50.0, 90.0, 99.0)
BOOT = BootNotification.__name__


class LatencyHistogram:
    """A histogram of durations."""

    __slots__ = ("_histogram",)

    def __init__(self) -> None:
        self._histogram = HdrHistogram(LOWEST_US, HIGHEST_US, SIGNIFICANT_DIGITS)

    @property
    def count(self) -> int:
        """How many were recorded."""
        return int(self._histogram.total_count)

    def record(self, seconds: float) -> None:
        """One more."""
        self._histogram.record_value(min(max(int(seconds * 1e6), LOWEST_US), HIGHEST_US))

    def milliseconds(self, percentile: float) -> float:
        """What `percentile` percent of them did not exceed; 0 without any."""
        if not self.count:
            return 0.0
        return float(self._histogram.get_value_at_percentile(percentile)) / 1000

    @property
    def max_ms(self) -> float:
        """The longest; 0 without any."""
        return float(self._histogram.get_max_value()) / 1000 if self.count else 0.0

    def figures(self) -> dict[str, float]:
        """For JSON."""
        percentiles = {f"p{p:g}_ms": self.milliseconds(p) for p in PERCENTILES}
        return {**percentiles, "max_ms": self.max_ms}

    def packed(self) -> str:
        """For another process."""
        return str(self._histogram.encode().decode("ascii"))

    def add_packed(self, packed: str) -> None:
        """Add what another process recorded."""
        self._histogram.decode_and_add(packed)


class ActionFigures:
    """The answered and failed messages of one action."""

    __slots__ = ("errors", "latencies")

    def __init__(self) -> None:
        self.latencies = LatencyHistogram()
        self.errors = 0

    @property
    def answered(self) -> int:
        """How many messages got their answer."""
        return self.latencies.count

    def record(self, seconds: float) -> None:
        """One answer came after `seconds`."""
        self.latencies.record(seconds)

    def milliseconds(self, percentile: float) -> float:
        """The latency that `percentile` percent of the answers did not exceed."""
        return self.latencies.milliseconds(percentile)

    @property
    def max_ms(self) -> float:
        """The longest latency."""
        return self.latencies.max_ms


@dataclass
class LoadReport:
    """One run. `seconds` is the measured time, from the first message to the last answer; the boots that
    begin a run have figures of their own, over `boot_seconds`.
    """

    url: str
    version: str
    stations: int
    mix: str = "heartbeat"
    rate: float | None = None
    """The rate that was asked for; None for a closed loop."""
    booted: int = 0
    boot_seconds: float = 0.0
    seconds: float = 0.0
    lost_connections: int = 0
    unsent: int = 0
    """Messages that were due and could not be sent, since their stations still waited for an answer."""
    asked: int = 0
    """CALLs of the server, each answered with NotSupported: these stations have nothing to command."""
    is_stopped: bool = False
    """Somebody ended the run before its time."""
    failures: dict[str, int] = field(default_factory=dict)
    """Why stations could not connect or messages failed, and how often."""
    boots: ActionFigures = field(default_factory=ActionFigures)
    actions: dict[str, ActionFigures] = field(default_factory=dict)
    send_lag: LatencyHistogram = field(default_factory=LatencyHistogram)
    """How late this program was with messages of a fixed rate whose stations were ready; it is part of their
    latencies.
    """

    def of(self, action: str) -> ActionFigures:
        """The figures of an action, made when it is first seen."""
        figures = self.actions.get(action)
        if figures is None:  # not `setdefault`: a histogram is made of thousands of counts
            figures = self.actions[action] = ActionFigures()
        return figures

    def failed(self, why: str, count: int = 1) -> None:
        """Count failures under a short reason."""
        self.failures[why] = self.failures.get(why, 0) + count

    @property
    def is_clean(self) -> bool:
        """Every station booted, every message was sent and answered."""
        is_whole = self.booted == self.stations and not self.lost_connections and not self.unsent
        return is_whole and not self.failures

    @property
    def answered(self) -> int:
        """All answers, the first boots aside."""
        return sum(figures.answered for figures in self.actions.values())

    @property
    def per_second(self) -> float:
        """Answers per second of the measured time."""
        return self.answered / self.seconds if self.seconds else 0.0

    def as_json(self) -> str:
        """The same figures for programs; latencies in milliseconds."""
        return json.dumps(self.figures(), indent=2)

    def figures(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {
            **self._counts(),
            "messages_per_s": round(self.per_second, 1),
            "send_lag": self.send_lag.figures() if self.rate is not None else None,
            "boot": _action(self.boots, self.boot_seconds),
            "actions": {name: _action(figures, self.seconds) for name, figures in self.actions.items()},
        }

    def packed(self) -> dict[str, Any]:
        """For another process, which adds it to its own."""
        return {
            "counts": self._counts(),
            "send_lag": self.send_lag.packed(),
            "boots": _packed(self.boots),
            "actions": {name: _packed(figures) for name, figures in self.actions.items()},
        }

    def add_packed(self, part: dict[str, Any]) -> None:
        """Add what another process measured at the same time; the stations of both are counted."""
        counts = part["counts"]
        for name in ("booted", "lost_connections", "unsent", "asked"):
            setattr(self, name, getattr(self, name) + counts[name])
        for name in ("boot_seconds", "seconds", "is_stopped"):
            setattr(self, name, max(getattr(self, name), counts[name]))
        for why, count in counts["failures"].items():
            self.failed(why, count)
        self.send_lag.add_packed(part["send_lag"])
        _add(self.boots, part["boots"])
        for name, figures in part["actions"].items():
            _add(self.of(name), figures)

    def _counts(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "version": self.version,
            "mix": self.mix,
            "rate": self.rate,
            "stations": self.stations,
            "booted": self.booted,
            "boot_seconds": round(self.boot_seconds, 3),
            "seconds": round(self.seconds, 3),
            "is_stopped": self.is_stopped,
            "lost_connections": self.lost_connections,
            "unsent": self.unsent,
            "asked": self.asked,
            "failures": self.failures,
        }


def report_table(report: LoadReport) -> Table:
    """The figures as people read them."""
    pace = "closed loop" if report.rate is None else f"{report.rate:,g} messages/s"
    about = f"{report.booted:,} of {report.stations:,} stations, OCPP {report.version}, {report.mix}, {pace}"
    table = Table(title=about, caption="latencies in milliseconds", box=SIMPLE_HEAD, pad_edge=False)
    table.collapse_padding = True
    table.add_column("action", overflow="fold")
    for heading in ("answered", "errors", "per s", "p50", "p90", "p99", "max"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
    _add_row(table, "first boot", report.boots, report.boot_seconds)
    for name, figures in report.actions.items():
        _add_row(table, name, figures, report.seconds)
    return table


def report_remarks(report: LoadReport) -> Text:
    """What the table cannot say: the sum, what failed, and what makes the figures doubtful."""
    rate = f"{report.answered:,} answers in {report.seconds:.1f} s: {report.per_second:,.0f} messages/s"
    lines = [f"{rate}. Connecting and booting took {report.boot_seconds:.1f} s."]
    if report.is_stopped:
        lines.append("Stopped before its time: this is what was measured until then.")
    if report.send_lag.count:
        lag = report.send_lag
        lines.append(
            f"This program itself sent late by {lag.milliseconds(50):.2f} ms (p50), "
            f"{lag.milliseconds(99):.2f} ms (p99): included above."
        )
    if report.unsent:
        lines.append(f"{report.unsent:,} messages were due and not sent: the server is slower than the rate.")
    if report.asked:
        lines.append(f"{report.asked:,} requests of the server were answered with NotSupported.")
    if report.lost_connections:
        lines.append(f"{report.lost_connections:,} connections were lost.")
    lines += [
        f"{count:,} × {printable(why)}"
        for why, count in sorted(report.failures.items(), key=lambda each: -each[1])
    ]
    return Text("\n".join(lines))


def _action(figures: ActionFigures, seconds: float) -> dict[str, Any]:
    return {
        "answered": figures.answered,
        "errors": figures.errors,
        "per_s": round(figures.answered / seconds, 1) if seconds else 0.0,
        **figures.latencies.figures(),
    }


def _add_row(table: Table, name: str, figures: ActionFigures, seconds: float) -> None:
    one = _action(figures, seconds)
    latencies = (one[key] for key in ("p50_ms", "p90_ms", "p99_ms", "max_ms"))
    table.add_row(
        name,
        f"{one['answered']:,}",
        f"{one['errors']:,}",
        f"{one['per_s']:,.0f}",
        *map(_three_digits, latencies),
    )


def _three_digits(milliseconds: float) -> str:
    """As many as the histogram keeps: 0.25, 12.3, 1,670."""
    decimals = 2 if milliseconds < 10 else 1 if milliseconds < 100 else 0
    return f"{milliseconds:,.{decimals}f}"


def _packed(figures: ActionFigures) -> dict[str, Any]:
    return {"errors": figures.errors, "latencies": figures.latencies.packed()}


def _add(figures: ActionFigures, packed: dict[str, Any]) -> None:
    figures.errors += packed["errors"]
    figures.latencies.add_packed(packed["latencies"])
