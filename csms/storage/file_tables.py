"""The tables of files, of the URLs that stations get them by, and of what was asked with them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from runtime.database import UtcDateTime, metadata

files = Table(
    "files",
    metadata,
    Column("file_id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("stored_by", String, nullable=False),
    Column("station_id", String),
    Column("number", BigInteger),
    Column("vendor", String),
    Column("model", String),
    Column("version", String),
    Column("signature", Text),
    Column("signing_certificate", Text),
)
"""What lies in `var/files` under its id; `number` is the transfer that an upload came by."""
Index("ix_files_role", files.c.role, files.c.stored_at, files.c.file_id)
Index("ix_files_station", files.c.station_id, files.c.stored_at)

file_grants = Table(
    "file_grants",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("station_id", String, nullable=False),
    Column("file_id", String),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("uses", Integer, nullable=False),
)
"""URLs by the SHA-256 of their secret; without `file_id` one to send a file to."""
Index("ix_file_grants_number", file_grants.c.number)
Index("ix_file_grants_expires", file_grants.c.expires_at)

transfers = Table(
    "transfers",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("station_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("status", String),
    Column("reason", String),
    Column("steps", Integer, nullable=False),
    Column("file_id", String),
    Column("is_signed", Boolean, nullable=False),
    Column("version_wanted", String),
    Column("version_before", String),
    Column("version_after", String),
    Column("log_type", String),
    Column("oldest_at", UtcDateTime),
    Column("latest_at", UtcDateTime),
    Column("retrieve_at", UtcDateTime),
    Column("install_at", UtcDateTime),
    Column("retries", Integer),
    Column("retry_interval_s", Integer),
    Column("asked_by", String, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
)
"""What stations were asked to install or to send; `number` is the request id, `file_id` the firmware."""
Index("ix_transfers_station", transfers.c.station_id, transfers.c.number)

transfer_steps = Table(
    "transfer_steps",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("status", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Every status of a transfer, in order."""
