"""Scenarios that are played on the page of the bench are kept, with their steps."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "bench_runs",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("scenario", sa.String(), nullable=False),
        sa.Column("bindings", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("stations", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("verdict", sa.String()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("prompt", sa.Text()),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_bench_runs")),
    )
    op.create_index("ix_bench_runs_began", "bench_runs", ["began_at", "run_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_bench_runs_began", table_name="bench_runs")
    op.drop_table("bench_runs")
