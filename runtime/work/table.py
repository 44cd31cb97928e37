"""The table of work, in the one MetaData that all parts share."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from runtime.database import NUMBERED_ONCE, RowNumber, UtcDateTime, metadata, only_where

work = Table(
    "work",
    metadata,
    Column("work_id", RowNumber, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("key", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("leased_by", String),
    Column("lease_until", UtcDateTime),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("reason_fr", String),
    Column("reason_en", String),
    Column("evidence", Text, nullable=False),
    **NUMBERED_ONCE,
)
"""`leased_by` and `lease_until` say which process runs it, and until when it must have said so again."""

Index("ix_work_due", work.c.state, work.c.due_at)
Index("ix_work_subject", work.c.subject, work.c.work_id)
Index(
    "ux_work_running", work.c.subject, work.c.lane, unique=True, **only_where(text("state = 'running'"))
)  # one at a time, whoever runs it
