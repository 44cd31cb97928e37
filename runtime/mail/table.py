"""The table of letters, in the one MetaData that all parts share."""

from sqlalchemy import Column, Index, String, Table, Text

from runtime.database import UtcDateTime, metadata

letters = Table(
    "letters",
    metadata,
    Column("letter_id", String, primary_key=True),
    Column("recipient", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("about", String, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("reason", Text),
)
"""`text` is empty once it is sent or given up."""
Index("ix_letters_made", letters.c.made_at, letters.c.letter_id)
