"""The tables of what has been: states of connectors, and counts of the fleet. Each is bounded."""

from sqlalchemy import BigInteger, Column, Float, Index, String, Table

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
