"""What the API says of a station stands in the table, in either language and in any terminal."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from borne.language import speech_of
from borne.station_table import station_line, station_row, stations_table
from borne.terminal import Terminal

NOT_LOCALIZED = {
    "code": "E_NOT_LOCALIZED",
    "text": "The station is not localized.",
    "text_en": "The station is not localized.",
    "text_fr": "La borne n'est pas localisée.",
    "way_out": "Claim it.",
    "who_clears": "installer",
}


def station(**changes: Any) -> dict[str, Any]:
    """A 1.6 station that waits for its installer."""
    return {
        "station_id": "02b016000001",
        "mac": "02:B0:16:00:00:01",
        "vendor": "Rivebleue",
        "model": "RB-22",
        "version": "1.6",
        "link": {"is_unauthenticated": True},
        "lifecycle": "powered",
        "blocked_by": [NOT_LOCALIZED],
        "connectors": [
            {"evse_id": 0, "connector_id": 0, "status": "Available"},
            {"evse_id": 1, "connector_id": 1, "status": "Available"},
        ],
        "open_transactions": 0,
        "power_w": 0.0,
        "energy_wh": 0.0,
    } | changes


def printed(width: int, language: str = "en", **changes: Any) -> str:
    """The table as a terminal of this width shows it."""
    speech, out = speech_of(language), StringIO()
    console = Console(file=out, width=width, height=50)
    console.print(stations_table([station_row(station(**changes), speech)], speech, width))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 139, 140, 200])
def test_everything_is_shown_at_any_width(width: int) -> None:
    """MAC, model, version, link and its warning, lifecycle, blocker and who clears it, power, energy."""
    text = printed(width, power_w=11_000.0, energy_wh=367.2, open_transactions=1)
    for word in (
        "02:B0:16:00:00:01", "RB-22", "1.6", "online", "unauthenticated", "powered", "installer",
        "11.0 kW", "0.367 kWh", "charging 1/1",
    ):  # fmt: skip
        assert word in text, word
    assert all(word in text for word in ("The station is not", "localized."))
    assert max(map(len, text.splitlines())) <= width


def test_french_has_french_words_and_numbers() -> None:
    """As the console writes them."""
    text = printed(160, "fr", power_w=11_000.0, open_transactions=1)
    for word in ("hors ligne", "en ligne"):
        assert (word in text) is (word == "en ligne")
    for word in ("non authentifiée", "alimentée", "installateur", "11,0 kW", "en charge 1/1"):
        assert word in text


def test_markup_of_a_station_is_text() -> None:
    """What a station calls itself is never read as colours or links."""
    assert "[red]Evil[/red]" in printed(160, model="[red]Evil[/red]")


def test_a_station_that_said_nothing_has_a_row() -> None:
    """Only its id is certain."""
    row = station_row({"station_id": "bench-1", "link": None}, speech_of("en"))
    assert (row.name, row.model, row.version, row.link, row.state, row.blocked) == (
        "bench-1", "", "", "offline", "", "",
    )  # fmt: skip
    assert station_line(row) == "bench-1: offline"


@pytest.mark.parametrize(
    ("statuses", "open_transactions", "use"),
    [
        (["Available", "Available"], 0, "available"),
        (["Available", "Faulted"], 0, "available, faulted"),
        (["Occupied", "Available"], 1, "charging 1/2"),
        (["Occupied"], 2, "charging 2/2"),
        ([], 0, ""),
    ],
)
def test_the_connectors_are_summed_up(statuses: list[str], open_transactions: int, use: str) -> None:
    """How many charge, else what they are; EVSE 0, the station itself, does not count."""
    connectors = [{"evse_id": 0, "connector_id": 0, "status": "Unavailable"}]
    connectors += [
        {"evse_id": index, "connector_id": 1, "status": each} for index, each in enumerate(statuses, 1)
    ]
    found = station(connectors=connectors, open_transactions=open_transactions)
    assert station_row(found, speech_of("en")).use == use


def test_a_line_says_the_same() -> None:
    """On one line, for logs; energy and power only while it charges."""
    speech = speech_of("en")
    assert station_line(station_row(station(), speech)) == (
        "02:B0:16:00:00:01 (Rivebleue RB-22, OCPP 1.6): online, unauthenticated, powered, available, "
        "The station is not localized. → installer"
    )
    charging = station(open_transactions=1, power_w=11_000.0, energy_wh=1500.0, blocked_by=[])
    assert station_line(station_row(charging, speech)).endswith("charging 1/1; 11.0 kW, 1.500 kWh")


def test_energy_alone_is_no_news() -> None:
    """A log line for each metered value would bury the others."""
    speech = speech_of("en")
    one = station_row(station(energy_wh=1.0), speech)
    assert one.change_key == station_row(station(energy_wh=2000.0), speech).change_key
    assert one.change_key != station_row(station(power_w=11_000.0), speech).change_key
    assert one.change_key != station_row(station(link=None), speech).change_key


def test_a_station_does_not_steer_the_terminal_of_who_looks_at_it() -> None:
    """Vendor and model are a stranger's words; nothing in them is a command."""
    speech = speech_of("en")
    row = station_row(station(vendor="\x1b[2J", model="[red]X\x9b31m"), speech)
    console = Terminal(file=StringIO(), width=250)
    console.print(stations_table([row], speech, 250))
    assert r"\u001b[2J [red]X\u009b31m" in console.file.getvalue()  # type: ignore[attr-defined] # a StringIO
