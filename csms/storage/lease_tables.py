"""The tables of the bench: leases of stations, what the stations were before, and their tags."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text

from runtime.database import UtcDateTime, metadata, only_where

leases = Table(
    "leases",
    metadata,
    Column("lease_id", String, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("tags", String, nullable=False),
    Column("lasts_s", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("renewed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("baseline", String, nullable=False),
    Column("end_cause", String),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String),
    Column("reason", Text),
    Column("restoration", Text),
    Column("moved_at", UtcDateTime, nullable=False),
)
"""Who had a station when. At most one of a station is not over, whichever process writes."""
IS_OPEN = leases.c.state != "over"
Index("uq_leases_open", leases.c.station_id, unique=True, **only_where(IS_OPEN))
Index("ix_leases_since", leases.c.since, leases.c.lease_id)
Index("ix_leases_station", leases.c.station_id, leases.c.since)

lease_baselines = Table(
    "lease_baselines",
    metadata,
    Column("lease_id", String, primary_key=True),
    Column("content", Text, nullable=False),
)
"""What a station's configuration was when its lease began: apart, since only restoring reads it."""

station_tags = Table(
    "station_tags",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("tag", String, primary_key=True),
)
"""What a station of the bench is, in words of whoever runs it."""
Index("ix_station_tags_tag", station_tags.c.tag, station_tags.c.station_id)

bench_runs = Table(
    "bench_runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("scenario", String, nullable=False),
    Column("bindings", Text, nullable=False),
    Column("begun_by", String, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("title", String, nullable=False),
    Column("stations", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("verdict", String),
    Column("reason", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("prompt", Text),
    Column("ended_at", UtcDateTime),
    Column("steps", Text, nullable=False),
)
"""Scenarios that were played on the page of the bench, with their steps as they came."""
Index("ix_bench_runs_began", bench_runs.c.began_at, bench_runs.c.run_id)
