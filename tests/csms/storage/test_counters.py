"""Numbers that only grow, whoever asks."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, create_engine

from csms.storage.counters import (
    EPOCH,
    TRANSACTION,
    WRITER,
    Turn,
    allot_turn,
    next_number,
    open_turns,
    write_number,
)
from runtime.database import Database
from tests.support.postgres import PostgresServer, driver_url


async def test_counters_only_grow(database: Database) -> None:
    """Each for itself."""
    assert await database.run_write(lambda c: next_number(c, "x")) == 1
    assert await database.run_write(lambda c: next_number(c, "x")) == 2
    assert await database.run_write(lambda c: next_number(c, "y")) == 1


async def test_a_turn_tells_the_last_number_and_who_wrote(database: Database) -> None:
    """Opening them again changes nothing."""
    assert await database.run_write(allot_turn) == Turn(0, 0, 0)
    await database.run_write(open_turns)
    await database.run_write(lambda c: write_number(c, TRANSACTION, 41))
    await database.run_write(lambda c: write_number(c, EPOCH, 12))
    await database.run_write(lambda c: write_number(c, WRITER, 7))
    await database.run_write(open_turns)
    assert await database.run_write(allot_turn) == Turn(41, 12, 7)


def test_of_two_that_take_turns_one_waits(postgres: PostgresServer) -> None:
    """Until the other's transaction has ended; then it sees what that one wrote."""
    with postgres.database() as url:
        engine = create_engine(driver_url(url))
        with engine.begin() as connection:
            open_turns(connection)
        waits, seen = threading.Event(), []

        def second(connection: Connection) -> int:
            waits.set()
            seen.append(allot_turn(connection))
            return next_number(connection, EPOCH)

        def run_second() -> int:
            with engine.begin() as connection:
                return second(connection)

        with ThreadPoolExecutor(1) as thread:
            with engine.begin() as first:
                allot_turn(first)
                running = thread.submit(run_second)
                waits.wait(10)
                write_number(first, TRANSACTION, 5)
                mine = next_number(first, EPOCH)
                assert seen == []
            theirs = running.result(10)
        engine.dispose()
        assert seen == [Turn(5, 1, 0)]
        assert (mine, theirs) == (1, 2)
