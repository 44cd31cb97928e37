"""Work as rows: what a request comes to, and a row as a piece."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from runtime.rows import Values
from runtime.texts import instant_text
from runtime.wording import Phrase, stored_phrase
from runtime.work.pieces import EvidenceLine, Piece
from runtime.work.request import Lane, WorkRequest, WorkState


def request_values(request: WorkRequest) -> Values:
    """A new row, which waits for its time."""
    return {
        "kind": request.kind,
        "subject": request.subject,
        "lane": request.lane.value,
        "key": request.key,
        "cause": request.cause,
        "arguments": request.arguments,
        "state": WorkState.WAITING.value,
        "attempt": 0,
        "due_at": request.due_at,
        "asked_at": request.asked_at,
        "moved_at": request.asked_at,
        "evidence": "[]",
    }


def piece_of(row: Row[Any]) -> Piece:
    """A row as it was read."""
    return Piece(
        work_id=row.work_id,
        kind=row.kind,
        subject=row.subject,
        lane=Lane(row.lane),
        key=row.key,
        cause=row.cause,
        arguments=row.arguments,
        state=WorkState(row.state),
        attempt=row.attempt,
        due_at=row.due_at,
        leased_by=row.leased_by,
        lease_until=row.lease_until,
        asked_at=row.asked_at,
        moved_at=row.moved_at,
        reason=Phrase(row.reason_fr, row.reason_en) if row.reason_en is not None else None,
        evidence=tuple(_line(*each) for each in json.loads(row.evidence)),
    )


def lines_text(evidence: Iterable[EvidenceLine]) -> str:
    """The evidence as it is stored: of each line its instant, English, French."""
    lines = [[instant_text(each.at), each.text.en, each.text.fr] for each in evidence]
    return json.dumps(lines, ensure_ascii=False)


def _line(at: str, english: str, french: str | None = None) -> EvidenceLine:
    """Lines of before are in English only."""
    return EvidenceLine(datetime.fromisoformat(at), stored_phrase(french or english, english))
