"""What was done to a station, as a table for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.doctor.words import short_time
from borne.terminal import one_line
from runtime.wording import Phrase

_COLUMNS = (
    Phrase("quand", "when"),
    Phrase("par qui", "by"),
    Phrase("quoi", "what"),
    Phrase("résultat", "result"),
    Phrase("pourquoi", "why"),
)


def audit_table(acts: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Rows of `GET /stations/{id}/audit`; the words of `what` are those of docs/reference/audit.md."""
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for act in acts:
        what = act["what"] if act["kind"] == "change" else f"{act['kind']} {act['what']}"
        cells = (short_time(act["at"]), act["by"], what, act["result"] or "", act["reason"] or "")
        table.add_row(*map(one_line, cells))
    return table
