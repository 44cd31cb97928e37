"""The stations as people look at them in a terminal: as rows, a table, or a line.

One function reads a station's JSON; the wide table, the compact one and the lines of a log show it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from borne.language import Speech
from borne.lifecycle_status import in_the_way
from borne.terminal import one_line

WIDE_FROM = 140
"""Terminals with so many columns get one line per station, narrower ones two or three."""
QUARANTINE = "quarantine"
_STYLES = {
    "active": "green",
    "testing": "magenta",
    "configuring": "cyan",
    "localized": "cyan",
    "powered": "yellow",
    "quarantine": "yellow",
    "suspended": "red",
}


@dataclass(frozen=True, slots=True)
class StationRow:
    """One station in words for people; `lifecycle` is the API's word, for colours and decisions."""

    station_id: str
    name: str
    model: str
    version: str
    link: str
    warning: str
    lifecycle: str
    state: str
    use: str
    blocked: str
    clears: str
    power: str
    energy: str
    is_online: bool
    is_charging: bool

    @property
    def change_key(self) -> tuple[str, ...]:
        """What is worth a new line in a log; energy alone is not."""
        return (self.link, self.warning, self.state, self.use, self.blocked, self.power)


def station_row(station: Mapping[str, Any], speech: Speech) -> StationRow:
    """A station of `GET /stations` in words; whatever provisioning or the station did not say is left out."""
    link = station.get("link") or {}
    first: Mapping[str, Any] = next(iter(in_the_way(station)), {})  # what to do next
    lifecycle = station.get("lifecycle")
    return StationRow(
        station_id=str(station["station_id"]),
        name=str(station.get("mac") or station["station_id"]),
        model=" ".join(str(part) for part in (station.get("vendor"), station.get("model")) if part),
        version=str(station.get("version") or ""),
        link=speech("link.online" if link else "link.offline"),
        warning=speech("security.unauthenticated") if link.get("is_unauthenticated") else "",
        lifecycle=str(lifecycle or ""),
        state=speech.of("lifecycle", lifecycle) if lifecycle else "",
        use=_use(station, speech) if link else "",
        blocked=speech.blocker(first) if first else "",
        clears=speech.of("clearer", first["who_clears"]) if first.get("who_clears") else "",
        power=speech.power(station.get("power_w")),
        energy=speech.energy(station.get("energy_wh")),
        is_online=bool(link),
        is_charging=bool(station.get("open_transactions")),
    )


def _use(station: Mapping[str, Any], speech: Speech) -> str:
    """What its connectors do: how many charge; else the one word that holds for all; else each one's."""
    connectors = [each for each in station.get("connectors") or () if each["evse_id"] > 0]
    charging = station.get("open_transactions") or 0
    if charging:
        return f"{speech.text('charging')} {charging}/{max(len(connectors), charging)}"
    return ", ".join(dict.fromkeys(speech.of("connector", each["status"]) for each in connectors))


def stations_table(rows: Sequence[StationRow], speech: Speech, width: int) -> Table:
    """The rows as a table that fits a terminal of `width` columns."""
    return _wide_table(rows, speech) if width >= WIDE_FROM else _compact_table(rows, speech)


def _wide_table(rows: Iterable[StationRow], speech: Speech) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("MAC", no_wrap=True)
    table.add_column(speech("column.model"))
    table.add_column("OCPP", no_wrap=True)
    table.add_column(speech("column.link"))
    table.add_column(speech("column.lifecycle"))
    table.add_column(speech("column.blocked"), ratio=1)
    table.add_column(speech("column.clears"))
    table.add_column(speech("column.power"), justify="right", no_wrap=True)
    table.add_column(speech("column.energy"), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            one_line(row.name),
            one_line(row.model),
            one_line(row.version),
            _lines(_link(row), one_line(row.warning, "yellow")),
            _lines(_state(row), one_line(row.use)),
            one_line(row.blocked),
            one_line(row.clears),
            _charge(row, row.power),
            _charge(row, row.energy),
        )
    return table


def _compact_table(rows: Iterable[StationRow], speech: Speech) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, padding=(0, 1, 1, 0))
    table.add_column(f"MAC\n{speech('column.model')}, OCPP", no_wrap=True)
    table.add_column(f"{speech('column.link')}\n{speech('column.lifecycle')}", no_wrap=True)
    table.add_column(f"{speech('column.blocked')}\n{speech('column.clears')}", ratio=1)
    table.add_column(
        f"{speech('column.power')}\n{speech('column.energy')}", justify="right", no_wrap=True, min_width=9
    )
    for row in rows:
        blocked = (one_line(row.blocked), one_line(f"→ {row.clears}", "bold")) if row.blocked else ()
        table.add_row(
            _lines(one_line(row.name), one_line(f"{row.model} {row.version}".strip())),
            _lines(_link(row), one_line(row.warning, "yellow"), _state(row), one_line(row.use)),
            _lines(*blocked),
            _lines(_charge(row, row.power), _charge(row, row.energy)),
        )
    return table


def station_line(row: StationRow) -> str:
    """A station on one line, for logs."""
    blocked = f"{row.blocked} → {row.clears}" if row.blocked else ""
    version = f"OCPP {row.version}" if row.version else ""
    model = ", ".join(word for word in (row.model, version) if word)
    name = f"{row.name} ({model})" if model else row.name
    words = (row.link, row.warning, row.state, row.use, blocked)
    said = ", ".join(word for word in words if word)
    charge = f"; {row.power}, {row.energy}" if row.is_charging else ""
    return f"{name}: {said}{charge}"


def _lines(*parts: Text) -> Text:
    return Text("\n").join(part for part in parts if part.plain)


def _link(row: StationRow) -> Text:
    return one_line(row.link, "green" if row.is_online else "dim")


def _state(row: StationRow) -> Text:
    return one_line(row.state, _STYLES.get(row.lifecycle, ""))


def _charge(row: StationRow, text: str) -> Text:
    return one_line(text, "bold green" if row.is_charging else "dim")
