"""Reservations as a table for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.doctor.words import short_time
from borne.terminal import one_line
from runtime.wording import Phrase

_COLUMNS = (
    Phrase("numéro", "number"),
    Phrase("borne", "station"),
    Phrase("EVSE", "EVSE"),
    Phrase("jeton", "id token"),
    Phrase("jusqu'à", "until"),
    Phrase("état", "state"),
    Phrase("pourquoi", "why"),
)
_ANY = Phrase("n'importe lequel", "any")


def reservations_table(found: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Rows of `GET /reservations`."""
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for each in found:
        evse = str(each["evse_id"]) if each["evse_id"] is not None else _ANY.in_(language)
        cells = (
            str(each["number"]),
            each["station_id"],
            evse,
            each["id_token"]["value"],
            short_time(each["expires_at"]),
            each["state"],
            each["reason"] or "",
        )
        table.add_row(*map(one_line, cells))
    return table
