"""The database: one shared MetaData, one writer thread, a few readers, migrations, clear errors.

A transaction is a *function*: `await database.run_write(fn)` runs `fn(connection)` in the writer thread
inside one transaction. A whole load-decide-write batch costs one thread hop and one fsync, and nothing can
hold a transaction across an `await`. `connection` is a plain SQLAlchemy `Connection`, what PostgreSQL's async
engine hands to a function through `run_sync` too. For batches give `connection.execute` a statement kept in a
module constant and a list of rows: that is one `executemany` of the driver (measured: 95 k rows/s in commits
of 128).

SQLite runs with `journal_mode=WAL` and `synchronous=FULL`, asserted at opening: what was committed survives a
power cut. Foreign keys are enforced.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, Executable, MetaData, Row
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.types import TypeDecorator

from runtime import sqlite
from runtime.errors import DatabaseProblem, DatabaseUnsupported
from runtime.migration import upgrade
from runtime.threads import Threads, inline, own_thread, run_in
from runtime.wording import Phrase

T = TypeVar("T")
Parameters = Mapping[str, Any]

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

READERS = 4  # connections; SQLite readers never block the writer in WAL mode

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """An aware datetime as whole microseconds since 1970, the form UtcDateTime stores."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime of a stored number."""
    return _EPOCH + timedelta(microseconds=micros)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as integer microseconds since 1970: exact, sortable, the same
    everywhere.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuses naive datetimes."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: give it a time zone, the database stores instants")
        return to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, UTC."""
        return None if value is None else from_micros(value)


class Database:
    """An open database. Make one with `open`; there is one writer, so only one process opens a file at a
    time.
    """

    def __init__(self, path: Path, lock: sqlite.FileLock, threads: Threads) -> None:
        self.path = path
        self._lock = lock
        self._write_engine = sqlite.writer_engine(path)
        self._reads: sqlite.ThreadedReads | sqlite.InlineReads = (
            sqlite.InlineReads(path) if threads is inline else sqlite.ThreadedReads(path, READERS)
        )
        self._writer = threads("database-writer")
        self.on_problem: Callable[[DatabaseProblem], None] = lambda _: None
        """Told of each write that the disk refused (`runtime.storing`)."""

    @classmethod
    async def open(cls, url: str, *, migrations: str | None, threads: Threads = own_thread) -> "Database":
        """Open `url` (`sqlite+aiosqlite:///path` or `sqlite:///path`), making the file and bringing it up to
        date.

        `migrations` is the dotted package with Alembic's `env.py` and `versions/` ("borne.migrations"); None
        leaves the tables alone. With `threads` inline nothing leaves the loop's thread, reads neither. Raises
        a DatabaseProblem whose text says what to do.
        """
        path = database_path(url)
        database = cls(path, sqlite.FileLock(path), threads)
        try:
            await run_in(database._writer, lambda: database._prepare(migrations))
        except BaseException:
            await database.close()
            raise
        return database

    def _prepare(self, migrations: str | None) -> None:
        with sqlite.errors_explained(self.path):
            with self._write_engine.connect() as connection:
                sqlite.assert_durable(connection)
            if migrations is not None:
                with self._write_engine.begin() as connection:
                    upgrade(connection, migrations, self.path)

    async def close(self) -> None:
        """Finish what was begun, fold the write-ahead log into the file, and close."""
        await self._reads.close()
        await run_in(self._writer, self._write_engine.dispose)
        self._writer.shutdown()
        self._lock.release()

    async def run_write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in the writer thread in one transaction, durable when this returns; any exception rolls it
        back.

        `fn` must not touch anything of the event loop. Raises a DatabaseProblem when the disk refuses (then
        nothing of it is stored), else what `fn` raises. Being cancelled does not undo a transaction that has
        begun.
        """
        try:
            return await run_in(self._writer, lambda: self._transact(fn))
        except DatabaseProblem as problem:
            self.on_problem(problem)
            raise

    async def probe(self) -> None:
        """Prove that there is room and the right to write. Raises DatabaseProblem."""
        await self.run_write(lambda connection: sqlite.probe(connection, self.path))

    async def run_read(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` on one consistent snapshot, each of its statements in a reader's thread (aiosqlite).
        Writing there raises.
        """
        with sqlite.errors_explained(self.path):
            return await self._reads.run(fn)

    async def fetch_all(self, statement: Executable, parameters: Parameters | None = None) -> list[Row[Any]]:
        """All rows of a query."""
        return await self.run_read(lambda connection: list(connection.execute(statement, parameters).all()))

    async def fetch_one(self, statement: Executable, parameters: Parameters | None = None) -> Row[Any] | None:
        """The first row of a query, or None."""
        return await self.run_read(lambda connection: connection.execute(statement, parameters).first())

    async def scalar(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None."""
        return await self.run_read(lambda connection: connection.execute(statement, parameters).scalar())

    async def execute(
        self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None
    ) -> int:
        """One statement in its own transaction; the number of rows it touched."""
        return await self.run_write(lambda connection: connection.execute(statement, parameters).rowcount)

    def _transact(self, fn: Callable[[Connection], T]) -> T:
        with sqlite.errors_explained(self.path), self._write_engine.begin() as connection:
            return fn(connection)


def database_path(url: str) -> Path:
    """The file that a database URL names. Raises DatabaseUnsupported for anything but SQLite files."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnsupported(
            Phrase(
                "L'URL de la base de données est illisible; écrivez-la comme sqlite:////var/lib/borne/borne.db",
                "The database URL cannot be read; write it like sqlite:////var/lib/borne/borne.db",
            )
        ) from error
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseUnsupported(
            Phrase(
                f"Cette version n'enregistre que dans SQLite, pas dans {parsed.get_backend_name()}; "
                "écrivez l'URL de la base comme sqlite:////var/lib/borne/borne.db",
                f"This version stores in SQLite only, not in {parsed.get_backend_name()}; "
                "write the database URL like sqlite:////var/lib/borne/borne.db",
            )
        )
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUnsupported(
            Phrase(
                "La base de données doit être un fichier, pour survivre à un redémarrage; écrivez "
                "sqlite:///dossier/borne.db",
                "The database must be a file, so that answers survive a restart; write "
                "sqlite:///folder/borne.db",
            )
        )
    return Path(parsed.database)
