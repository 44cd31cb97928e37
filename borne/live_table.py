"""The live table: `borne ctl watch` and the demo. On a terminal a table that stays in place; elsewhere one
line per change, so that logs of containers and CI runs tell the same.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import tzinfo
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live

from borne.language import Speech
from borne.live_stations import LiveStations
from borne.station_table import QUARANTINE, WIDE_FROM, StationRow, station_line, station_row, stations_table
from borne.terminal import joined, one_line, print_text
from runtime.clock import Clock

FRAMES_PER_S = 4
LINES_PER_STATION = {True: 3, False: 5}
"""How high a row may get in a wide and in a narrow terminal, to know how many fit on the screen."""
ROWS_AT_LEAST = 3
ADOPTION_HINTS = 2
"""Who has read it twice knows how."""
OTHER_LINES = 8
"""The table's head, the hints below it, and a few lines of what was said above it."""


class Screen(Protocol):
    """Where the stations are shown, and what is said about them."""

    def show(self, rows: Sequence[StationRow], trouble: str | None) -> None:
        """The stations as they are now."""
        ...

    def print_text(self, text: str, style: str = "") -> None:
        """One line that stays."""
        ...


@dataclass(frozen=True, slots=True)
class Hints:
    """What whoever watches can do: `command` is how they call this program, `lines` stand below a table."""

    command: str
    lines: tuple[str, ...] = ()

    def adoption(self, speech: Speech, row: StationRow) -> str:
        """How a station comes out of quarantine."""
        return speech.text("adopt", command=self.command, station=row.name)


class TableScreen:
    """A table that stays at the bottom of the terminal, with what was said above it. A context manager."""

    def __init__(self, console: Console, clock: Clock, speech: Speech, hints: Hints) -> None:
        self._console, self._clock, self._speech, self._hints = console, clock, speech, hints
        self._rows: Sequence[StationRow] = ()
        self._trouble: str | None = None
        self._live = Live(
            get_renderable=self._picture,
            console=console,
            refresh_per_second=FRAMES_PER_S,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, rows: Sequence[StationRow], trouble: str | None) -> None:
        """The stations as they are now."""
        self._rows, self._trouble = rows, trouble

    def print_text(self, text: str, style: str = "") -> None:
        """One line above the table."""
        time_of_day = f"{self._clock.now().astimezone():%H:%M:%S} "
        self._console.print(joined((time_of_day, "dim"), (text, style)))

    def _picture(self) -> RenderableType:
        room = (self._console.height - OTHER_LINES) // LINES_PER_STATION[self._console.width >= WIDE_FROM]
        shown = first_rows(self._rows, max(room, ROWS_AT_LEAST))
        parts: list[RenderableType] = [stations_table(shown, self._speech, self._console.width)]
        if len(shown) < len(self._rows):
            parts.append(one_line(self._speech.text("more", count=len(self._rows) - len(shown)), "dim"))
        if self._trouble:
            parts.append(one_line(self._trouble, "red"))
        waiting = [row for row in shown if row.lifecycle == QUARANTINE][:ADOPTION_HINTS]
        parts += [one_line(self._hints.adoption(self._speech, row), "yellow") for row in waiting]
        parts += [one_line(hint, "dim") for hint in self._hints.lines]
        return Group(*parts)


class LineScreen:
    """One line per change of a station, stamped with the time of day."""

    def __init__(
        self,
        write: Callable[[str], object],
        clock: Clock,
        speech: Speech,
        hints: Hints,
        *,
        zone: tzinfo | None = None,
    ) -> None:
        self._write, self._clock, self._speech, self._hints, self._zone = write, clock, speech, hints, zone
        self._shown: dict[str, tuple[str, ...]] = {}
        self._hinted: set[str] = set()
        self._trouble: str | None = None

    def show(self, rows: Sequence[StationRow], trouble: str | None) -> None:
        """A line for each station that is new or changed."""
        if trouble != self._trouble:
            self._trouble = trouble
            if trouble:
                self.print_text(trouble)
        for row in rows:
            if self._shown.get(row.station_id) == row.change_key:
                continue
            self._shown[row.station_id] = row.change_key
            self.print_text(station_line(row))
            if row.lifecycle == QUARANTINE and row.station_id not in self._hinted:
                self._hinted.add(row.station_id)
                self.print_text(self._hints.adoption(self._speech, row))

    def print_text(self, text: str, style: str = "") -> None:  # noqa: ARG002 - a log has no colours
        """One line."""
        self._write(f"{self._clock.now().astimezone(self._zone):%H:%M:%S} {text}")


def screen_for(
    console: Console, clock: Clock, speech: Speech, hints: Hints
) -> "TableScreen | nullcontext[LineScreen]":
    """A table where somebody watches, lines where the output goes to a file or a pipe. A context manager."""
    if console.is_terminal:
        return TableScreen(console, clock, speech, hints)
    return nullcontext(LineScreen(print_text, clock, speech, hints))


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """End quietly when whoever read the output has gone, as with `| head`."""
    try:
        yield
    except* BrokenPipeError:
        # The interpreter flushes standard output once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def show_stations(live: LiveStations, screen: Screen, speech: Speech) -> None:
    """Show every change until cancelled."""
    while True:
        rows = [station_row(each, speech) for each in live.stations.values()]
        screen.show(rows, live.trouble)
        await live.change()


def first_rows(rows: Sequence[StationRow], count: int) -> list[StationRow]:
    """The rows to show where not all fit: those that need somebody, then those that charge; each in order."""
    if len(rows) <= count:
        return list(rows)
    ranked = sorted(rows, key=lambda row: (not row.blocked, not row.is_charging))
    kept = {row.station_id for row in ranked[:count]}
    return [row for row in rows if row.station_id in kept]


async def watch(live: LiveStations, screen: Screen, speech: Speech) -> None:
    """Keep the stations fresh and shown, until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(live.run(), name="live stations")
        group.create_task(show_stations(live, screen, speech), name="live table")
