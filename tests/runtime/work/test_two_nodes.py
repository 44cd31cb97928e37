"""Two engines on one PostgreSQL, each with a writer of its own: no piece runs twice while its lease holds."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from structlog.testing import capture_logs

from runtime.clock import ManualClock
from runtime.database import Database
from runtime.work.engine import LEASE_S
from runtime.work.pieces import Piece, WorkDone, WorkOutcome
from runtime.work.request import WorkState
from runtime.work.storage import find_work, write_work
from tests.support.postgres import PostgresServer
from tests.support.waiting import until
from tests.support.work import FETCH, SWEEP, Bench, working

PIECES = 300


@pytest.fixture
async def databases(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[Database]]:
    """Two openings of one, each with its own connections and threads."""
    async with AsyncExitStack() as stack:
        url = stack.enter_context(postgres.database())
        found = []
        for number in range(2):
            # The lock of the one process that writes: here two do, as two nodes will.
            monkeypatch.setattr("runtime.database.postgres.WRITING", 77_000 + number)
            found.append(await Database.open(url, migrations=None))
            await found[-1].probe()  # the writer's connection is made
            stack.push_async_callback(found[-1].close)
        yield found


async def test_two_nodes_share_the_work_and_do_each_piece_once(
    databases: list[Database], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three hundred pieces of ten subjects: no node can run them all at once, and none ends one before the
    other runs one too.
    """
    monkeypatch.setattr("runtime.work.engine.RUNNING_MOST", 5)
    both_run = asyncio.Event()
    ran: Counter[int] = Counter()
    at_once: Counter[str] = Counter()

    async def swept(piece: Piece) -> WorkOutcome:
        ran[piece.work_id] += 1
        at_once[piece.subject] += 1
        assert at_once[piece.subject] == 1, "two pieces of one subject and lane"
        await both_run.wait()
        at_once[piece.subject] -= 1
        return WorkDone()

    def woken() -> bool:
        for node in nodes:
            node.engine.wake()
        return True

    nodes = [Bench(each, clock, node=f"node-{number}") for number, each in enumerate(databases)]
    for node in nodes:
        node.answer = swept
    requests = [SWEEP.request(f"s{number % 10}", clock.now(), key=str(number)) for number in range(PIECES)]
    await databases[0].run_write(lambda connection: write_work(connection, requests))
    async with working(*nodes):
        await until(lambda: woken() and all(node.ran for node in nodes))
        both_run.set()
        await until(lambda: woken() and sum(ran.values()) == PIECES)
        await until(lambda: not any(node.engine.running for node in nodes))
    pieces = await databases[1].run_read(lambda connection: find_work(connection, limit=PIECES))
    assert {(each.state, each.attempt) for each in pieces} == {(WorkState.DONE, 1)}
    assert set(ran.values()) == {1}


async def test_a_dead_nodes_piece_is_taken_over_when_its_lease_is_over(
    databases: list[Database], clock: ManualClock
) -> None:
    """And what it would still have stored does not count."""
    dead = Bench(databases[0], clock, node="node-0")
    gate = asyncio.Event()

    async def hanging(piece: Piece) -> WorkOutcome:
        await gate.wait()
        return WorkDone("by the dead", then=(FETCH.request("s1", clock.now()),))

    async def alive(piece: Piece) -> WorkOutcome:
        return WorkDone("by the other")

    dead.answer = hanging
    with capture_logs():
        async with working(dead):
            await dead.store(SWEEP.request("s1", clock.now()))
            await until(lambda: dead.ran)
            # From here on it says nothing more: its clock stands still, and the other one has its own.
            later = Bench(databases[1], ManualClock(clock.now()), node="node-1")
            later.answer = alive
            async with working(later):
                await later.clock.advance(LEASE_S - 1)
                later.engine.wake()
                await until(lambda: later.clock.waiting)
                assert later.ran == []
                await later.clock.advance(2)
                await until(lambda: later.ran)
                gate.set()
                await until(lambda: not dead.engine.running and not later.engine.running)
    (piece,) = await databases[1].run_read(find_work)
    assert (piece.state, piece.attempt) == (WorkState.DONE, 2)
    assert [line.text.en for line in piece.evidence] == ["by the other"]


async def test_a_stop_while_requests_are_stored_loses_none(
    databases: list[Database], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write waits for the writer's thread, and is called off with the engine: leaving stores it."""
    node = Bench(databases[0], clock, node="node-0")
    node.engine.enqueue(SWEEP.request("s1", clock.now()))

    async def called_off(_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(databases[0], "run_write", called_off)
        with pytest.raises(asyncio.CancelledError):
            await node.engine._store()
    await node.engine._leave()
    (piece,) = await databases[1].run_read(lambda connection: find_work(connection, limit=9))
    assert (piece.subject, piece.state) == ("s1", WorkState.WAITING)
