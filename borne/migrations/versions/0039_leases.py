"""Stations of the bench have tags, and are leased."""

import sqlalchemy as sa
from alembic import op

from runtime.database import UtcDateTime, only_where

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "leases",
        sa.Column("lease_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("lasts_s", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("renewed_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=False),
        sa.Column("end_cause", sa.String()),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_by", sa.String()),
        sa.Column("reason", sa.Text()),
        sa.Column("restoration", sa.Text()),
        sa.Column("moved_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("lease_id", name=op.f("pk_leases")),
    )
    is_open = only_where(sa.text("state != 'over'"))
    op.create_index("uq_leases_open", "leases", ["station_id"], unique=True, **is_open)
    op.create_index("ix_leases_since", "leases", ["since", "lease_id"])
    op.create_index("ix_leases_station", "leases", ["station_id", "since"])
    op.create_table(
        "lease_baselines",
        sa.Column("lease_id", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lease_id", name=op.f("pk_lease_baselines")),
    )
    op.create_table(
        "station_tags",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("station_id", "tag", name=op.f("pk_station_tags")),
    )
    op.create_index("ix_station_tags_tag", "station_tags", ["tag", "station_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_station_tags_tag", table_name="station_tags")
    op.drop_table("station_tags")
    op.drop_table("lease_baselines")
    for name in ("ix_leases_station", "ix_leases_since", "uq_leases_open"):
        op.drop_index(name, table_name="leases")
    op.drop_table("leases")
