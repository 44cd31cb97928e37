"""Failed connections in words: the same failure of the same peer is told once, and counted."""

from collections.abc import Iterable
from typing import TypedDict

from console.words import Words
from csms.api.inventory_views import AttemptAnswer

BYTES_SHOWN = 80


class AttemptLine(TypedDict):
    """Failed connections as a row; texts only, but for how often."""

    id: str
    when: str
    times: int
    address: str
    identity: str
    reason: str
    cause: str
    detail: str
    advice: str
    first_bytes: str


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
        "address": address,
        "identity": attempt.identity or "–",
        "reason": words.of("attempt", reason),
        "cause": words.of("cause", cause) if cause else "",
        "detail": detail,
        "advice": words.advice(reason, cause) or "–",
        "first_bytes": attempt.first_bytes[:BYTES_SHOWN],
    }
