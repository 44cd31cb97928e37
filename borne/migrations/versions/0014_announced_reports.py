"""A command knows the reports that it asks for, and how far they have come."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Of what was asked before, nothing is known."""
    op.create_table(
        "announced_reports",
        sa.Column("command_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("seq_nos", sa.Text(), nullable=False),
        sa.Column("last_seq_no", sa.BigInteger(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_announced_reports")),
    )
    op.create_index(
        "ix_announced_reports_request",
        "announced_reports",
        ["station_id", "action", "request_id", "asked_at"],
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_announced_reports_request", table_name="announced_reports")
    op.drop_table("announced_reports")
