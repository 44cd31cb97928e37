"""The database behind one port: SQLite by default, PostgreSQL where one machine is not enough.

Nothing outside this package names a dialect: tables are described with `schema`, statements are written with
`statements` and `changes`, errors arrive as `runtime.errors.DatabaseProblem`.
"""

from runtime.database.database import (
    Backend,
    Database,
    assert_there,
    backend_of,
    database_path,
    is_postgres_url,
    is_same_database,
    snapshot,
    url_without_password,
)
from runtime.database.migration import Announce, announce_nothing
from runtime.database.schema import (
    NUMBERED_ONCE,
    RowNumber,
    UtcDateTime,
    from_micros,
    metadata,
    only_where,
    to_micros,
)

__all__ = [
    "NUMBERED_ONCE",
    "Announce",
    "Backend",
    "Database",
    "RowNumber",
    "UtcDateTime",
    "announce_nothing",
    "assert_there",
    "backend_of",
    "database_path",
    "from_micros",
    "is_postgres_url",
    "is_same_database",
    "metadata",
    "only_where",
    "snapshot",
    "to_micros",
    "url_without_password",
]
