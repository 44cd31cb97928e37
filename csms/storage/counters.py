"""Numbers that only grow, also over a crash; whoever writes, and from which process, gets his own."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from csms.storage.tables import counters
from runtime.database.rows import add_row
from runtime.database.statements import Statement, insert_or_update

EPOCH = "epoch"
"""The last number that a link or a writer got: of two, the greater one came later, wherever."""
TRANSACTION = "transaction"
"""The last `transaction_no` that was given out."""
WRITER = "writer"
"""Who wrote the last batch: the number of a process."""

_TURN = Statement(
    "SELECT name, value FROM counters"  # noqa: S608 - names of ours
    f" WHERE name IN ('{EPOCH}', '{TRANSACTION}', '{WRITER}') ORDER BY name",
    locks=True,
)
_NEXT = text(
    "INSERT INTO counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)
_write = insert_or_update(counters, ("name", "value"), lambda item: item).write


def write_number(connection: Connection, name: str, value: int) -> None:
    """The counter has moved on."""
    _write(connection, [(name, value)])


def next_number(connection: Connection, name: str) -> int:
    """The next number, in one statement: of two processes that ask at once, each gets its own."""
    return int(connection.execute(_NEXT, {"name": name}).scalar_one())


class Turn(NamedTuple):
    """What the writer of a batch goes on from."""

    last_number: int
    """Of the transactions, whoever began the last one."""
    last_epoch: int
    """Of the links, wherever the last one is."""
    writer: int
    """Who wrote the batch before."""


def open_turns(connection: Connection) -> None:
    """There is something to take turns on."""
    for name in (EPOCH, TRANSACTION, WRITER):
        add_row(connection, counters, {"name": name, "value": 0})


def allot_turn(connection: Connection) -> Turn:
    """From here to the end of the transaction no other process writes a batch: what is loaded is the last
    word, and the next number of a transaction or a link is nobody else's.
    """
    found = {row[0]: row[1] for row in _TURN.run(connection)}
    return Turn(found.get(TRANSACTION, 0), found.get(EPOCH, 0), found.get(WRITER, 0))
