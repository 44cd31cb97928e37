"""Numbers that only grow, also over a crash."""

from sqlalchemy import Connection, select

from csms.rules.rows import NumberRow
from csms.storage.statements import insert_or_update
from csms.storage.tables import counters

EPOCH = "epoch"
"""The last epoch that was promised to a process."""

write_numbers = insert_or_update(counters, ("name", "value"), lambda row: (row.name, row.value)).write


def load_numbers(connection: Connection) -> dict[str, int]:
    """All counters."""
    return {row.name: row.value for row in connection.execute(select(counters))}


def reserve(connection: Connection, name: str, count: int) -> int:
    """Promise the next `count` numbers to the caller; the last one before them."""
    last = load_numbers(connection).get(name, 0)
    write_numbers(connection, [NumberRow(name, last + count)])
    return last
