"""Connections that failed, with reasons in words."""

from typing import Any

from nicegui import ui

from console.frame import TABLE_PROPS, Visit
from console.views import ConsoleViews
from console.words import Words

REFRESH_EVERY_S = 3.0
COLUMNS = ("when", "from", "identity", "reason", "detail", "bytes")


def attempt_row(number: int, attempt: dict[str, Any], words: Words) -> dict[str, Any]:
    """A failed connection as a row; `detail` is the transport's own sentence, in English."""
    cause = attempt["cause"]
    reason = words.of("attempt", attempt["reason"])
    return {
        "id": number,
        "when": words.instant(attempt["at"]),
        "from": attempt["peer"],
        "identity": attempt["identity"] or "–",
        "reason": f"{reason} ({words.of('cause', cause)})" if cause else reason,
        "detail": attempt["detail"],
        "bytes": attempt["first_bytes"][:80],
    }


def attempts_page(visit: Visit, views: ConsoleViews) -> None:
    """The table, newest first."""
    words = visit.words
    ui.label(words("attempts.title")).classes("text-2xl")
    none = ui.label(words("attempts.none"))
    columns = [
        {"name": name, "label": words(f"column.{name}"), "field": name, "align": "left"} for name in COLUMNS
    ]
    table = ui.table(columns=columns, rows=[], row_key="id", pagination=50).classes("w-full")
    table.props(TABLE_PROPS)

    def refresh() -> None:
        rows = [attempt_row(number, each, words) for number, each in enumerate(views.attempts())]
        none.set_visibility(not rows)
        table.set_visibility(bool(rows))
        if rows != table.rows:
            table.rows = rows

    refresh()
    ui.timer(REFRESH_EVERY_S, refresh)
