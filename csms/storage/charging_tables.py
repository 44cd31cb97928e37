"""The tables of charging profiles, of limits that others set, and of what stations expect to let flow."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, String, Table, Text

from runtime.database import UtcDateTime, metadata

charging_profiles = Table(
    "charging_profiles",
    metadata,
    Column("entry_id", String, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("evse_id", BigInteger, nullable=False),
    Column("profile", Text, nullable=False),
    Column("source", String, nullable=False),
    Column("transaction_id", String),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("asked_by", String),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("reported_at", UtcDateTime),
)
"""Profiles that stations were given, or told of, and what became of them. `entry_id` is the command that set
it, or made of what a station reported; `profile` is the model's as JSON.
"""
Index("ix_charging_profiles_station", charging_profiles.c.station_id, charging_profiles.c.asked_at)
Index("ix_charging_profiles_state", charging_profiles.c.station_id, charging_profiles.c.state)
Index("ix_charging_profiles_asked", charging_profiles.c.asked_at, charging_profiles.c.entry_id)

charging_limits = Table(
    "charging_limits",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("evse_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("is_grid_critical", Boolean),
    Column("is_local_generation", Boolean),
    Column("schedules", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("cleared_at", UtcDateTime),
)
"""Limits that others than the central system have set, the last of each source and EVSE."""
Index(
    "ix_charging_limits_reported",
    charging_limits.c.reported_at,
    charging_limits.c.station_id,
    charging_limits.c.evse_id,
    charging_limits.c.source,
)

composite_schedules = Table(
    "composite_schedules",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("evse_id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", String, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("duration_s", BigInteger, nullable=False),
    Column("periods", Text, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
)
"""What a station last answered when it was asked what it expects to let flow, by EVSE."""


exceeded_limits = Table(
    "exceeded_limits",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("evse_id", BigInteger, primary_key=True, autoincrement=False),
    Column("transaction_id", String),
    Column("limit_w", Float, nullable=False),
    Column("power_w", Float, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)
"""Stations that take more than they may; of each EVSE the last."""
Index(
    "ix_exceeded_limits_since",
    exceeded_limits.c.since,
    exceeded_limits.c.station_id,
    exceeded_limits.c.evse_id,
)
