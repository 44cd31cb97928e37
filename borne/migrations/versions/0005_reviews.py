"""Transactions that wait for a person, what was decided, and parts of messages kept as they came."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import RowNumber, only_where

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _columns() -> list[sa.Column[Any]]:
    """Each without a value or with a constant one: nothing is rewritten, however large the table."""
    return [
        sa.Column("meter_marks", sa.Integer, nullable=False, server_default="0"),
        sa.Column("meter_doubts", sa.Text),
        sa.Column("meter_before_wh", sa.Float),
        sa.Column("power_limit_w", sa.Float),
        sa.Column("authorized_at", sa.BigInteger),
        sa.Column("review", sa.String),
    ]


def upgrade() -> None:
    """Apply."""
    for column in _columns():
        op.add_column("transactions", column)
    op.create_index(
        "ix_transactions_review",
        "transactions",
        ["review", "started_at"],
        unique=False,
        **only_where(sa.text("review IS NOT NULL")),
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", RowNumber, nullable=False),
        sa.Column("transaction_no", RowNumber, nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.BigInteger, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("review_id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_transaction", "reviews", ["transaction_no"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("attachment_id", RowNumber, nullable=False),
        sa.Column("transaction_no", RowNumber, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_transaction", "attachments", ["transaction_no"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("attachments")
    op.drop_table("reviews")
    op.drop_index("ix_transactions_review", "transactions")
    with op.batch_alter_table("transactions") as batch:
        for column in reversed(_columns()):
            batch.drop_column(column.name)
