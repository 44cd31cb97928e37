"""Durable work as a table for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.doctor.words import short_time
from borne.terminal import one_line
from runtime.wording import Phrase

_COLUMNS = (
    Phrase("quoi", "what"),
    Phrase("pour", "for"),
    Phrase("état", "state"),
    Phrase("essais", "tries"),
    Phrase("prévu", "due"),
    Phrase("pourquoi", "why"),
    Phrase("dernier essai", "last run"),
)
_KINDS = {
    "availability": Phrase("disponibilité", "availability"),
    "test_begin": Phrase("début d'un essai", "begin of a test"),
    "test_end": Phrase("fin d'un essai", "end of a test"),
    "hours_edge": Phrase("ouverture ou fermeture", "opening or closing"),
}
_STATES = {
    "waiting": Phrase("en attente", "waiting"),
    "running": Phrase("en cours", "running"),
    "done": Phrase("fait", "done"),
    "failed": Phrase("abandonné", "failed"),
    "superseded": Phrase("remplacé", "superseded"),
}


def work_table(found: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Rows of `GET /work`."""
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for each in found:
        last = _words(each["evidence"][-1], language) if each["evidence"] else ""
        kind, state = _KINDS.get(each["kind"]), _STATES.get(each["state"])
        cells = (
            kind.in_(language) if kind is not None else each["kind"],
            each["subject"],
            state.in_(language) if state is not None else each["state"],
            str(each["attempt"]),
            short_time(each["due_at"]) if each["due_at"] and each["state"] == "waiting" else "",
            each[f"reason_{'fr' if language == 'fr' else 'en'}"] or "",
            last,
        )
        table.add_row(*map(one_line, cells))
    return table


def _words(line: Mapping[str, Any], language: str) -> str:
    """Servers of before tell English only."""
    return str(line.get(f"text_{'fr' if language == 'fr' else 'en'}") or line["text"])
