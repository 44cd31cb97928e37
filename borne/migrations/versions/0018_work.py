"""What must happen later, or again: one table for all durable work."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import NUMBERED_ONCE, RowNumber, only_where

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What follows from hours that were set before is asked for by the server as it starts."""
    op.create_table(
        "work",
        sa.Column("work_id", RowNumber, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("reason_fr", sa.String(), nullable=True),
        sa.Column("reason_en", sa.String(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_work")),
        **NUMBERED_ONCE,
    )
    op.create_index("ix_work_due", "work", ["state", "due_at"])
    op.create_index("ix_work_subject", "work", ["subject", "work_id"])
    op.create_index(
        "ux_work_running",
        "work",
        ["subject", "lane"],
        unique=True,
        **only_where(sa.text("state = 'running'")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ux_work_running", table_name="work")
    for name in ("subject", "due"):
        op.drop_index(f"ix_work_{name}", table_name="work")
    op.drop_table("work")
