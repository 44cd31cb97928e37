"""Charging profiles that stations hold, limits that others set, and what stations expect to let flow."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What stations were sent before stands in the commands; a report tells what they hold."""
    op.create_table(
        "charging_profiles",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_charging_profiles")),
    )
    op.create_index("ix_charging_profiles_station", "charging_profiles", ["station_id", "asked_at"])
    op.create_index("ix_charging_profiles_state", "charging_profiles", ["station_id", "state"])
    op.create_index("ix_charging_profiles_asked", "charging_profiles", ["asked_at", "entry_id"])
    op.create_table(
        "charging_limits",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_grid_critical", sa.Boolean(), nullable=True),
        sa.Column("is_local_generation", sa.Boolean(), nullable=True),
        sa.Column("schedules", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("station_id", "evse_id", "source", name=op.f("pk_charging_limits")),
    )
    op.create_index(
        "ix_charging_limits_reported", "charging_limits", ["reported_at", "station_id", "evse_id", "source"]
    )
    op.create_table(
        "composite_schedules",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("duration_s", sa.BigInteger(), nullable=False),
        sa.Column("periods", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station_id", "evse_id", name=op.f("pk_composite_schedules")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("composite_schedules")
    op.drop_index("ix_charging_limits_reported", table_name="charging_limits")
    op.drop_table("charging_limits")
    for name in ("asked", "state", "station"):
        op.drop_index(f"ix_charging_profiles_{name}", table_name="charging_profiles")
    op.drop_table("charging_profiles")
