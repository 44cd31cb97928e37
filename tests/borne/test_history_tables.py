"""What has been, in a terminal."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from borne.history_tables import duration_text, fleet_table, states_table
from borne.language import Speech

STATE = {
    "evse_id": 1,
    "connector_id": 2,
    "status": "Faulted",
    "reported": "Faulted",
    "error_code": "GroundFailure",
    "vendor_error_code": "E7",
    "info": "wet\x1b[2J socket",
    "received_at": "2026-11-29T21:04:11Z",
    "seconds": 3725.4,
}


def shown(table: Table) -> list[str]:
    """The lines of a wide terminal."""
    out = StringIO()
    Console(file=out, width=160).print(table)
    return out.getvalue().splitlines()


def states(language: str = "en", **more: Any) -> list[str]:
    """A table of one state."""
    return shown(states_table([STATE | more], Speech(language)))


def test_a_state_is_a_line() -> None:
    """Where, what, for how long, and what went wrong; nothing that a station wrote moves the cursor."""
    (line,) = [each for each in states() if "1.2" in each]
    assert "faulted" in line
    assert "1 h 2 min" in line
    assert "GroundFailure, E7" in line
    assert "socket" in line
    assert "\x1b" not in line


def test_what_the_version_calls_it_stands_beside() -> None:
    """1.6 has finer words; no error is none; EVSE 0 is the station."""
    text = "\n".join(
        states(evse_id=0, status="Occupied", reported="SuspendedEV", error_code="NoError", seconds=None)
    )
    assert "occupied (SuspendedEV)" in text
    assert "station" in text
    assert "goes on" in text
    assert "NoError" not in text


def test_states_are_told_in_the_language_of_the_terminal() -> None:
    """Those of Québec too."""
    text = "\n".join(states("fr"))
    assert "en panne" in text
    assert "durée" in text


POINT = {
    "at": "2026-11-29T21:00:00Z",
    "minutes": 60,
    "stations_known": 12,
    "stations_online": 11,
    "stations_faulted": 2,
    "stations_blocked": 3,
    "connectors_faulted": 4,
    "charging": 5,
    "power_w": 44_000.0,
    "energy_wh": 1000.0,
}


def test_a_point_of_the_fleet_is_a_line() -> None:
    """Energy is what came since the line before."""
    lines = shown(fleet_table([POINT, POINT | {"energy_wh": 3500.0}], Speech("en")))
    first, second = (each for each in lines if "11 / 12" in each)
    assert [each for each in ("44.0 kW", "2 (4)") if each not in first] == []
    assert "kWh" not in first
    assert "2.500 kWh" in second
    assert "en panne" in "\n".join(shown(fleet_table([], Speech("fr"))))


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0.2, "0 s", "0 s"),
        (59.6, "1 min 0 s", "1 min 0 s"),
        (3600, "1 h 0 min", "1 h 0 min"),
        (93_784, "1 d 2 h", "1 j 2 h"),
    ],
)
def test_a_duration_is_two_units(seconds: float, english: str, french: str) -> None:
    """Nobody reads more at a glance."""
    assert (duration_text(seconds, "en"), duration_text(seconds, "fr")) == (english, french)
