"""Lists of stations are filtered, counted and put in order by the database: what they need is on the row."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("said", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("lifecycle", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("site_id", sa.String(), nullable=True),
        sa.Column("place_name", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("in_the_way", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("who_clears", sa.String(), nullable=True),
        sa.Column("is_due_online", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def upgrade() -> None:
    """Apply. The server writes at its start what the rows of stations lack."""
    for column in _columns():
        op.add_column("stations", column)
    op.execute(
        "UPDATE stations SET said = lower(coalesce(vendor, '') || ' ' || coalesce(model, '') || ' '"
        " || coalesce(serial_number, ''))"
    )
    op.create_index("ix_stations_site", "stations", ["site_id", "station_id"])


def downgrade() -> None:
    """Take back; what was never here has no row."""
    op.execute(
        "DELETE FROM stations WHERE lifecycle IS NOT NULL AND first_seen_at IS NULL AND admission IS NULL"
        " AND NOT is_quiet"
    )
    op.drop_index("ix_stations_site", table_name="stations")
    with op.batch_alter_table("stations") as table:
        for column in _columns():
            table.drop_column(column.name)
