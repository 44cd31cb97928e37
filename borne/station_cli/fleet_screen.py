"""A fleet on the terminal: a live table for people, one JSON object per look for programs."""

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table

from borne.terminal import one_line
from runtime.texts import energy_text, number_text, power_text
from simulator.fleet import FleetSummary

TROUBLES_SHOWN = 3


class FleetTable:
    """Stays in place on a terminal; elsewhere one line per look."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._frames = 0

    def __enter__(self) -> "FleetTable":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, now: FleetSummary, seconds: float) -> None:
        """The fleet now, `seconds` after the look before."""
        rate = (now.frames - self._frames) / seconds if seconds > 0 else 0.0
        self._frames = now.frames
        if self._live is not None:
            self._live.update(_table(now, rate, self._title), refresh=True)
        else:
            self._console.print(one_line(_line(now, rate)), soft_wrap=True)

    def print_text(self, text: str) -> None:
        """A word to the person who looks on; above the table where that stays in place."""
        self._console.print(one_line(text, "red"), soft_wrap=True)


class FleetJson:
    """One object per look."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> "FleetJson":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, now: FleetSummary, seconds: float) -> None:  # noqa: ARG002 - as the table
        """The fleet now."""
        self._console.out(msgspec.json.encode(now).decode())
        self._console.file.flush()

    def print_text(self, text: str) -> None:
        """Nothing: a program reads the counts, and each line is a summary."""


def _table(now: FleetSummary, rate: float, title: str) -> Table:
    table = Table(title=one_line(title), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _rows(now, rate):
        table.add_row(one_line(name), one_line(value))
    for reason, count in list(now.troubles.items())[:TROUBLES_SHOWN]:
        table.add_row(one_line(reason, "red"), one_line(str(count), "red"))
    return table


def _rows(now: FleetSummary, rate: float) -> list[tuple[str, str]]:
    return [
        ("connected", f"{now.connected} of {now.stations}"),
        ("accepted", str(now.accepted)),
        ("pending", str(now.pending)),
        ("rejected", str(now.rejected)),
        ("charging", str(now.charging)),
        ("charges begun", str(now.charges)),
        ("charges refused", str(now.refusals)),
        ("power", power_text(now.power_w)),
        ("energy", energy_text(now.energy_wh)),
        ("messages on the wire", f"{number_text(now.frames)} ({number_text(rate)} a second)"),
        ("transaction messages that wait", str(now.queued)),
    ]


def _line(now: FleetSummary, rate: float) -> str:
    text = ", ".join(f"{name} {value}" for name, value in _rows(now, rate))
    trouble = next(iter(now.troubles), None)
    return text if trouble is None else f"{text}; {trouble}"
