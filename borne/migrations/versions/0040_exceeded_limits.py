"""Limits that stations hold and exceed."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exceeded_limits",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=True),
        sa.Column("limit_w", sa.Float(), nullable=False),
        sa.Column("power_w", sa.Float(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("station_id", "evse_id", name=op.f("pk_exceeded_limits")),
    )
    op.create_index("ix_exceeded_limits_since", "exceeded_limits", ["since", "station_id", "evse_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_exceeded_limits_since", table_name="exceeded_limits")
    op.drop_table("exceeded_limits")
