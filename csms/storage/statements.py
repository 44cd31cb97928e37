"""Statements compiled once, when a module is imported: on the hot path nothing is built, only bound.

Written for SQLite's driver (`?` for each value). Lists of keys travel as one JSON parameter, so that a lookup
of one key and of a thousand is the same statement.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert, insert

Values = Sequence[Any]

_DIALECT = sqlite.dialect(paramstyle="qmark")
_encode = msgspec.json.Encoder().encode


class Writing:
    """One INSERT of a table, and how a row becomes its values."""

    def __init__(self, statement: Insert, columns: Sequence[str], values: Callable[[Any], Values]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=list(columns))
        if list(compiled.positiontup or ()) != list(columns):
            raise ValueError(f"values are bound as {compiled.positiontup}, not as {columns}")
        self.text = str(compiled)
        self._values = values

    def write(self, connection: Connection, rows: Iterable[Any]) -> None:
        """All rows in one `executemany`."""
        many = [tuple(self._values(row)) for row in rows]
        connection.exec_driver_sql(self.text, many)


def insert_new(table: Table, columns: Sequence[str], values: Callable[[Any], Values]) -> Writing:
    """Rows that are there already stay as they are."""
    return Writing(insert(table).on_conflict_do_nothing(), columns, values)


def insert_or_update(
    table: Table,
    columns: Sequence[str],
    values: Callable[[Any], Values],
    *,
    updated: Sequence[str] | None = None,
) -> Writing:
    """Rows that are there already get the values of `updated`, by default of all but the primary key."""
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    names = updated if updated is not None else [name for name in columns if name not in keys]
    changes = {name: statement.excluded[name] for name in names}
    return Writing(statement.on_conflict_do_update(index_elements=keys, set_=changes), columns, values)


def json_keys(keys: Iterable[Any]) -> str:
    """Keys for `json_each(?)`."""
    return _encode(list(keys)).decode()
