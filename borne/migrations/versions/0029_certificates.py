"""Certificates of power-up runs, what was ticked in a run, and who took the station over."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

RUNS, TABLE = "power_up_runs", "power_up_certificates"
INDEX = "ix_power_up_certificates_station_issued"


def upgrade() -> None:
    """Apply."""
    op.add_column(RUNS, sa.Column("marks", sa.Text(), nullable=False, server_default="[]"))
    op.add_column(RUNS, sa.Column("handed_to", sa.String()))
    op.create_table(
        TABLE,
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("frames", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_power_up_certificates")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["power_up_runs.run_id"],
            name=op.f("fk_power_up_certificates_run_id_power_up_runs"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(INDEX, TABLE, ["station_id", "issued_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(INDEX, TABLE)
    op.drop_table(TABLE)
    op.drop_column(RUNS, "handed_to")
    op.drop_column(RUNS, "marks")
