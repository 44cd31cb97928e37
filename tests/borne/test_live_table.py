"""The live table: on a terminal it stays in place, elsewhere each change is a line."""

from dataclasses import replace
from datetime import UTC
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from borne.language import speech_of
from borne.live_table import Hints, LineScreen, TableScreen, first_rows, screen_for
from borne.station_table import StationRow, station_row
from runtime.clock import ManualClock

SPEECH = speech_of("en")
HINTS = Hints("bin/borne", ("Ctrl-C leaves.",))


def row(number: int, **changes: Any) -> StationRow:
    """An active station."""
    station = {
        "station_id": f"02b0160000{number:02x}",
        "mac": f"02:B0:16:00:00:{number:02X}",
        "link": {},
        "lifecycle": "active",
    }
    return station_row(station | changes, SPEECH)


def waiting(number: int) -> StationRow:
    """A station that nobody ordered."""
    blocker = {"text": "Nobody ordered this station.", "who_clears": "administrator"}
    return row(number, lifecycle="quarantine", blocked_by=[blocker])


def lines_of(*shown: tuple[list[StationRow], str | None]) -> list[str]:
    """What a log gets."""
    lines: list[str] = []
    screen = LineScreen(lines.append, ManualClock(), SPEECH, HINTS, zone=UTC)
    for rows, trouble in shown:
        screen.show(rows, trouble)
    return lines


def test_a_log_gets_a_line_per_change() -> None:
    """Nothing is repeated; each line has the time of day."""
    lines = lines_of(([row(1)], None), ([row(1), row(2)], None), ([row(1), row(2, power_w=7000.0)], None))
    assert len(lines) == 3
    assert [line.split()[1].rstrip(":") for line in lines] == [
        "02:B0:16:00:00:01", "02:B0:16:00:00:02", "02:B0:16:00:00:02",
    ]  # fmt: skip
    assert all(line.startswith("12:00:00 ") for line in lines)


def test_a_log_says_how_to_adopt_once() -> None:
    """The command stands there ready to be copied."""
    again = replace(waiting(9), link="online")
    lines = lines_of(([row(9, lifecycle=None)], None), ([waiting(9)], None), ([again], None))
    assert len(lines) == 4
    assert lines[2].endswith("bin/borne ctl adopt 02:B0:16:00:00:09")


def test_a_log_tells_of_trouble_once() -> None:
    """And again when it changes."""
    lines = lines_of(([], "no server"), ([], "no server"), ([], None), ([], "no server"))
    assert [line.partition(" ")[2] for line in lines] == ["no server", "no server"]


def test_the_table_shows_stations_trouble_and_how_to_adopt() -> None:
    """What is said stands above it."""
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=100, height=40)
    with TableScreen(console, ManualClock(), SPEECH, HINTS) as screen:
        screen.print_text("A story line.")
        screen.show([row(1), waiting(2)], "no server at http://x")
    text = out.getvalue()
    for word in ("A story line.", "02:B0:16:00:00:01", "no server at http://x", "Ctrl-C leaves."):
        assert word in text
    assert "bin/borne ctl adopt 02:B0:16:00:00:02" in text


def test_a_small_terminal_counts_what_does_not_fit() -> None:
    """The table never scrolls: its top would be lost."""
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=100, height=24)
    with TableScreen(console, ManualClock(), SPEECH, HINTS) as screen:
        screen.show([row(number) for number in range(1, 30)], None)
    assert "… and 26 more" in out.getvalue()


def test_those_who_need_somebody_are_shown_first() -> None:
    """Then those that charge; in the order of the list."""
    rows = [row(1), row(2, open_transactions=1), waiting(3), row(4)]
    assert [each.name[-2:] for each in first_rows(rows, 2)] == ["02", "03"]
    assert first_rows(rows, 9) == rows


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_output_decides(is_terminal: bool) -> None:
    """A file or a pipe gets lines, and no hints for whoever sits there."""
    console = Console(file=StringIO(), force_terminal=is_terminal)
    with screen_for(console, ManualClock(), SPEECH, HINTS) as screen:
        assert isinstance(screen, TableScreen if is_terminal else LineScreen)
