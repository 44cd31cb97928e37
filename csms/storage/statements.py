"""Statements compiled once, when a module is imported: on the hot path nothing is built, only bound.

Written for SQLite's driver (`?` for each value). Rows travel many to a statement: the driver gives up
Python's lock at each step, and a step per row would wait for the event loop each time (measured beside a busy
loop: 143 µs a row with `executemany`, 27 with 64 rows to a statement; alone 3.0 and 2.1). Lists of keys
travel as one JSON parameter, so that a lookup of one key and of a thousand is the same statement.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert, insert

Values = Sequence[Any]

CHUNKS = (64, 32, 16, 8, 4, 2)
"""Rows to a statement: any number is a few statements, and there are few texts to prepare."""

_DIALECT = sqlite.dialect(paramstyle="qmark")
_encode = msgspec.json.Encoder().encode


class Writing:
    """A statement with a list of rows, `VALUES (?, ?)` in its text, and how a row becomes its values."""

    def __init__(self, text: str, width: int, values: Callable[[Any], Values]) -> None:
        marks = f"({', '.join('?' * width)})"
        if text.count(f"VALUES {marks}") != 1:
            raise ValueError(f"no list of values to repeat in {text}")
        self.text = text
        self._chunk_texts = [
            (size, text.replace(f"VALUES {marks}", f"VALUES {', '.join([marks] * size)}")) for size in CHUNKS
        ]
        self._values = values

    def write(self, connection: Connection, rows: Iterable[Any]) -> None:
        """All rows, in their order."""
        many = [self._values(row) for row in rows]
        start = 0
        for size, text in self._chunk_texts:
            while len(many) - start >= size:
                flat = tuple(chain.from_iterable(many[start : start + size]))
                connection.exec_driver_sql(text, flat)
                start += size
        if start < len(many):
            connection.exec_driver_sql(self.text, many[start:])


def insert_new(table: Table, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    """Rows that are there already stay as they are."""
    return _inserting(insert(table).on_conflict_do_nothing(), columns, values)


def insert_or_update(
    table: Table,
    columns: Sequence[str],
    values: Callable[[Any], Values],
    *,
    updated: Sequence[str] | None = None,
    kept: Sequence[str] = (),
) -> Writing:
    """Rows that are there already get the values of `updated`, by default of all but the primary key; those
    of `kept` only where there is one.
    """
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    names = updated if updated is not None else [name for name in columns if name not in keys]
    changes: dict[str, Any] = {name: statement.excluded[name] for name in names}
    changes |= {name: func.coalesce(statement.excluded[name], table.c[name]) for name in kept}
    return _inserting(statement.on_conflict_do_update(index_elements=keys, set_=changes), columns, values)


def update_some(table: Table, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    """Rows that are there get the values of `columns`, of which the first is the key and stays.

    A row then costs what changes in it: an INSERT binds all of its values to find that it is there (of the 48
    of a transaction, 14 change with a reading: 11.0 µs a row, and 4.0).
    """
    changes = ", ".join(f"{name} = new.column{place}" for place, name in enumerate(columns[1:], start=2))
    row = f"VALUES ({', '.join('?' * len(columns))})"
    where = f"{table.name}.{columns[0]} = new.column1"
    text = f"UPDATE {table.name} SET {changes} FROM ({row}) AS new WHERE {where}"  # noqa: S608 - our names
    return Writing(text, len(columns), values)


def _inserting(statement: Insert, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
    if list(compiled.positiontup or ()) != list(columns):
        raise ValueError(f"values are bound as {compiled.positiontup}, not as {columns}")
    return Writing(str(compiled), len(columns), values)


def json_keys(keys: Iterable[Any]) -> str:
    """Keys for `json_each(?)`."""
    return _encode(list(keys)).decode()
