"""Reports that a station's server keeps, as a table for people."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.doctor.words import short_time
from borne.terminal import one_line
from runtime.wording import Phrase

_COLUMNS = (
    Phrase("quand", "when"),
    Phrase("message", "message"),
    Phrase("demande", "request"),
    Phrase("partie", "part"),
    Phrase("contenu", "content"),
)
_LAST = Phrase("dernière", "last")
_WITHHELD = {
    "personal": Phrase("réservé aux gestionnaires", "for managers only"),
    "too-long": Phrase("trop long pour être conservé", "too long to be kept"),
}


def kept_table(reports: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Rows of `GET /stations/{id}/kept`."""
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for report in reports:
        withheld = _WITHHELD.get(report["withheld"] or "")
        content = withheld.in_(language) if withheld is not None else _content(report["payload"])
        request_id = "" if report["request_id"] is None else str(report["request_id"])
        cells = (short_time(report["received_at"]), report["action"], request_id, _part(report, language))
        table.add_row(*map(one_line, (*cells, content)))
    return table


def _part(report: Mapping[str, Any], language: str) -> str:
    number = "" if report["seq_no"] is None else str(report["seq_no"])
    return " ".join(filter(None, (number, _LAST.in_(language) if report["is_last"] else "")))


def _content(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False)
