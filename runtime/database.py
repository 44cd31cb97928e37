"""The database: one shared MetaData, one writer thread, a few reader threads, migrations, clear errors.

A transaction is a *function*: `await database.run_write(fn)` runs `fn(connection)` in the writer thread inside one
transaction, so a whole load-decide-write batch costs one thread hop and one fsync, and nothing can hold a transaction
across an `await`. `connection` is a plain SQLAlchemy `Connection`, the same that PostgreSQL's driver will hand to `fn`
through `run_sync`; `write_many` is the fast lane for batches.

SQLite runs with `journal_mode=WAL` and `synchronous=FULL`, asserted at opening: an answered message survives a power
cut. `PRAGMA foreign_keys` is on.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, Executable, MetaData, Row
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Where csms and provisioning register their tables (`Table("stations", metadata, …)`)."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """An aware datetime as whole microseconds since 1970, the form UtcDateTime stores."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime of a stored number."""
    return _EPOCH + timedelta(microseconds=micros)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as integer microseconds since 1970: exact, sortable, the same everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses naive datetimes."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: give it a time zone, the database stores instants")
        return to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Aware, UTC."""
        return None if value is None else from_micros(value)


class Database:
    """An open database. Make one with `open`."""

    @classmethod
    async def open(cls, url: str, *, migrations: str | None) -> "Database":
        """Open `url` (`sqlite+aiosqlite:///path`, `sqlite:///path`), creating the file and bringing it up to date.

        `migrations` is the dotted package with Alembic's `env.py` and `versions/` ("borne.migrations"); None leaves
        the tables alone. Raises DatabaseProblem subclasses whose text says what to do.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Finish what was begun, checkpoint and close."""
        raise NotImplementedError

    async def run_write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in the writer thread in one transaction, durable when this returns; any exception rolls back.

        `fn` must not touch anything of the event loop. Raises DatabaseUnwritable when the disk refuses (then nothing
        of it is stored), else what `fn` raises.
        """
        raise NotImplementedError

    async def run_read(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in a reader thread on one consistent snapshot. Writing there raises."""
        raise NotImplementedError

    async def fetch_all(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> list[Row[Any]]:
        """All rows of a query."""
        raise NotImplementedError

    async def fetch_one(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Row[Any] | None:
        """The first row of a query, or None."""
        raise NotImplementedError

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """The first column of the first row, or None."""
        raise NotImplementedError

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> int:
        """One statement in its own transaction; the number of rows it touched."""
        raise NotImplementedError


def write_many(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute `statement` once per row with one `executemany` of the driver: the fast lane of the batch writer.

    `statement` is an insert, update or delete whose values are `bindparam`s (or a bare `insert(table)`, whose columns
    are then the keys of the first row); all rows have the same keys. It is compiled once per statement object and key
    set, so keep statements in module constants.
    """
    raise NotImplementedError
