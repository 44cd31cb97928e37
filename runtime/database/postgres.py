"""PostgreSQL behind the port: engines, what is asserted at opening, and errors in plain words.

The driver is psycopg 3, its synchronous side only. The writer is one connection in one thread, as on SQLite:
a batch is a function on a plain `Connection`. Reads run in a few threads too, not on psycopg's asynchronous
side: what a function makes of its rows then costs a reader's thread, not the event loop that stations wait
for, and there is one way of using the driver.

Writes run at READ COMMITTED. What two of them must not both do is refused by a key (`ON CONFLICT`, unique
indexes with their conditions) or fenced by a row that both change (counters, epochs); SERIALIZABLE would add
nothing but batches that are refused for having met, and written again. Reads run READ ONLY at REPEATABLE
READ: one snapshot, as on SQLite.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg.abc import Buffer
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from runtime.database.migration import Announce, announce_nothing, upgrade, upgrade_explained
from runtime.database.reads import PooledReads
from runtime.database.statements import without_nul
from runtime.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseProblem,
    DatabaseRefused,
    DatabaseUnreachable,
    DatabaseUnsupported,
    DatabaseUnwritable,
)
from runtime.threads import Threads
from runtime.wording import Phrase

T = TypeVar("T")

READERS = 4
OLDEST_SERVER = 140000
"""PostgreSQL 14, the oldest that is still looked after."""
CONNECT_WITHIN_S = 5
PROBE_BYTES = 1 << 20
WRITING = 0x626F726E65  # "borne"
"""The advisory lock of the one process that writes, and changes tables. Numbers and open transactions are
remembered in a process: two of them on one database would give two stations the same number.
"""
HANDED_OVER_WITHIN_S = 5
"""How long the server may take to notice that the process before is gone."""
OTHER_DATABASE = Phrase("une autre base avec --database-url", "another database with --database-url")
WAY_BACK = Phrase(
    "une autre base avec --database-url, où `borne restore` remet la sauvegarde d'avant la mise à jour",
    "another database with --database-url, into which `borne restore` puts the backup of before the upgrade",
)

# Every wait has an end: a server that is cut off without a word is given up after half a minute.
_CONNECT = {
    "connect_timeout": CONNECT_WITHIN_S,
    "application_name": "borne",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}

# All that the writer looks up it looks up by a key, a batch at a time. Without this a plan that was made when
# a table was new (and is kept, for the statements are prepared) reads the whole table until it is analysed.
_BY_INDEX = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan")


class _TextDumper(StrDumperUnknown):
    """The server's texts hold no NUL; where one comes in spite of all, it is shown as such: nothing fails for
    it, neither what stores it nor what looks for it.
    """

    def dump(self, obj: str) -> Buffer | None:
        """As the connection's encoding has it."""
        return super().dump(without_nul(obj) if "\x00" in obj else obj)


class PostgresBackend:
    """A database on a server. One process at a time may write, as long as its connection stands."""

    def __init__(self, url: URL, threads: Threads) -> None:
        self.place = place_of(url)
        self._url = url
        self.writers_made = 0
        self.write_engine = _engine(url, 1)
        self.reads = self.queries = PooledReads(reading_engine(url, READERS), READERS, threads)

        @event.listens_for(self.write_engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.adapters.register_dumper(str, _TextDumper)
            connection.autocommit = True
            for each in _BY_INDEX:
                connection.execute(f"SET {each} = off")
            connection.execute(f"SET lock_timeout = '{HANDED_OVER_WITHIN_S}s'")
            connection.execute("SELECT pg_advisory_lock(%s)", (WRITING,))
            connection.execute("SET lock_timeout = 0")
            connection.autocommit = False
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            self.writers_made += 1

    def prepare(self, migrations: str | None, announce: Announce = announce_nothing) -> None:
        """Assert that it is fit, and migrate in one transaction."""
        with self.write_engine.connect() as connection:
            assert_fit(connection, self.place, self._url.database or "borne")
        if migrations is None:
            return
        with (
            upgrade_explained(self.place),
            self.errors_explained(),
            self.write_engine.begin() as connection,
        ):
            upgrade(connection, migrations, self.place, elsewhere=WAY_BACK, announce=announce)

    def errors_explained(self) -> AbstractContextManager[None]:
        """With the URL, but for its password, in their words."""
        return errors_explained(self._url)

    def probe(self, connection: Connection) -> None:
        """Where tables lie and in the write-ahead log; nothing of it stays."""
        connection.exec_driver_sql("CREATE TEMPORARY TABLE borne_probe (filler text) ON COMMIT DROP")
        fill = "INSERT INTO borne_probe SELECT repeat('0', 1000) FROM generate_series(1, %s)"
        connection.exec_driver_sql(fill, (PROBE_BYTES // 1000,))
        log = "SELECT pg_logical_emit_message(true, 'borne', repeat('0', %s))"
        connection.exec_driver_sql(log, (PROBE_BYTES,))

    def release(self) -> None:
        """The server does, as connections close."""


def reading_engine(url: URL, connections: int = 1) -> Engine:
    """Each transaction sees one snapshot and can write nothing."""
    # A connection that the server has closed meanwhile (it was started anew) is found before it is used.
    engine = _engine(url, connections, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, _TextDumper)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True

    return engine


def _engine(url: URL, connections: int, **more: Any) -> Engine:
    given = {name: value for name, value in _CONNECT.items() if name not in url.query}
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args=given,
        hide_parameters=True,
        **more,
    )


def place_of(url: URL) -> str:
    """The URL as people may read it: no password, and of what follows the question mark only the host."""
    host = url.query.get("host")
    shown = URL.create(
        "postgresql",
        username=url.username,
        host=url.host or (host if isinstance(host, str) else None),
        port=url.port,
        database=url.database,
    )
    return shown.render_as_string(hide_password=True)


class Fitness(NamedTuple):
    """What a server says of itself and of the database."""

    number: int
    version: str
    fsync: str
    commit: str
    encoding: str
    is_plain_order: bool
    """Whether texts come in the order of their characters, as Python and SQLite have them."""


_FITNESS = (
    "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
    " current_setting('fsync'), current_setting('synchronous_commit'),"
    " current_setting('server_encoding'), 'B' < 'a' AND 'Z' < '_' AND 'a' < 'z'"
)


def assert_fit(connection: Connection, place: str, name: str) -> None:
    """Refuse to go on where an answered message could be lost, or where lists would come in another order."""
    found = Fitness(*connection.exec_driver_sql(_FITNESS).one())
    if problem := unfit(found, place, name):
        raise problem


def unfit(found: Fitness, place: str, name: str) -> DatabaseProblem | None:
    """Why it cannot be used, and what to do."""
    number, version, fsync, commit, encoding, is_plain_order = found
    if number < OLDEST_SERVER:
        return DatabaseUnsupported(
            Phrase(
                f"{place} est sur PostgreSQL {version}; il faut la version 14 ou une plus récente.",
                f"{place} is on PostgreSQL {version}; version 14 or a newer one is needed.",
            )
        )
    if fsync != "on" or commit == "off":
        return DatabaseProblem(
            Phrase(
                f"{place} tourne avec fsync={fsync}, synchronous_commit={commit} : une panne de courant peut "
                "y faire perdre ce qui a été répondu. Mettez les deux à « on » dans postgresql.conf (ou par "
                f'ALTER DATABASE "{name}" SET synchronous_commit = on), puis relancez.',
                f"{place} runs with fsync={fsync}, synchronous_commit={commit}: a power cut may lose what "
                f'was answered. Set both to on in postgresql.conf (or by ALTER DATABASE "{name}" SET '
                "synchronous_commit = on), and start again.",
            )
        )
    if encoding != "UTF8" or not is_plain_order:
        return DatabaseUnsupported(
            Phrase(
                f"{place} a l'encodage {encoding} ou trie les textes selon une langue; il lui faut UTF8 et "
                f"l'ordre des caractères. Créez-en une autre : {create_statement(name)}",
                f"{place} has the encoding {encoding} or sorts texts by a language; it needs UTF8 and the "
                f"order of characters. Create another one: {create_statement(name)}",
            )
        )
    return None


def create_statement(name: str) -> str:
    """How a database is made that is fit."""
    return f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';"


@contextmanager
def errors_explained(url: URL) -> Iterator[None]:
    """Turn what the driver raises about the server into a DatabaseProblem; other errors pass."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error) and (problem := explain(url, error.orig)):
            raise problem from error
        raise
    except psycopg.Error as error:
        if problem := explain(url, error):
            raise problem from error
        raise


# SQLSTATE, or how it begins (PostgreSQL, appendix A).
_UNWRITABLE = ("25006", "42501", "53100", "58030", "58P01", "58P02")
_REFUSED = ("28",)
_UNREACHABLE = ("08", "53300", "57P", "25P03")
# Before a connection is there the driver hands on no code, only the server's words.
_REFUSED_WORDS = ("password", "authentication", "pg_hba.conf", "role ")
_NO_DATABASE = "3D000"
_LOCKED = "55P03"


def explain(url: URL, error: psycopg.Error) -> DatabaseProblem | None:
    """The problem in plain words; None if the error is about a statement and not about the server."""
    code = error.sqlstate or ""
    words = str(error).strip()
    reason = words.rsplit("FATAL:", 1)[-1].strip().splitlines()[0] if words else type(error).__name__
    if not code and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        code = _code_of(words)
    if code.startswith(_UNWRITABLE):
        return _unwritable(place_of(url), reason)
    if code.startswith(_REFUSED):
        return _refused(place_of(url), reason)
    if code in (_NO_DATABASE, _LOCKED):
        return _missing(url) if code == _NO_DATABASE else _locked(place_of(url))
    if code.startswith(_UNREACHABLE):
        return _unreachable(place_of(url), reason)
    if code.startswith("XX0") and code != "XX000":
        return _damaged(place_of(url), reason)
    return None


def _code_of(words: str) -> str:
    if "database" in words and "does not exist" in words:
        return _NO_DATABASE
    return "28000" if "FATAL" in words and any(each in words for each in _REFUSED_WORDS) else "08000"


def _unreachable(place: str, reason: str) -> DatabaseUnreachable:
    return DatabaseUnreachable(
        Phrase(
            f"Le serveur de {place} ne répond pas : {reason}. Vérifiez qu'il tourne, son nom, son port et le "
            "pare-feu.",
            f"The server of {place} does not answer: {reason}. Check that it is running, its name, its port "
            "and the firewall.",
        )
    )


def _refused(place: str, reason: str) -> DatabaseRefused:
    return DatabaseRefused(
        Phrase(
            f"Le serveur de {place} refuse l'utilisateur : {reason}. Vérifiez le nom et le mot de passe dans "
            "l'URL de la base (ou PGPASSWORD), et pg_hba.conf sur le serveur.",
            f"The server of {place} refuses the user: {reason}. Check name and password in the database URL "
            "(or PGPASSWORD), and pg_hba.conf on the server.",
        )
    )


def _missing(url: URL) -> DatabaseMissing:
    place, create = place_of(url), create_statement(url.database or "borne")
    return DatabaseMissing(
        Phrase(
            f"La base {place} n'existe pas. Créez-la : {create}",
            f"The database {place} is not there. Create it: {create}",
        )
    )


def _locked(place: str) -> DatabaseLocked:
    return DatabaseLocked(
        Phrase(
            f"{place} est utilisée par un autre processus. Arrêtez-le, ou donnez à celui-ci "
            f"{OTHER_DATABASE.fr}.",
            f"{place} is in use by another process. Stop that one, or give this one {OTHER_DATABASE.en}.",
        )
    )


def _unwritable(place: str, reason: str) -> DatabaseUnwritable:
    return DatabaseUnwritable(
        Phrase(
            f"On ne peut pas écrire dans la base {place} : {reason}. Vérifiez l'espace libre du serveur, que "
            "l'utilisateur possède la base, et que le serveur n'est pas en lecture seule.",
            f"Cannot write the database {place}: {reason}. Check the server's free space, that the user owns "
            "the database, and that the server is not read-only.",
        )
    )


def _damaged(place: str, reason: str) -> DatabaseDamaged:
    return DatabaseDamaged(
        Phrase(
            f"La base {place} est endommagée ({reason}). Restaurez-la d'une sauvegarde.",
            f"The database {place} is damaged ({reason}). Restore it from a backup.",
        )
    )
