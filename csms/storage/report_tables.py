"""Tables of what stations report: as it came, their variables, and which of our commands asked for it."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from runtime.database import RowNumber, UtcDateTime, metadata, only_where

kept_messages = Table(
    "kept_messages",
    metadata,
    Column("kept_id", RowNumber, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("version", String),
    Column("message_id", String, nullable=False),
    Column("request_id", BigInteger),
    Column("seq_no", BigInteger),
    Column("is_last", Boolean),
    Column("at", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("payload", Text),
    Column("payload_bytes", Integer, nullable=False),
)
"""Reports whose answer decides nothing, as JSON without secrets; the newest of each station and action."""
Index("ix_kept_messages_action", kept_messages.c.station_id, kept_messages.c.action, kept_messages.c.kept_id)
Index("ix_kept_messages_station", kept_messages.c.station_id, kept_messages.c.kept_id)

announced_reports = Table(
    "announced_reports",
    metadata,
    Column("command_id", String, primary_key=True),
    Column("station_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("request_id", BigInteger, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("seq_nos", Text, nullable=False),
    Column("last_seq_no", BigInteger),
    Column("is_complete", Boolean, nullable=False),
    Column("awaited_until", UtcDateTime),
)
"""Reports that a command asks for, and how far they have come; `moved_at` is when that was last known."""
Index(
    "ix_announced_reports_awaited",
    announced_reports.c.awaited_until,
    **only_where(announced_reports.c.awaited_until.is_not(None)),
)
Index(
    "ix_announced_reports_request",
    announced_reports.c.station_id,
    announced_reports.c.action,
    announced_reports.c.request_id,
    announced_reports.c.asked_at,
)

variables = Table(
    "variables",
    metadata,
    Column("station_id", String, primary_key=True),
    Column("variable_key", String, primary_key=True),
    Column("component", String, nullable=False),
    Column("component_instance", String),
    Column("evse_id", BigInteger),
    Column("connector_id", BigInteger),
    Column("variable", String, nullable=False),
    Column("variable_instance", String),
    Column("value", Text),
    Column("is_read_only", Boolean, nullable=False),
    Column("unit", String),
    Column("data_type", String),
    Column("max_limit", Float),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("min_limit", Float),
    Column("max_elements", BigInteger),
    Column("values_list", Text),
    Column("is_write_only", Boolean),
    Column("is_persistent", Boolean),
    Column("is_constant", Boolean),
    Column("supports_monitoring", Boolean),
    Column("attributes", Text),
)
"""`variable_key` names the variable in lower case, with its EVSE: names have no case. `attributes`: those
beside the Actual one, as JSON. What is null of the last ones the station did not report."""
