"""Copies all that is in one database into another, empty one, of either kind, and proves that it is the same.

It is one transaction of the target: the tables are made at the source's revision, filled, read back and
compared, each by the number of its rows and a sum over them. What is not the same leaves nothing there.
Numbers go on where they were: that of a row that has gone is not given again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, Integer, MetaData, String, Table, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from runtime.database.database import backend_of
from runtime.database.migration import build, known_revision
from runtime.database.statements import is_postgres, without_nul
from runtime.errors import CopyFailed, DatabaseOccupied
from runtime.wording import Phrase

CHUNK = 2000
"""Rows read and written at a time."""
REVISIONS = "alembic_version"
_DIGEST_BYTES = 16
_WHOLE = 1 << 8 * _DIGEST_BYTES

_pack = msgspec.msgpack.Encoder().encode
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """An open database, in a transaction; `name` is where it is, as people may read it."""

    connection: Connection
    name: str


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """`changed_texts` held a NUL, which PostgreSQL does not take: it is shown as U+2400 there."""

    name: str
    rows: int
    changed_texts: int


@dataclass(frozen=True, slots=True)
class Progress:
    """So many rows of the table are there, of so many; `number` and `tables` count tables."""

    table: str
    rows: int
    of: int
    number: int
    tables: int

    @property
    def is_whole(self) -> bool:
        """Whether the table is done."""
        return self.rows == self.of


Watch = Callable[[Progress], None]
ELSEWHERE = Phrase("une autre base", "another database")


@contextmanager
def opened_alone(url: str) -> Iterator[OpenDatabase]:
    """A database that no other process has open, in one transaction. Raises DatabaseProblem."""
    backend = backend_of(url)
    try:
        with backend.errors_explained():
            backend.prepare(None)
            with backend.write_engine.begin() as connection:
                yield OpenDatabase(connection, backend.place)
    finally:
        backend.write_engine.dispose()
        backend.release()


def copy_database(
    source: OpenDatabase, target: OpenDatabase, migrations: str, watch: Watch
) -> list[CopiedTable]:
    """Copy everything; the caller commits. Raises DatabaseOccupied, DatabaseNewer, CopyFailed."""
    assert_empty(target)
    revision = known_revision(source.connection, migrations, source.name, ELSEWHERE)
    if revision is None:
        raise CopyFailed(
            Phrase(
                f"Il n'y a rien de borne dans {source.name}.",
                f"Nothing of borne is in {source.name}.",
            )
        )
    build(target.connection, migrations, revision)
    tables = _tables_of(target.connection)
    for table in reversed(tables):  # what the history itself has put there
        target.connection.execute(table.delete())
    copied = []
    for number, table in enumerate(tables, start=1):

        def report(rows: int, of: int, name: str = table.name, number: int = number) -> None:
            watch(Progress(name, rows, of, number, len(tables)))

        copied.append(_copy_table(source, target, table, report))
    if is_postgres(target.connection):
        target.connection.exec_driver_sql("ANALYZE")  # whoever reads next need not guess
    return copied


def assert_empty(target: OpenDatabase) -> None:
    """Raises DatabaseOccupied."""
    if found := inspect(target.connection).get_table_names():
        raise DatabaseOccupied(
            Phrase(
                f"{target.name} n'est pas vide (il y a {found[0]}), et rien n'est jamais écrasé : nommez une "
                "base vide.",
                f"{target.name} is not empty ({found[0]} is there), and nothing is ever overwritten: name an "
                "empty database.",
            )
        )


def _tables_of(connection: Connection) -> list[Table]:
    """Those that are referred to first."""
    there = MetaData()
    there.reflect(connection)
    return [table for table in there.sorted_tables if table.name != REVISIONS]


def _copy_table(
    source: OpenDatabase, target: OpenDatabase, table: Table, watch: Callable[[int, int], None]
) -> CopiedTable:
    expected = source.connection.execute(select(func.count()).select_from(table)).scalar_one()
    there, changed = TableSum(), 0
    is_strict, texts = is_postgres(target.connection), _texts_of(table)
    for some in _rows_of(source.connection, table):
        rows = some
        if is_strict:
            rows = [_storable(row, texts) for row in some]
            changed += sum(row is not before for row, before in zip(rows, some, strict=True))
        there.add(rows)
        _write(target, table, rows)
        watch(there.rows, max(expected, there.rows + 1))
    _compare(target, table, there, expected)
    if number := _number_of(table):
        _set_last_number(target.connection, table, number, _last_number(source.connection, table, number))
    if there.rows:
        watch(there.rows, there.rows)
    return CopiedTable(table.name, there.rows, changed)


def _write(target: OpenDatabase, table: Table, rows: Sequence[Values]) -> None:
    try:
        if is_postgres(target.connection):
            _stream(target.connection, table, rows)
        else:
            target.connection.execute(
                insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in rows]
            )
    except (DBAPIError, psycopg.DataError, OverflowError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise CopyFailed(
            Phrase(
                f"{target.name} ne peut pas contenir une valeur de la table {table.name} : {reason}. Rien "
                "n'y a été écrit.",
                f"{target.name} cannot hold a value of the table {table.name}: {reason}. Nothing was "
                "written there.",
            )
        ) from error


def _compare(target: OpenDatabase, table: Table, there: "TableSum", expected: int) -> None:
    """What stands there now, read back, is what was read here."""
    here = TableSum()
    for rows in _rows_of(target.connection, table):
        here.add(rows)
    if here != there or there.rows != expected:
        raise CopyFailed(
            Phrase(
                f"La table {table.name} n'est pas la même dans {target.name} : {here.rows} lignes au lieu de "
                f"{expected}, ou d'autres valeurs. Rien n'y a été gardé.",
                f"The table {table.name} is not the same in {target.name}: {here.rows} rows instead of "
                f"{expected}, or other values. Nothing was kept there.",
            )
        )


@dataclass(slots=True)
class TableSum:
    """Rows and a sum over them that does not depend on their order, nor on the database."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Iterable[Values]) -> None:
        """These too."""
        for row in rows:
            digest = hashlib.blake2b(_pack(row), digest_size=_DIGEST_BYTES).digest()
            self.total = (self.total + int.from_bytes(digest)) % _WHOLE
            self.rows += 1


def _rows_of(connection: Connection, table: Table) -> Iterator[list[Values]]:
    """As Python has them, the same from both databases."""
    found = connection.execute(select(table), execution_options={"yield_per": CHUNK})
    for some in found.partitions():
        yield [tuple(row) for row in some]


def _texts_of(table: Table) -> Callable[[Values], Values]:
    places = [place for place, column in enumerate(table.columns) if isinstance(column.type, String)]
    return itemgetter(*places, *places[:1]) if places else lambda _: ()


def _storable(row: Values, texts: Callable[[Values], Values]) -> Values:
    """The same row, or one without NUL in its texts."""
    if not any(each is not None and "\x00" in each for each in texts(row)):
        return row
    return tuple(without_nul(each) if isinstance(each, str) else each for each in row)


def _number_of(table: Table) -> str | None:
    """The column that the database counts up."""
    keys = list(table.primary_key)
    return keys[0].name if len(keys) == 1 and isinstance(keys[0].type, Integer) else None


def _stream(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Through the server's own way of loading many rows."""
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as stream:
        for row in rows:
            stream.write_row(row)


def _last_number(connection: Connection, table: Table, column: str) -> int:
    """The last number that was given to a row, though the row may have gone; 0 where nobody remembers it."""
    if is_postgres(connection):
        if (sequence := _sequence_of(connection, table, column)) is None:
            return 0
        query = f"SELECT last_value, is_called FROM {sequence}"  # noqa: S608 - the server's own name
        found = connection.exec_driver_sql(query).one()
        return int(found.last_value) if found.is_called else 0
    if not inspect(connection).has_table("sqlite_sequence"):
        return 0
    query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    return int(connection.exec_driver_sql(query, (table.name,)).scalar() or 0)


def _set_last_number(connection: Connection, table: Table, column: str, number: int) -> None:
    """The next row gets a higher one than that, and than those that are there."""
    highest = connection.execute(select(func.max(table.c[column]))).scalar() or 0
    last = max(number, highest)
    if not last:
        return
    if is_postgres(connection):
        if (sequence := _sequence_of(connection, table, column)) is not None:
            connection.exec_driver_sql("SELECT setval(%s::regclass, %s)", (sequence, last))
    elif _is_numbered_once(connection, table):  # else SQLite goes by the rows that are there
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        connection.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (table.name, last))


def _is_numbered_once(connection: Connection, table: Table) -> bool:
    query = "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = ?"
    return bool(connection.exec_driver_sql(query, (table.name,)).scalar())


def _sequence_of(connection: Connection, table: Table, column: str) -> str | None:
    query = "SELECT pg_get_serial_sequence(%s, %s)"
    found = connection.exec_driver_sql(query, (f'"{table.name}"', column)).scalar()
    return str(found) if found is not None else None
