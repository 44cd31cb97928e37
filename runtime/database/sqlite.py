"""SQLite behind the port: engines, durability, the lock between processes, and errors in plain words.

It runs with `journal_mode=WAL` and `synchronous=FULL`, asserted at opening.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, QueuePool

from runtime.database.former import forget_older, keep_former, way_back
from runtime.database.migration import Announce, announce_nothing, upgrade, upgrade_explained
from runtime.database.reads import PooledReads, Reads
from runtime.database.sqlite_file import make_private
from runtime.errors import DatabaseDamaged, DatabaseLocked, DatabaseProblem, DatabaseUnwritable
from runtime.threads import Inline, Threads
from runtime.wording import Phrase

T = TypeVar("T")

READERS = 4  # connections; readers never block the writer in WAL mode
QUERYING = 2
"""Connections for single statements: a slow one does not hold up the next. Each has a thread of aiosqlite,
and more of them would only wait for their turn in the interpreter.
"""
BUSY_TIMEOUT_S = 5.0
WAL_LIMIT_BYTES = 64 << 20  # the write-ahead log is cut back to this after a checkpoint
CHECKPOINT_PAGES = 8000  # 32 MiB: each hot page is folded into the file once, not at every other commit
PROBE_BYTES = 1 << 20
WRITER_CACHE_KIB = 32 << 10  # SQLite's own 2 MiB hold no index of a busy night
LOOK_EVERY = 1_000_000
"""Instructions of SQLite's machine between two looks at the clock: some hundredths of a second."""
STORED_AS_THEY_ARE: tuple[type, ...] = (type(None), bool, bytes)
"""Types of values that the driver has no shortcut for. Where none is registered for a type, it asks the value
for an adapter and words an error that nobody sees: 1.2 µs for each None, of which a reading has a dozen.
"""
OTHER_FOLDER = Phrase("un autre dossier avec --var", "another folder with --var")


def _as_it_is(value: T) -> T:
    return value


for _kind in STORED_AS_THEY_ARE:
    sqlite3.register_adapter(_kind, _as_it_is)  # of the process: all of its connections


class SqliteBackend:
    """A file, which no other process has open."""

    writers_made = 0
    """A file is not lost: it is locked from the beginning to the end."""

    def __init__(self, path: Path, threads: Threads) -> None:
        """Raises DatabaseLocked and DatabaseUnwritable."""
        self.place = str(path)
        self._path = path
        self._lock = FileLock(path)
        self.write_engine = writer_engine(path)
        self.reads = PooledReads(reading_engine(path, READERS), READERS, threads)
        self.queries: Reads = self.reads if isinstance(threads, Inline) else AsyncQueries(path, QUERYING)

    def prepare(self, migrations: str | None, announce: Announce = announce_nothing) -> None:
        """Assert durability, and migrate; a copy of what was there before is kept."""
        with self.write_engine.connect() as connection:
            assert_durable(connection)
        if migrations is None:
            return
        with (
            upgrade_explained(self.place),
            self.errors_explained(),
            self.write_engine.begin() as connection,
        ):
            before = upgrade(
                connection,
                migrations,
                self.place,
                elsewhere=way_back(self._path, OTHER_FOLDER),
                keep=lambda revision: keep_former(self._path, revision),
                watching=_watching(connection),
                announce=announce,
            )
        if before is not None:
            forget_older(self._path, before)

    def errors_explained(self) -> AbstractContextManager[None]:
        """With the file's path in their words."""
        return errors_explained(self._path)

    def probe(self, connection: Connection) -> None:
        """Beside the file, and in its first page."""
        probe(connection, self._path)

    def release(self) -> None:
        """Let other processes have the file."""
        self._lock.release()


def _watching(connection: Connection) -> Callable[[Callable[[], None]], AbstractContextManager[None]]:
    """Calls a function every LOOK_EVERY instructions of a long statement."""

    @contextmanager
    def watching(look: Callable[[], None]) -> Iterator[None]:
        driver: Any = connection.connection.driver_connection

        def at_each_step() -> int:
            look()
            return 0  # anything else interrupts the statement

        driver.set_progress_handler(at_each_step, LOOK_EVERY)
        try:
            yield
        finally:
            driver.set_progress_handler(None, LOOK_EVERY)

    return watching


class FileLock:
    """Keeps a second process away from a database file; the kernel releases it with the process, however it
    ends.
    """

    def __init__(self, database: Path) -> None:
        """Raises DatabaseLocked and DatabaseUnwritable."""
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unwritable(database, error.strerror or str(error)) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise locked(database) from error

    def release(self) -> None:
        """Let others open the file; harmless when repeated."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def writer_engine(path: Path) -> Engine:
    """The engine of the one writer: every transaction takes the write lock at its beginning."""
    make_private(path)
    engine = create_engine(
        f"sqlite:///{path}", poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args=_CONNECT
    )
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        f"cache_size=-{WRITER_CACHE_KIB}",
        # What a statement of many rows would need to be undone: in a file, it is written for each of them.
        "temp_store=MEMORY",
    )
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=pragmas)
    return engine


def reading_engine(path: Path, connections: int = 1) -> Engine:
    """Each transaction sees one snapshot and can write nothing."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args=_CONNECT,
    )
    _prepare(engine, begin="BEGIN", pragmas=("query_only=ON",))
    return engine


class AsyncQueries:
    """Connections of aiosqlite for single statements: only the driver's calls leave the event loop, which is
    right where rows are handed on as they are, and saves the hop to a reader's thread and the wait for one.
    """

    def __init__(self, path: Path, connections: int) -> None:
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}",
            poolclass=AsyncAdaptedQueuePool,
            pool_size=connections,
            max_overflow=0,
            connect_args=_CONNECT,
        )
        _prepare(self._engine.sync_engine, begin="BEGIN", pragmas=("query_only=ON",))

    async def run(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` reads on one snapshot."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(fn)

    async def close(self) -> None:
        """Close the connections."""
        await self._engine.dispose()


# isolation_level=None: the driver would otherwise begin and commit by its own, older rules
_CONNECT = {"isolation_level": None, "timeout": BUSY_TIMEOUT_S, "check_same_thread": False}


def _prepare(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    """What each connection is set to, and how each transaction begins."""

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", f"journal_size_limit={WAL_LIMIT_BYTES}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def assert_durable(connection: Connection) -> None:
    """Refuse to go on where an answered message could be lost in a power cut."""
    journal: Any = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    synchronous: Any = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    if journal != "wal" or synchronous != 2:  # 2 is FULL
        raise DatabaseProblem(
            Phrase(
                f"SQLite a donné journal_mode={journal}, synchronous={synchronous} au lieu de wal et FULL "
                ": ce système de fichiers peut perdre ce qui a été répondu. Prenez un disque local, pas un "
                "partage réseau.",
                f"SQLite gave journal_mode={journal}, synchronous={synchronous} instead of wal and FULL: "
                "this file system may lose what was answered. Use a local disk, not a network share.",
            )
        )


def probe(connection: Connection, path: Path) -> None:
    """Take PROBE_BYTES of the disk, give them back, and change the database's first page. Raises
    DatabaseUnwritable.
    """
    beside = Path(f"{path}.probe")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"\0" * PROBE_BYTES)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(path, error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    version: Any = connection.exec_driver_sql("PRAGMA user_version").scalar()
    connection.exec_driver_sql(f"PRAGMA user_version={int(version)}")


@contextmanager
def errors_explained(path: Path) -> Iterator[None]:
    """Turn what the driver raises about the file itself into a DatabaseProblem; other errors pass."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error) and (problem := explain(path, error.orig)):
            raise problem from error
        raise
    except sqlite3.Error as error:
        if problem := explain(path, error):
            raise problem from error
        raise


def explain(path: Path, error: sqlite3.Error) -> DatabaseProblem | None:
    """The problem in plain words; None if the error is about a statement and not about the file."""
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return locked(path)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return DatabaseDamaged(
            Phrase(
                f"{path} n'est pas une base de données, ou est endommagée ({error}). Restaurez-la d'une "
                "sauvegarde, ou déplacez-la pour repartir d'une base vide.",
                f"{path} is not a database, or is damaged ({error}). Restore it from a backup, or move it "
                "away to start with an empty one.",
            )
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_PERM")):
        return unwritable(path, str(error))
    return None


def locked(path: Path) -> DatabaseLocked:
    """Another process has it."""
    return DatabaseLocked(
        Phrase(
            f"{path} est utilisée par un autre processus. Arrêtez-le, ou donnez à celui-ci son dossier "
            "par --var.",
            f"{path} is in use by another process. Stop that one, or give this one its own folder with "
            "--var.",
        )
    )


def unwritable(path: Path, reason: str) -> DatabaseUnwritable:
    """Nobody can write there."""
    return DatabaseUnwritable(
        Phrase(
            f"On ne peut pas écrire dans la base {path} : {reason}. Vérifiez le propriétaire du dossier, ses "
            "droits et l'espace libre, ou choisissez un autre dossier par --var.",
            f"Cannot write the database {path}: {reason}. Check the folder's owner, permissions and free "
            "space, or choose another folder with --var.",
        )
    )
