"""A station's past: its links and boots, and until when a report is awaited."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import RowNumber, only_where

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The newest link and the last boot of each station are the first that are known."""
    op.create_table(
        "link_history",
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("security", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("connected_at", sa.BigInteger(), nullable=False),
        sa.Column("disconnected_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("station_id", "epoch", name=op.f("pk_link_history")),
    )
    op.execute(
        "INSERT INTO link_history (station_id, epoch, version, peer, security, node, connected_at,"
        " disconnected_at, reason)"
        " SELECT station_id, epoch, version, peer, security, node, connected_at, disconnected_at, reason"
        " FROM links"
    )
    op.create_table(
        "boots",
        sa.Column("number", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("firmware_version", sa.String(), nullable=True),
        sa.Column("registration", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_boots")),
    )
    op.execute(
        "INSERT INTO boots (station_id, at, reason, firmware_version, registration)"
        " SELECT station_id, booted_at, coalesce(boot_reason, 'Unknown'), firmware_version,"
        " coalesce(registration, 'Pending')"
        " FROM stations WHERE booted_at IS NOT NULL ORDER BY booted_at, station_id"
    )
    op.create_index("ix_boots_station", "boots", ["station_id", "number"])
    # What was asked for before is not told of: nobody waited for it.
    op.add_column("announced_reports", sa.Column("awaited_until", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_announced_reports_awaited",
        "announced_reports",
        ["awaited_until"],
        **only_where(sa.text("awaited_until IS NOT NULL")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_announced_reports_awaited", table_name="announced_reports")
    with op.batch_alter_table("announced_reports") as changed:
        changed.drop_column("awaited_until")
    op.drop_index("ix_boots_station", table_name="boots")
    op.drop_table("boots")
    op.drop_table("link_history")
