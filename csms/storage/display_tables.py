"""The table of messages on displays."""

from sqlalchemy import BigInteger, Column, String, Table

from runtime.database import UtcDateTime, metadata

display_messages = Table(
    "display_messages",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("text", String, nullable=False),
    Column("format", String, nullable=False),
    Column("language", String),
    Column("priority", String, nullable=False),
    Column("shown_while", String),
    Column("starts_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("transaction_id", String),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("asked_by", String),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("awaited_by", BigInteger),
)
"""What stations hold on their displays, as far as they said so, by the number there. `shown_while` is the
station's state in which it is shown; `awaited_by` the request whose report is to name it.
"""
