"""Durable work as a table for people, in both languages."""

from typing import Any

import pytest
from rich.console import Console

from borne.work_table import _KINDS, work_table
from provisioning.rules.keeping_hours import AVAILABILITY, HOURS_EDGE
from provisioning.rules.trying_out import BEGIN, END

WAITING: dict[str, Any] = {
    "kind": "availability",
    "subject": "s1",
    "state": "waiting",
    "attempt": 2,
    "due_at": "2026-01-05T13:00:00Z",
    "reason_en": "no answer",
    "reason_fr": "elle ne répond pas",
    "evidence": [
        {"at": "2026-01-05T12:00:00Z", "text": "first"},
        {"at": "…", "text": "no\nanswer"},
    ],
}


def shown(rows: list[dict[str, Any]], language: str) -> str:
    """As a terminal shows it."""
    console = Console(width=200, record=True, quiet=False, file=None)
    with console.capture() as capture:
        console.print(work_table(rows, language))
    return capture.get()


@pytest.mark.parametrize(
    ("language", "kind", "state", "reason"),
    [
        ("en", "availability", "waiting", "no answer"),
        ("fr", "disponibilité", "en attente", "elle ne répond pas"),
    ],
)
def test_a_piece_is_a_line(language: str, kind: str, state: str, reason: str) -> None:
    """What, for whom, how it stands, why, and what the last run came to, on one line."""
    lines = [line for line in shown([WAITING], language).splitlines() if "s1" in line]
    assert len(lines) == 1
    assert all(word in lines[0] for word in (kind, state, "2", reason))
    assert "first" not in lines[0]


def test_every_kind_of_work_has_words() -> None:
    """One of a newer server is called as it calls it."""
    assert set(_KINDS) == {AVAILABILITY.name, HOURS_EDGE.name, BEGIN.name, END.name}
    assert "brew" in shown([WAITING | {"kind": "brew"}], "fr")


def test_a_time_is_shown_of_what_waits_only() -> None:
    """And a state of a newer server as it is."""
    over = WAITING | {"state": "archived", "reason_en": None, "evidence": []}
    text = shown([over], "en")
    assert "archived" in text
    assert "13:00" not in text


@pytest.mark.parametrize(
    ("language", "last"), [("en", "it agreed"), ("fr", "elle a accepté"), ("fr", "first")]
)
def test_the_last_run_is_told_in_the_readers_language(language: str, last: str) -> None:
    """A server of before told English only."""
    line = {"at": "2026-01-05T12:00:00Z", "text": last}
    if last != "first":
        line |= {"text_en": "it agreed", "text_fr": "elle a accepté"}
    assert last in shown([WAITING | {"evidence": [line]}], language)
