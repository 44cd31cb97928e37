"""The tables of who may use the API and the console, in the one MetaData that all packages share.

An *account* is a person or a program: `kind` and `name`. A session belongs to one and ends with it.
"""

from sqlalchemy import Column, Index, LargeBinary, String, Table

from runtime.database import UtcDateTime, metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
people = Table(
    "people",
    metadata,
    Column("name", String, primary_key=True),
    Column("password_hash", String, nullable=False),
    Column("role", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)
"""`digest` is the SHA-256 of the secret that the browser or the terminal keeps."""
Index("ix_sessions_account", sessions.c.kind, sessions.c.name)
Index("ix_sessions_seen", sessions.c.seen_at)
