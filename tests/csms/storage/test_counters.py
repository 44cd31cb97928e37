"""Numbers that only grow, whoever asks."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, create_engine

from csms.storage.counters import (
    EPOCH,
    TRANSACTION,
    WRITER,
    Turn,
    next_number,
    open_turns,
    reserve,
    take_turn,
    write_number,
)
from runtime.database import Database
from tests.support.postgres import PostgresServer, driver_url


async def test_counters_only_grow(database: Database) -> None:
    """Blocks follow each other."""
    assert await database.run_write(lambda c: reserve(c, "x", 10)) == 0
    assert await database.run_write(lambda c: reserve(c, "x", 10)) == 10
    assert await database.run_write(lambda c: next_number(c, "x")) == 21
    assert await database.run_write(lambda c: next_number(c, "y")) == 1


async def test_a_turn_tells_the_last_number_and_who_wrote(database: Database) -> None:
    """Opening them again changes nothing."""
    assert await database.run_write(take_turn) == Turn(0, 0)
    await database.run_write(open_turns)
    await database.run_write(lambda c: write_number(c, TRANSACTION, 41))
    await database.run_write(lambda c: write_number(c, WRITER, 7))
    await database.run_write(open_turns)
    assert await database.run_write(take_turn) == Turn(41, 7)


def test_of_two_that_take_turns_one_waits(postgres: PostgresServer) -> None:
    """Until the other's transaction has ended; then it sees what that one wrote. Blocks never overlap."""
    with postgres.database() as url:
        engine = create_engine(driver_url(url))
        with engine.begin() as connection:
            open_turns(connection)
        waits, seen = threading.Event(), []

        def second(connection: Connection) -> int:
            waits.set()
            seen.append(take_turn(connection))
            return reserve(connection, EPOCH, 100)

        def run_second() -> int:
            with engine.begin() as connection:
                return second(connection)

        with ThreadPoolExecutor(1) as thread:
            with engine.begin() as first:
                take_turn(first)
                running = thread.submit(run_second)
                waits.wait(10)
                write_number(first, TRANSACTION, 5)
                mine = reserve(first, EPOCH, 100)
                assert seen == []
            theirs = running.result(10)
        engine.dispose()
        assert seen == [Turn(5, 0)]
        assert (mine, theirs) == (0, 100)
