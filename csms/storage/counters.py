"""Numbers that only grow, also over a crash."""

from sqlalchemy import Connection, select, text

from csms.storage.tables import counters
from runtime.database.statements import insert_or_update

EPOCH = "epoch"
"""The last epoch that was promised to a process."""
TRANSACTION = "transaction"
"""The last `transaction_no` that was given out."""

_NEXT = text(
    "INSERT INTO counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)
_write = insert_or_update(counters, ("name", "value"), lambda item: item).write


def load_number(connection: Connection, name: str) -> int:
    """The last number."""
    return connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar() or 0


def write_number(connection: Connection, name: str, value: int) -> None:
    """The counter has moved on."""
    _write(connection, [(name, value)])


def reserve(connection: Connection, name: str, count: int) -> int:
    """Promise the next `count` numbers to the caller; the last one before them."""
    last = load_number(connection, name)
    write_number(connection, name, last + count)
    return last


def next_number(connection: Connection, name: str) -> int:
    """The next number, in one statement: of two processes that ask at once, each gets its own."""
    return int(connection.execute(_NEXT, {"name": name}).scalar_one())
