"""A fleet on the terminal."""

import io
import json

from rich.console import Console

from borne.station_cli.fleet_screen import FleetJson, FleetTable
from simulator.fleet import FleetSummary

NOW = FleetSummary(
    stations=50,
    connected=48,
    accepted=47,
    pending=1,
    rejected=0,
    charging=12,
    faulted=0,
    power_w=132_000.0,
    energy_wh=1_500.0,
    frames=1_200,
    queued=3,
    charges=20,
    refusals=1,
    troubles={"cannot connect [bold]": 2},
)


def test_table_on_a_terminal() -> None:
    """It says what is wrong, too."""
    written = io.StringIO()
    with FleetTable(Console(file=written, force_terminal=True, width=100), "50 stations") as table:
        table.show(NOW, 2.0)
    shown = written.getvalue()
    for text in ("50 stations", "48 of 50", "132.0 kW", "1,200 (600 a second)", "cannot connect [bold]"):
        assert text in shown


def test_line_elsewhere() -> None:
    """One per look; the rate is that since the look before."""
    written = io.StringIO()
    with FleetTable(Console(file=written, width=100), "50 stations") as table:
        table.show(NOW, 2.0)
        table.show(NOW, 2.0)
    first, second = written.getvalue().splitlines()
    assert "connected 48 of 50" in first
    assert first.endswith("cannot connect [bold]")
    assert "1,200 (0 a second)" in second


def test_json_for_programs() -> None:
    """The whole summary."""
    written = io.StringIO()
    with FleetJson(Console(file=written, width=20)) as screen:
        screen.show(NOW, 2.0)
    assert json.loads(written.getvalue())["troubles"] == {"cannot connect [bold]": 2}


def test_every_label_of_the_line_stands_before_its_value() -> None:
    """Without columns nothing else tells which is which."""
    written = io.StringIO()
    with FleetTable(Console(file=written, width=100), "50 stations") as table:
        table.show(NOW, 2.0)
    shown = written.getvalue()
    assert "accepted 47, pending 1, rejected 0, charging 12, charges begun 20, charges refused 1," in shown


def test_a_word_to_whoever_looks_on() -> None:
    """For people only: to programs every line is a summary."""
    written = io.StringIO()
    with FleetTable(Console(file=written, width=20), "50 stations") as table:
        table.print_text("something to do that is long")
    assert written.getvalue() == "something to do that is long\n"
    with FleetJson(Console(file=io.StringIO())) as screen:
        screen.print_text("something to do")
