"""Stations are asked to keep an EVSE free for somebody: what was asked, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Raw calls of before made reservations that nobody kept."""
    op.create_table(
        "reservations",
        sa.Column("command_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("id_token", sa.String(), nullable=False),
        sa.Column("id_token_type", sa.String(), nullable=False),
        sa.Column("id_token_key", sa.String(), nullable=False),
        sa.Column("group_id_token", sa.String(), nullable=True),
        sa.Column("group_id_token_type", sa.String(), nullable=True),
        sa.Column("evse_id", sa.BigInteger(), nullable=True),
        sa.Column("connector_type", sa.String(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), nullable=True),
        sa.Column("transaction_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_reservations")),
    )
    op.create_index("ix_reservations_station", "reservations", ["station_id", "number"])
    op.create_index("ix_reservations_number", "reservations", ["number"])
    op.create_index("ix_reservations_asked", "reservations", ["asked_at", "number"])
    op.create_index("ix_reservations_state", "reservations", ["state", "expires_at"])


def downgrade() -> None:
    """Take back."""
    for name in ("state", "asked", "number", "station"):
        op.drop_index(f"ix_reservations_{name}", table_name="reservations")
    op.drop_table("reservations")
