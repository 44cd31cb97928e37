"""Photos of power-up runs, and what has come of those that are not whole yet."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

RUNS, PHOTOS, PARTS = "power_up_runs", "power_up_photos", "power_up_photo_parts"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        PHOTOS,
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String()),
        sa.Column("taken_at", UtcDateTime()),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("run_id", "sha256", name=op.f("pk_power_up_photos")),
        _of_a_run(PHOTOS),
    )
    op.create_table(
        PARTS,
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "sha256", "start", name=op.f("pk_power_up_photo_parts")),
        _of_a_run(PARTS),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table(PARTS)
    op.drop_table(PHOTOS)


def _of_a_run(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_run_id_power_up_runs")
    return sa.ForeignKeyConstraint(["run_id"], [f"{RUNS}.run_id"], name=name, ondelete="CASCADE")
