"""Reports, as people read them."""

import io
from typing import Any

import pytest
from rich.console import Console

from borne.kept_table import kept_table

REPORT: dict[str, Any] = {
    "received_at": "2026-05-01T12:00:00Z",
    "action": "NotifyEvent",
    "request_id": 7,
    "seq_no": 2,
    "is_last": True,
    "payload": {"é": 1},
    "withheld": None,
}


@pytest.mark.parametrize(
    ("more", "language", "expected"),
    [
        ({}, "en", ["NotifyEvent", "7", "2 last", '{"é": 1}']),
        ({}, "fr", ["contenu", "2 dernière"]),
        ({"request_id": None, "seq_no": None, "is_last": None}, "en", ["NotifyEvent"]),
        ({"payload": None, "withheld": "personal"}, "en", ["for managers only"]),
        ({"payload": None, "withheld": "too-long"}, "fr", ["trop long"]),
    ],
)
def test_a_report_is_a_row(more: dict[str, Any], language: str, expected: list[str]) -> None:
    """What it is, which part of what, and what it says or why it does not."""
    out = io.StringIO()
    Console(file=out, width=160).print(kept_table([REPORT | more], language))
    for text in expected:
        assert text in out.getvalue()
    assert "None" not in out.getvalue()
