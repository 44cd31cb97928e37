"""Letters on disk. Every function is of one transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from runtime.mail.letters import KEPT_FOR, Letter, LetterState
from runtime.mail.table import letters

_columns = letters.c
_WITHOUT_TEXT = frozenset({LetterState.SENT, LetterState.FAILED})


def save_letter(connection: Connection, letter: Letter) -> None:
    """Keep one; those that are over, or that nobody sent, go after a while."""
    is_old = and_(_columns.made_at < letter.made_at - KEPT_FOR, _columns.state != LetterState.WAITING.value)
    connection.execute(delete(letters).where(is_old))
    values = {
        "letter_id": letter.letter_id,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "text": letter.text,
        "about": letter.about,
        "made_at": letter.made_at,
        "state": letter.state.value,
        "moved_at": letter.moved_at,
        "reason": letter.reason,
    }
    connection.execute(insert(letters).values(**values))


def move_letter(
    connection: Connection, letter_id: str, state: LetterState, at: datetime, reason: str | None = None
) -> None:
    """It stands otherwise; what it says is forgotten once nobody sends it any more."""
    values: dict[str, Any] = {"state": state.value, "moved_at": at, "reason": reason}
    if state in _WITHOUT_TEXT:
        values["text"] = ""
    connection.execute(update(letters).where(_columns.letter_id == letter_id).values(**values))


def withdraw_letters(connection: Connection, about: str, at: datetime, reason: str) -> None:
    """What they say is not so any more: those that are not sent yet are given up."""
    is_open = _columns.state.in_([LetterState.WAITING.value, LetterState.KEPT.value])
    values = {"state": LetterState.FAILED.value, "moved_at": at, "reason": reason, "text": ""}
    connection.execute(update(letters).where(_columns.about == about, is_open).values(**values))


def load_letter(connection: Connection, letter_id: str) -> Letter | None:
    """One."""
    row = connection.execute(select(letters).where(_columns.letter_id == letter_id)).first()
    return _letter(row) if row is not None else None


def load_letters(
    connection: Connection,
    limit: int,
    after: tuple[datetime, str] | None = None,
    state: LetterState | None = None,
) -> list[Letter]:
    """The newest first."""
    query = select(letters).order_by(_columns.made_at.desc(), _columns.letter_id.desc())
    if after is not None:
        at, last = after
        is_same = and_(_columns.made_at == at, _columns.letter_id < last)
        query = query.where(or_(_columns.made_at < at, is_same))
    if state is not None:
        query = query.where(_columns.state == state.value)
    return [_letter(row) for row in connection.execute(query.limit(limit))]


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        letter_id=row.letter_id,
        recipient=row.recipient,
        subject=row.subject,
        text=row.text,
        about=row.about,
        made_at=row.made_at,
        state=LetterState(row.state),
        moved_at=row.moved_at,
        reason=row.reason,
    )
