"""The tables of what has been: connectors' states, links, boots, counts of the fleet. Each is bounded."""

from sqlalchemy import BigInteger, Column, Float, Index, String, Table, Text

from runtime.database import RowNumber, UtcDateTime, metadata

connector_states = Table(
    "connector_states",
    metadata,
    Column("number", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("evse_id", BigInteger, nullable=False),
    Column("connector_id", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("reported", String, nullable=False),
    Column("error_code", String),
    Column("info", String),
    Column("vendor_error_code", String),
    Column("at", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
)
"""A row whenever what a connector tells of itself changed: `at` by the station's clock, `received_at` by
ours. The last one of a connector is what `connectors` has."""
Index("ix_connector_states_station", connector_states.c.station_id, connector_states.c.number)

link_history = Table(
    "link_history",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("epoch", BigInteger, primary_key=True),
    Column("version", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("security", String, nullable=False),
    Column("node", String, nullable=False),
    Column("connected_at", UtcDateTime, nullable=False),
    Column("disconnected_at", UtcDateTime),
    Column("reason", Text),
)
"""A row for each link that a station had; the newest of each station stay. `reason` is why it ended."""

boots = Table(
    "boots",
    metadata,
    Column("number", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", String, nullable=False),
    Column("firmware_version", String),
    Column("registration", String, nullable=False),
)
"""A row for each BootNotification that was answered; the newest of each station stay."""
Index("ix_boots_station", boots.c.station_id, boots.c.number)

fleet_counts = Table(
    "fleet_counts",
    metadata,
    Column("minute", UtcDateTime, primary_key=True),
    Column("stations_known", BigInteger, nullable=False),
    Column("stations_online", BigInteger, nullable=False),
    Column("stations_faulted", BigInteger, nullable=False),
    Column("stations_blocked", BigInteger, nullable=False),
    Column("connectors_faulted", BigInteger, nullable=False),
    Column("charging", BigInteger, nullable=False),
    Column("power_w", Float, nullable=False),
    Column("energy_wh", Float, nullable=False),
)
"""All stations in numbers, once a minute by our clock; a minute in which nobody counted has no row."""
