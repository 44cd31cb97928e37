"""What became of messages in quarantine: why they are there, who decided, when, and why."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _columns() -> list[sa.Column[Any]]:
    """Each without a value or with a constant one: nothing is rewritten."""
    return [
        sa.Column("cause", sa.String, nullable=False, server_default="refused"),
        sa.Column("version", sa.String),
        sa.Column("was_accepted", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("state", sa.String, nullable=False, server_default="waiting"),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("decided_by", sa.String),
        sa.Column("decision", sa.Text),
        sa.Column("corrected", sa.LargeBinary),
    ]


_CAUSES: dict[str, dict[str, Any]] = {
    "before-accepted%": {"cause": "before-accepted", "was_accepted": False},
    "conflict:%": {"cause": "conflict"},
    "not stored:%": {"cause": "not-stored"},
    "partly-read:%": {"cause": "partly-read", "state": "used"},
}
"""How the reasons of messages that are there already begin, and what they say of them."""


def upgrade() -> None:
    """Apply. The table is bounded: at most 100,000 rows."""
    for column in _columns():
        op.add_column("quarantine", column)
    table = sa.table(
        "quarantine", *(sa.column(name) for name in ("reason", "cause", "was_accepted", "state"))
    )
    for pattern, values in _CAUSES.items():
        op.execute(table.update().where(table.c.reason.like(pattern)).values(**values))
    op.create_index("ix_quarantine_state", "quarantine", ["state", "quarantine_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_quarantine_state", "quarantine")
    for column in reversed(_columns()):
        op.drop_column("quarantine", column.name)
