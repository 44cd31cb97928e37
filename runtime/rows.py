"""Many rows in few statements: a big change is one transaction, and the writer has stations waiting."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Row, Select

KEYS_MOST = 500
"""Values in one list of a query; the databases take some 30,000."""
Values = dict[str, Any]


def execute_many(connection: Connection, statement: Executable, rows: Sequence[Values]) -> None:
    """One `executemany` for all of them; nothing where there are none."""
    if rows:
        connection.execute(statement, rows)


def rows_with(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Collection[Any]
) -> Iterator[Row[Any]]:
    """The rows of `query` whose `column` is one of these values, however many they are."""
    for some in parts(values):
        yield from connection.execute(query.where(column.in_(some)))


def parts(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in lists of what one statement takes."""
    every = list(values)
    for start in range(0, len(every), KEYS_MOST):
        yield every[start : start + KEYS_MOST]
