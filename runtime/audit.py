"""Who did what to what: a row per act, written in the transaction of the change itself (architecture, §4.16).

What leaves a row of its own with who and when (a command, a decision) is not written twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Index, String, Table, Text, delete, func, insert, select

from runtime.database import RowNumber, UtcDateTime, metadata
from runtime.rows import rows_with

ACTS_KEPT = 1000
"""Of each subject, the newest."""

acts = Table(
    "acts",
    metadata,
    Column("act_id", RowNumber, primary_key=True),
    Column("subject", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("done_by", String, nullable=False),
    Column("what", String, nullable=False),
    Column("result", String),
    Column("reason", Text),
    Column("reference", String),
)
"""`subject` is what it was done to, `what` a word for it, `result` what it came to."""
Index("ix_acts_subject", acts.c.subject, acts.c.at, acts.c.act_id)


@dataclass(frozen=True, slots=True)
class Act:
    """What a person or a program did. `reason` is what they wrote, `reference` where more is found."""

    subject: str
    at: datetime
    by: str
    what: str
    result: str | None = None
    reason: str | None = None
    reference: str | None = None

    @property
    def cause(self) -> str:
        """In words, for a history: `suspended by ann`."""
        return f"{self.what.replace('-', ' ')} by {self.by}"


def record_acts(connection: Connection, done: Iterable[Act]) -> None:
    """Keep them, as part of the transaction that does them; of each subject the oldest go."""
    rows = [
        {
            "subject": act.subject,
            "at": act.at,
            "done_by": act.by,
            "what": act.what,
            "result": act.result,
            "reason": act.reason,
            "reference": act.reference,
        }
        for act in done
    ]
    if not rows:
        return
    connection.execute(insert(acts), rows)
    counted = select(acts.c.subject).group_by(acts.c.subject).having(func.count() > ACTS_KEPT)
    for row in list(rows_with(connection, counted, acts.c.subject, {row["subject"] for row in rows})):
        of_subject = select(acts.c.act_id).where(acts.c.subject == row.subject)
        too_old = of_subject.order_by(acts.c.at.desc(), acts.c.act_id.desc()).offset(ACTS_KEPT)
        connection.execute(delete(acts).where(acts.c.act_id.in_(too_old)))
