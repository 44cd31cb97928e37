"""Rows in every table of the product, with all that a column may hold."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Float, Integer, LargeBinary, create_engine, insert
from sqlalchemy.types import BigInteger

import borne.app  # noqa: F401 - with all that own tables
from runtime.database import UtcDateTime, metadata
from tests.support.tables import put_tables

TEXTS = ("plain", "été ✓ 𝄞 \u202e", '{"a": [1, null, "\\u0000"], "b": "\\\\"}', "tab\tline\nback\\N\\.")
WITH_NUL = "before\x00after"
INSTANTS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 11, 30, 6, 40, 0, 123456, tzinfo=UTC))
BIG = (2**63 - 1, -(2**63), 0, 7)
SMALL = (2**31 - 1, -(2**31), 0, 7)
FRACTIONS = (0.1, -1e300, 5e-324, 123456789.123456789)
ROWS = 5
"""In the last of them all that may be missing is."""


def value_of(column: Column[Any], row: int) -> Any:
    """Keys and what refers to them are told by their row; the rest is of all sorts."""
    kind, turn = column.type, row - 1
    if row == ROWS and column.nullable and not column.primary_key:
        return None
    if isinstance(kind, UtcDateTime):
        return INSTANTS[turn % 2] + timedelta(minutes=row)
    if isinstance(kind, Boolean):
        return bool(turn % 2)
    if isinstance(kind, Float):
        return FRACTIONS[turn % 4]
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) * (turn + 1)
    if isinstance(kind, Integer):
        if column.primary_key or column.unique or column.name.endswith(("_no", "_key")):
            return row
        return (BIG if isinstance(kind, BigInteger) else SMALL)[turn % 4]
    if column.primary_key or column.foreign_keys:
        return f"key-{row}"
    return f"{TEXTS[turn % 4]}-{row}"


def fill_every_table(connection: Connection) -> None:
    """ROWS in each; one of them is gone again from where a number is never given twice."""
    for table in metadata.sorted_tables:
        rows = [{c.name: value_of(c, row) for c in table.columns} for row in range(1, ROWS + 1)]
        connection.execute(table.delete())
        for each in rows:
            connection.execute(insert(table).values(**each))
    outbox = metadata.tables["outbox"]
    connection.execute(insert(outbox).values(outbox_id=77, station_id="s", event="e", payload=b""))
    connection.execute(outbox.delete().where(outbox.c.outbox_id == 77))


def filled_file(path: Path, *, nul: bool = False) -> str:
    """A SQLite database with rows in every table; its URL."""
    url = put_tables(path)
    engine = create_engine(url)
    with engine.begin() as connection:
        fill_every_table(connection)
        if nul:
            stations = metadata.tables["stations"]
            connection.execute(
                stations.update().values(vendor=WITH_NUL).where(stations.c.station_id == "key-2")
            )
    engine.dispose()
    return url
