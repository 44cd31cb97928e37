"""Connections that failed: why, how often, and what to do about it."""

from collections.abc import Iterable
from typing import TypedDict

from nicegui import ui

from access.actions import Permission, may
from access.principals import SERVER
from console.frame import heading
from console.views import ConsoleViews
from console.visit import Visit
from console.words import Words
from csms.api.inventory_views import AttemptAnswer

REFRESH_EVERY_S = 3.0
ROWS_SHOWN = 50
BYTES_SHOWN = 80
COLUMNS = ("when", "times", "from", "identity", "reason", "advice", "bytes")
REASON = """
<div class="font-medium">{{ props.row.reason }}</div>
<div v-if="props.row.cause">{{ props.row.cause }}</div>
<div v-if="props.row.detail" lang="en" class="text-xs opacity-70">{{ props.row.detail }}</div>
"""
REASON_CELL = f"""
<q-td :props="props">{REASON}</q-td>
"""
BYTES_CELL = """
<q-td :props="props"><code class="text-xs break-all">{{ props.row.bytes }}</code></q-td>
"""
CARD = f"""
<div class="q-pa-xs col-12 col-sm-6"><q-card flat bordered class="card"><q-card-section>
{REASON}
<div class="q-my-sm text-primary">{{{{ props.row.advice }}}}</div>
<dl class="grid grid-cols-2 gap-x-4">
<div v-for="col in props.cols.filter(each => each.is_on_card && each.value !== '–')" :key="col.name">
<dt>{{{{ col.label }}}}</dt><dd>{{{{ col.value }}}}</dd></div>
</dl><code class="text-xs break-all">{{{{ props.row.bytes }}}}</code>
</q-card-section></q-card></div>
"""
ON_CARD = frozenset({"when", "times", "from", "identity"})
WHOLE = frozenset({"reason", "advice", "bytes"})


AttemptLine = TypedDict(
    "AttemptLine",
    {
        "id": str,
        "when": str,
        "times": int,
        "from": str,
        "identity": str,
        "reason": str,
        "cause": str,
        "detail": str,
        "advice": str,
        "bytes": str,
    },
)
"""Failed connections as a row of a table, which the browser gets as JSON."""


def attempt_rows(attempts: Iterable[AttemptAnswer], words: Words) -> list[AttemptLine]:
    """Failed connections, newest first, as rows: the same failure of the same peer is one row and counted."""
    rows: dict[str, AttemptLine] = {}
    for attempt in attempts:
        row = attempt_row(attempt, words)
        known = rows.setdefault(row["id"], row)
        if known is not row:
            known["times"] += 1
    return list(rows.values())


def attempt_row(attempt: AttemptAnswer, words: Words) -> AttemptLine:
    """One failed connection; `detail` is the transport's own sentence, in English, if no cause says more."""
    reason, cause = attempt.reason, attempt.cause
    address = attempt.peer.rpartition(":")[0]
    detail = "" if cause else attempt.detail
    return {
        "id": "|".join((address, attempt.identity or "", reason, cause or "", detail)),
        "when": words.instant(attempt.at),
        "times": 1,
        "from": address,
        "identity": attempt.identity or "–",
        "reason": words.of("attempt", reason),
        "cause": words.of("cause", cause) if cause else "",
        "detail": detail,
        "advice": words.advice(reason, cause) or "–",
        "bytes": attempt.first_bytes[:BYTES_SHOWN],
    }


def attempts_page(visit: Visit, views: ConsoleViews) -> None:
    """The table, newest first."""
    words = visit.words
    heading(words("attempts.title"), level=1)
    if not may(visit.who, Permission.READ_ATTEMPTS, SERVER):
        ui.label(words("attempts.not_yours"))
        return
    none = ui.label(words("attempts.none"))
    table = _table(words)

    def refresh() -> None:
        rows = [dict(each) for each in attempt_rows(views.attempts(visit.who), words)]
        none.set_visibility(not rows)
        table.set_visibility(bool(rows))
        if rows != table.rows:
            table.props["hide-pagination"] = len(rows) <= ROWS_SHOWN
            table.rows = rows

    refresh()
    ui.timer(REFRESH_EVERY_S, refresh)


def _table(words: Words) -> ui.table:
    columns = [
        {
            "name": name,
            "label": words(f"column.{name}"),
            "field": name,
            "align": "right" if name == "times" else "left",
            "classes": "whole" if name in WHOLE else "",
            "is_on_card": name in ON_CARD,
        }
        for name in COLUMNS
    ]
    table = ui.table(columns=columns, rows=[], row_key="id", pagination=ROWS_SHOWN).classes("w-full")
    table.props('flat bordered :grid="Quasar.Screen.lt.md"')
    table.add_slot("body-cell-reason", REASON_CELL)
    table.add_slot("body-cell-bytes", BYTES_CELL)
    table.add_slot("item", CARD)
    return table
