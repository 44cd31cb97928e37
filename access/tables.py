"""The tables of who may use the API and the console, in the one MetaData that all packages share.

An *account* is a person or a program: `kind` and `name`. Sessions and memberships are
one's, and end with it.
"""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from access.principals import AccountKind
from runtime.database import UtcDateTime, metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
)
people = Table(
    "people",
    metadata,
    Column("name", String, primary_key=True),
    Column("password_hash", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
ACCOUNTS = {AccountKind.PERSON: people, AccountKind.PROGRAM: api_tokens}
"""Where accounts of a kind are, by their `name`."""
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

organisations = Table(
    "organisations",
    metadata,
    Column("organisation_id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
)
memberships = Table(
    "memberships",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("organisation_id", String, ForeignKey("organisations.organisation_id"), primary_key=True),
    Column("site_id", String, primary_key=True),
    Column("role", String, nullable=False),
)
"""`site_id` is empty where the role counts in all of the organisation. Sites are another package's table: it
is asked before a row is written whether there is one (`access.organisations`)."""
Index("ix_memberships_organisation", memberships.c.organisation_id)

invitations = Table(
    "invitations",
    metadata,
    Column("invitation_id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("organisation_id", String, nullable=False),
    Column("site_id", String),
    Column("role", String, nullable=False),
    Column("label", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("used_by", String),
    Column("revoked_at", UtcDateTime),
    Column("email", String),
)
"""`digest` is the SHA-256 of the secret that the link carries."""
Index("ix_invitations_made", invitations.c.made_at, invitations.c.invitation_id)
