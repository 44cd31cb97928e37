"""Two that write into one PostgreSQL: no number twice, no row lost, and neither goes by what it remembers.

A second server is still refused; here each writer has a lock of its own. What holds for them holds for a
process that begins while the one before it has not quite ended.
"""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import psycopg
import pytest
from sqlalchemy import text

from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import TransactionEventKind
from runtime.database import postgres as behind
from tests.support.inbound import event201, minutes
from tests.support.message_writer import Desk, desk
from tests.support.postgres import PostgresServer
from tests.support.waiting import PATIENCE_S
from tests.support.writing_process import STATIONS

CHARGES = 12
PROCESSES = ("one", "two")
STARTED, UPDATED, ENDED = (
    TransactionEventKind.STARTED,
    TransactionEventKind.UPDATED,
    TransactionEventKind.ENDED,
)


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    """Of a PostgreSQL with all tables."""
    with postgres.database() as given:
        yield given


@pytest.fixture
async def two(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two central halves on one database."""
    async with AsyncExitStack() as stack:
        opened = []
        for lock in (1, 2):
            monkeypatch.setattr(behind, "WRITING", lock)
            opened.append(await stack.enter_async_context(desk(url, has_outbox=True)))
        yield opened[0], opened[1]


def test_two_processes_give_no_number_twice_and_lose_no_row(url: str) -> None:
    """Started together, all stations at once, every start sent twice."""
    command = [sys.executable, "-m", "tests.support.writing_process", url]
    running = [
        subprocess.Popen(
            [*command, name, str(CHARGES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in PROCESSES
    ]
    numbers = []
    try:
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        for each in running:
            told, _ = each.communicate(timeout=PATIENCE_S)
            numbers.append(json.loads(told.splitlines()[-1]))
    finally:
        for each in running:
            each.kill()
            each.wait()
    total = len(PROCESSES) * STATIONS * CHARGES
    assert sorted(numbers[0] + numbers[1]) == list(range(1, total + 1))
    assert max(numbers[0]) > min(numbers[1])  # they did run side by side
    assert max(numbers[1]) > min(numbers[0])
    with psycopg.connect(url) as connection:
        found: dict[str, int] = dict(
            connection.execute(
                "SELECT 'charges', count(*) FROM transactions WHERE ended_at IS NOT NULL AND energy_wh = 900"
                " UNION SELECT 'answers', count(*) FROM received_messages"
                " UNION SELECT 'readings', count(*) FROM meter_samples WHERE value::bigint % 1000 = 400"
                " UNION SELECT 'begun', count(*) FROM outbox WHERE event = 'transaction.started'"
                " UNION SELECT 'number', value FROM counters WHERE name = 'transaction'"
            ).fetchall()
        )
    assert found["charges"] == found["begun"] == found["number"] == total
    assert found["readings"] == total
    assert found["answers"] >= 2 * total


async def test_what_another_one_wrote_is_not_forgotten(two: tuple[Desk, Desk]) -> None:
    """A station's transaction that goes on over the other process, and comes back."""
    here, there = two
    await here.submit(event201(STARTED, 0, minutes(0), 1000), "m0")
    await there.submit(event201(UPDATED, 1, minutes(1), 1400), "m1")
    await here.submit(event201(UPDATED, 2, minutes(2), 1700), "m2")
    await there.submit(event201(ENDED, 3, minutes(3), 2000), "m3")
    (row,) = await here.disk.fetch_all(text("SELECT energy_wh, flags, seq_nos, ended_at FROM transactions"))
    assert (row.energy_wh, row.flags, row.ended_at is None) == (1000, "", False)
    assert len(await here.column("SELECT 1 FROM meter_samples")) == 4


async def test_a_retry_at_the_other_process_gets_the_first_answer(two: tuple[Desk, Desk]) -> None:
    """The station does not know that it speaks with another one."""
    here, there = two
    first = await here.start("m1")
    assert await there.start("m1") == first
    assert isinstance(first, TransactionEventResponse)
    assert first.transaction_id == "1"
    assert await there.start("m2", at=minutes(5)) == TransactionEventResponse("2", first.info)
    assert await here.start("m3", at=minutes(9)) == TransactionEventResponse("3", first.info)


async def test_a_later_link_has_the_greater_number_wherever_it_is(two: tuple[Desk, Desk]) -> None:
    """A station that goes from one process to the other and back: each number is greater than the last."""
    here, there = (each.central.message_store for each in two)
    epochs = [await where.next_epoch() for where in (here, there, here, here, there)]
    assert epochs == sorted(set(epochs))
