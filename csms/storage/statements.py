"""Statements compiled once, when a module is imported: on the hot path nothing is built, only bound.

Written for SQLite's driver (`?` for each value). Rows travel many to a statement: the driver gives up
Python's lock at each step, and a step per row would wait for the event loop each time (measured beside a busy
loop: 143 µs a row with `executemany`, 27 with CHUNK rows to a statement; alone 3.0 and 2.1). Lists of keys
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

CHUNK = 64
"""Rows to a statement; fewer rows go one by one, so that there are two texts to prepare and not 64."""

_DIALECT = sqlite.dialect(paramstyle="qmark")
_encode = msgspec.json.Encoder().encode


class Writing:
    """One INSERT of a table, and how a row becomes its values."""

    def __init__(self, statement: Insert, columns: Sequence[str], values: Callable[[Any], Values]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
        if list(compiled.positiontup or ()) != list(columns):
            raise ValueError(f"values are bound as {compiled.positiontup}, not as {columns}")
        self.text = str(compiled)
        marks = f"({', '.join('?' * len(columns))})"
        if self.text.count(f"VALUES {marks}") != 1:
            raise ValueError(f"no list of values to repeat in {self.text}")
        self._chunk_text = self.text.replace(f"VALUES {marks}", f"VALUES {', '.join([marks] * CHUNK)}")
        self._values = values

    def write(self, connection: Connection, rows: Iterable[Any]) -> None:
        """Insert all rows, in their order."""
        many = [self._values(row) for row in rows]
        whole = len(many) - len(many) % CHUNK
        for start in range(0, whole, CHUNK):
            flat = tuple(chain.from_iterable(many[start : start + CHUNK]))
            connection.exec_driver_sql(self._chunk_text, flat)
        if whole < len(many):
            connection.exec_driver_sql(self.text, many[whole:])


def insert_new(table: Table, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    """Rows that are there already stay as they are."""
    return Writing(insert(table).on_conflict_do_nothing(), columns, values)


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
    return Writing(statement.on_conflict_do_update(index_elements=keys, set_=changes), columns, values)


def json_keys(keys: Iterable[Any]) -> str:
    """Keys for `json_each(?)`."""
    return _encode(list(keys)).decode()
