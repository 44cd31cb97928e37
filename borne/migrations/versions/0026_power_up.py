"""Runs of the power-up checklist."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, INDEX = "power_up_runs", "ix_power_up_runs_station_started"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("product_version", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("readings", sa.Text(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("finished_by", sa.String()),
        sa.Column("record", sa.Text()),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_power_up_runs")),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["devices.station_id"],
            name=op.f("fk_power_up_runs_station_id_devices"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(INDEX, TABLE, ["station_id", "started_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(INDEX, TABLE)
    op.drop_table(TABLE)
