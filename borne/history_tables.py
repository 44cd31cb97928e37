"""What has been, as tables for people: the states of a station's connectors, and the fleet in numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.doctor.words import short_time
from borne.language import Speech
from borne.terminal import one_line
from runtime.wording import Phrase

_STATE_COLUMNS = (
    Phrase("depuis", "since"),
    Phrase("connecteur", "connector"),
    Phrase("état", "state"),
    Phrase("durée", "for"),
    Phrase("erreur", "error"),
    Phrase("précisions", "details"),
)
_FLEET_COLUMNS = (
    Phrase("depuis", "since"),
    Phrase("en ligne", "online"),
    Phrase("en charge", "charging"),
    Phrase("puissance", "power"),
    Phrase("énergie", "energy"),
    Phrase("en panne", "faulted"),
    Phrase("bloquées", "blocked"),
)
_STATION = Phrase("borne", "station")
_GOES_ON = Phrase("en cours", "goes on")
_DAY = Phrase("j", "d")
NO_ERROR = "NoError"


def states_table(states: Iterable[Mapping[str, Any]], speech: Speech) -> Table:
    """Rows of `GET /stations/{id}/connector-states`; EVSE 0 is the station itself."""
    language = speech.language
    table = Table(*(column.in_(language) for column in _STATE_COLUMNS), box=box.SIMPLE_HEAD)
    for state in states:
        seconds = state["seconds"]
        errors = [each for each in (state["error_code"], state["vendor_error_code"]) if each]
        cells = (
            short_time(state["received_at"]),
            f"{state['evse_id']}.{state['connector_id']}" if state["evse_id"] else _STATION.in_(language),
            _state(state, speech),
            _GOES_ON.in_(language) if seconds is None else duration_text(seconds, language),
            ", ".join(each for each in errors if each != NO_ERROR),
            state["info"] or "",
        )
        table.add_row(*map(one_line, cells))
    return table


def _state(state: Mapping[str, Any], speech: Speech) -> str:
    """In words; where the version has finer ones, its own too."""
    words = speech.of("connector", state["status"])
    return words if state["reported"] == state["status"] else f"{words} ({state['reported']})"


def duration_text(seconds: float, language: str) -> str:
    """The two largest units: `3 d 4 h`, `12 min 5 s`; in French a day is `j`."""
    rest = round(seconds)
    parts: list[str] = []
    for unit, length in ((_DAY.in_(language), 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, length)
        if count or parts:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) if parts else "0 s"


def fleet_table(points: Iterable[Mapping[str, Any]], speech: Speech) -> Table:
    """Points of `GET /fleet/history`. Online: of how many; energy: of the charges that ended since the point
    before; faulted: stations, and how many of their connectors.
    """
    columns = (column.in_(speech.language) for column in _FLEET_COLUMNS)
    table = Table(*columns, box=box.SIMPLE_HEAD)
    before_wh: float | None = None
    for point in points:
        energy_wh = point["energy_wh"]
        cells = (
            short_time(point["at"]),
            f"{point['stations_online']} / {point['stations_known']}",
            str(point["charging"]),
            speech.power(point["power_w"]),
            "" if before_wh is None else speech.energy(energy_wh - before_wh),
            f"{point['stations_faulted']} ({point['connectors_faulted']})",
            str(point["stations_blocked"]),
        )
        table.add_row(*map(one_line, cells))
        before_wh = energy_wh
    return table
