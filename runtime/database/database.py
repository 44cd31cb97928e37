"""The port: one writer thread, a few readers, migrations, clear errors, whichever database is behind it.

A transaction is a *function*: `await database.run_write(fn)` runs `fn(connection)` in the writer thread
inside one transaction. A whole load-decide-write batch costs one thread hop and one fsync, and nothing can
hold a transaction across an `await`. `connection` is a plain SQLAlchemy `Connection` on both databases. For
batches use the statements of `runtime.database.statements`, kept in a module constant, with a list of rows.

What was committed survives a power cut: each backend asserts so at opening (`sqlite`, `postgres`). Foreign
keys are enforced.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, Executable, Row
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from runtime.database import sqlite
from runtime.database.migration import Announce, announce_nothing
from runtime.database.reads import Reads
from runtime.database.sqlite import SqliteBackend
from runtime.errors import DatabaseMissing, DatabaseProblem, DatabaseUnsupported
from runtime.threads import Threads, own_thread, run_in
from runtime.wording import Phrase

T = TypeVar("T")
Parameters = Mapping[str, Any]


POSTGRES = ("postgresql", "postgres")


class Backend(Protocol):
    """One kind of database: engines, what is asserted at opening, and errors in plain words."""

    place: str
    """Where it is, as people may read it: never with a password."""
    write_engine: Engine
    """With one connection; each of its transactions is durable when its commit returns."""
    writers_made: int
    """How often that connection was made: anew after it was lost, when another process may have had it."""

    @property
    def reads(self) -> Reads:
        """For functions that make something of what they read: in threads."""

    @property
    def queries(self) -> Reads:
        """For single statements, whose rows are handed on as they are."""

    def prepare(self, migrations: str | None, announce: Announce = announce_nothing) -> None:
        """Assert what was promised, and bring the tables up to date. Raises DatabaseProblem."""

    def errors_explained(self) -> AbstractContextManager[None]:
        """Turns what the driver raises about the database itself into a DatabaseProblem; others pass."""

    def probe(self, connection: Connection) -> None:
        """Take as much room as a busy second does, and give it back. Raises DatabaseProblem."""

    def release(self) -> None:
        """Let others have it; all connections are closed."""


class Database:
    """An open database. Make one with `open`. There is one writer; a SQLite file is open in one process at a
    time.
    """

    def __init__(self, backend: Backend, threads: Threads) -> None:
        self._backend = backend
        self._writer = threads("database-writer")
        self.on_problem: Callable[[DatabaseProblem], None] = lambda _: None
        """Told of each write that the database refused (`runtime.storing`)."""
        self.on_regained: Callable[[Connection], None] = lambda _: None
        """Called in the first transaction after the writer's connection was lost; where it raises, nothing is
        written, and the next one asks again."""
        self._writers_known = 0

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        migrations: str | None,
        threads: Threads = own_thread,
        announce: Announce = announce_nothing,
    ) -> "Database":
        """Open `url` (`sqlite:///path` or `postgresql://user:password@host/name`), making a file and bringing
        the tables up to date.

        `migrations` is the dotted package with Alembic's `env.py` and `versions/` ("borne.migrations"); None
        leaves the tables alone; `announce` is given, in the writer's thread, what whoever waits for a
        long upgrade may read. With `threads` inline nothing leaves the loop's thread, reads neither. Raises a
        DatabaseProblem whose text says what to do.
        """
        database = cls(backend_of(url, threads), threads)
        try:
            await run_in(database._writer, lambda: database._prepare(migrations, announce))
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def place(self) -> str:
        """Where it is, as people may read it: the path of a file, or a URL without its password."""
        return self._backend.place

    def _prepare(self, migrations: str | None, announce: Announce) -> None:
        with self._backend.errors_explained():
            self._backend.prepare(migrations, announce)
        self._writers_known = self._backend.writers_made

    async def close(self) -> None:
        """Finish what was begun, and close."""
        await self._backend.reads.close()
        if self._backend.queries is not self._backend.reads:
            await self._backend.queries.close()
        await run_in(self._writer, self._backend.write_engine.dispose)
        self._writer.shutdown()
        self._backend.release()

    async def run_write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in the writer thread in one transaction, durable when this returns; any exception rolls it
        back.

        `fn` must not touch anything of the event loop. Raises a DatabaseProblem when the database refuses
        (then nothing of it is stored, unless the server was lost during the commit itself), else what `fn`
        raises. Being cancelled does not undo a transaction that has begun.
        """
        try:
            return await run_in(self._writer, lambda: self._transact(fn))
        except DatabaseProblem as problem:
            self.on_problem(problem)
            raise

    async def probe(self) -> None:
        """Prove that there is room and the right to write. Raises DatabaseProblem."""
        await self.run_write(self._backend.probe)

    async def run_read(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` on one consistent snapshot, in a reader's thread. Writing there raises."""
        with self._backend.errors_explained():
            return await self._backend.reads.run(fn)

    async def fetch_all(self, statement: Executable, parameters: Parameters | None = None) -> list[Row[Any]]:
        """All rows of a query."""
        return await self._query(lambda connection: list(connection.execute(statement, parameters).all()))

    async def fetch_one(self, statement: Executable, parameters: Parameters | None = None) -> Row[Any] | None:
        """The first row of a query, or None."""
        return await self._query(lambda connection: connection.execute(statement, parameters).first())

    async def scalar(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None."""
        return await self._query(lambda connection: connection.execute(statement, parameters).scalar())

    async def _query(self, fn: Callable[[Connection], T]) -> T:
        with self._backend.errors_explained():
            return await self._backend.queries.run(fn)

    async def execute(
        self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None
    ) -> int:
        """One statement in its own transaction; the number of rows it touched."""
        return await self.run_write(lambda connection: connection.execute(statement, parameters).rowcount)

    def _transact(self, fn: Callable[[Connection], T]) -> T:
        with self._backend.errors_explained(), self._backend.write_engine.begin() as connection:
            if self._writers_known != self._backend.writers_made:
                self.on_regained(connection)
                self._writers_known = self._backend.writers_made
            return fn(connection)


def backend_of(url: str, threads: Threads = own_thread) -> Backend:
    """The database that a URL names, not opened yet. Raises DatabaseUnsupported, DatabaseLocked, …"""
    parsed = _parsed(url)
    if parsed.get_backend_name() in POSTGRES:
        if parsed.drivername not in (*POSTGRES, "postgresql+psycopg"):
            raise DatabaseUnsupported(
                Phrase(
                    "Une base PostgreSQL s'écrit postgresql://utilisateur:motdepasse@hôte/base.",
                    "A PostgreSQL database is written postgresql://user:password@host/name.",
                )
            )
        from runtime.database.postgres import PostgresBackend  # only who has one pays for the driver

        return PostgresBackend(parsed, threads)
    return SqliteBackend(_sqlite_path(parsed), threads)


@contextmanager
def snapshot(url: str) -> Iterator[tuple[Connection, str]]:
    """One moment of a database, whoever else uses it, and where it is: nothing is locked, nothing written.

    A SQLite file must be there. Raises DatabaseProblem.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() in POSTGRES:
        from runtime.database import postgres

        engine, place = postgres.reading_engine(parsed), postgres.place_of(parsed)
        explained = postgres.errors_explained(parsed)
    else:
        path = _sqlite_path(parsed)
        engine, place, explained = sqlite.reading_engine(path), str(path), sqlite.errors_explained(path)
    try:
        with explained, engine.begin() as connection:
            yield connection, place
    finally:
        engine.dispose()


def database_path(url: str) -> Path:
    """The file that a database URL names. Raises DatabaseUnsupported for anything but SQLite files."""
    return _sqlite_path(_parsed(url))


def assert_there(url: str) -> None:
    """Before a SQLite file is read, for opening would make one; of a PostgreSQL database its server says so.
    Raises DatabaseMissing, DatabaseUnsupported.
    """
    if not is_postgres_url(url) and not (path := database_path(url)).is_file():
        raise DatabaseMissing(
            Phrase(
                f"Il n'y a pas de base de données {path} : donnez le --var ou le --database-url du serveur.",
                f"There is no database {path}: give the --var or the --database-url of the server.",
            )
        )


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnsupported(
            Phrase(
                "L'URL de la base de données est illisible; écrivez-la comme sqlite:////var/lib/borne/borne.db",
                "The database URL cannot be read; write it like sqlite:////var/lib/borne/borne.db",
            )
        ) from error


def is_postgres_url(url: str) -> bool:
    """Whether a URL names a PostgreSQL database. Raises DatabaseUnsupported where it cannot be read."""
    return _parsed(url).get_backend_name() in POSTGRES


def is_same_database(url: str, other: str) -> bool:
    """Whether two URLs name one database, whoever they log in as. Raises DatabaseUnsupported."""
    if is_postgres_url(url) and is_postgres_url(other):
        one, two = _parsed(url), _parsed(other)
        return all(getattr(one, part) == getattr(two, part) for part in ("host", "port", "database", "query"))
    if is_postgres_url(url) or is_postgres_url(other):
        return False
    return database_path(url).resolve() == database_path(other).resolve()


def url_without_password(url: str) -> str:
    """A URL that may be shown: `***` stands for its password; one behind the question mark is left out."""
    shown = _parsed(url)
    secret = [name for name in shown.query if "password" in name]
    return shown.difference_update_query(secret).render_as_string(hide_password=True)


def _sqlite_path(url: URL) -> Path:
    if url.get_backend_name() in POSTGRES:
        raise DatabaseUnsupported(
            Phrase(
                "Ceci ne se fait que sur le fichier d'une base SQLite; celle-ci est dans PostgreSQL.",
                "This is done on the file of a SQLite database only; this one is in PostgreSQL.",
            )
        )
    if url.get_backend_name() != "sqlite":
        raise DatabaseUnsupported(
            Phrase(
                f"On n'enregistre que dans SQLite ou PostgreSQL, pas dans {url.get_backend_name()}; "
                "écrivez l'URL de la base comme sqlite:////var/lib/borne/borne.db",
                f"Only SQLite and PostgreSQL are supported, not {url.get_backend_name()}; "
                "write the database URL like sqlite:////var/lib/borne/borne.db",
            )
        )
    if not url.database or url.database == ":memory:":
        raise DatabaseUnsupported(
            Phrase(
                "La base de données doit être un fichier, pour survivre à un redémarrage; écrivez "
                "sqlite:///dossier/borne.db",
                "The database must be a file, so that answers survive a restart; write "
                "sqlite:///folder/borne.db",
            )
        )
    return Path(url.database)
