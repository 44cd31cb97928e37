"""What has been can be read: the states of connectors, and the fleet in numbers once a minute."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import RowNumber

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COUNTED = (
    "stations_known",
    "stations_online",
    "stations_faulted",
    "stations_blocked",
    "connectors_faulted",
    "charging",
)


def upgrade() -> None:
    """Apply. The state that each connector is in is the first of its history, as old as we know it to be."""
    op.create_table(
        "connector_states",
        sa.Column("number", RowNumber, nullable=False),
        sa.Column("station_id", sa.String(), nullable=False),
        sa.Column("evse_id", sa.BigInteger(), nullable=False),
        sa.Column("connector_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reported", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("info", sa.String(), nullable=True),
        sa.Column("vendor_error_code", sa.String(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_connector_states")),
    )
    # The station's own instant is that of its last message: it is the state's only where that was the first.
    op.execute(
        "INSERT INTO connector_states (station_id, evse_id, connector_id, status, reported, error_code, info,"
        " vendor_error_code, at, received_at)"
        " SELECT station_id, evse_id, connector_id, status, reported, error_code, info, vendor_error_code,"
        " CASE WHEN status_since IS NULL OR status_since = received_at THEN at END,"
        " coalesce(status_since, received_at)"
        " FROM connectors ORDER BY coalesce(status_since, received_at), station_id, evse_id, connector_id"
    )
    op.create_index("ix_connector_states_station", "connector_states", ["station_id", "number"])
    op.create_table(
        "fleet_counts",
        sa.Column("minute", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _COUNTED),
        sa.Column("power_w", sa.Float(), nullable=False),
        sa.Column("energy_wh", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("minute", name=op.f("pk_fleet_counts")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("fleet_counts")
    op.drop_index("ix_connector_states_station", table_name="connector_states")
    op.drop_table("connector_states")
