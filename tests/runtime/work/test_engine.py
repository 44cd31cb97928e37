"""The engine: in turn, after a crash, again, given up; and what is told of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from runtime.clock import ManualClock, settle
from runtime.database import Database
from runtime.errors import DatabaseUnwritable
from runtime.lifecycle import Background
from runtime.wording import Phrase
from runtime.work.engine import AFTER_TROUBLE_S, LEASE_S
from runtime.work.pieces import Piece, WorkDone, WorkFailed, WorkOutcome, WorkRetry, WorkWait
from runtime.work.request import WorkState
from tests.support.work import FETCH, ROUNDS, SWEEP, Bench, working

NO = Phrase("non", "no")


@pytest.fixture
def bench(database: Database, clock: ManualClock) -> Bench:
    """An engine that does not run yet."""
    return Bench(database, clock)


async def test_what_is_due_is_done_once(bench: Bench) -> None:
    """And leaves a line of evidence."""
    async with working(bench):
        await bench.enqueue(SWEEP.request("s1", bench.clock.now(), cause="test"))
        await bench.passes(120)
    (piece,) = await bench.stored()
    assert (piece.state, piece.attempt, piece.cause) == (WorkState.DONE, 1, "test")
    assert [line.text.en for line in piece.evidence] == ["swept"]
    assert len(bench.ran) == 1


async def test_what_is_due_later_waits_for_its_time(bench: Bench) -> None:
    """To the second, though nobody wakes the engine."""
    async with working(bench):
        now = bench.clock.now()
        await bench.enqueue(SWEEP.request("s1", now, due_at=now + timedelta(seconds=500)))
        await bench.passes(499)
        assert bench.ran == []
        await bench.passes(1)
        assert await bench.states() == ["done"]


async def test_one_subject_is_worked_on_one_piece_at_a_time_in_each_lane(bench: Bench) -> None:
    """Other subjects and other lanes go on meanwhile."""
    gate = asyncio.Event()

    async def held(piece: Piece) -> WorkOutcome:
        await gate.wait()
        return WorkDone()

    bench.answer = held
    now = bench.clock.now()
    async with working(bench):
        await bench.enqueue(
            SWEEP.request("s1", now), SWEEP.request("s1", now, key="again"),
            FETCH.request("s1", now), SWEEP.request("s2", now),
        )  # fmt: skip
        running = [(each.subject, each.lane.value, each.key) for each in bench.ran]
        assert sorted(running) == [
            ("s1", "activation", ""),
            ("s1", "configuration", ""),
            ("s2", "configuration", ""),
        ]
        assert bench.engine.running == 3
        assert bench.engine.is_running(SWEEP, "s2")
        gate.set()
        await settle(ROUNDS)
    assert await bench.states() == ["done"] * 4


async def test_a_newer_request_takes_the_place_of_one_that_waits(bench: Bench) -> None:
    """And of one that is to be tried again; what runs is let finish."""
    now = bench.clock.now()
    later = now + timedelta(hours=1)
    async with working(bench):
        await bench.enqueue(SWEEP.request("s1", now, due_at=later))
        await bench.enqueue(SWEEP.request("s1", now))
        assert await bench.states() == ["superseded", "done"]

        async def refused(piece: Piece) -> WorkOutcome:
            await bench.store(SWEEP.request("s2", now, due_at=later))
            return WorkRetry(NO)

        bench.answer = refused
        await bench.enqueue(SWEEP.request("s2", now))
    assert await bench.states() == ["superseded", "done", "superseded", "waiting"]
    assert [str(each.reason) for each in await bench.stored()][2] == "a newer request takes its place"


async def test_what_does_not_come_through_is_tried_ever_more_seldom_and_given_up(bench: Bench) -> None:
    """With its reason, visible in the table, the log and the count."""

    async def refused(piece: Piece) -> WorkOutcome:
        return WorkRetry(NO, "asked nicely")

    bench.answer = refused
    began = bench.clock.now()
    with capture_logs() as logs:
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", began))
            (piece,) = await bench.stored()
            assert (piece.state, piece.due_at) == (WorkState.WAITING, began + timedelta(seconds=1))
            await bench.passes(600)
    (piece,) = await bench.stored()
    assert (piece.state, piece.reason, piece.attempt) == (WorkState.FAILED, NO, 3)
    assert [(line.at - began).total_seconds() for line in piece.evidence] == [0, 1, 3]
    assert bench.engine.failures == 1
    assert [(line["event"], line["reason"]) for line in logs] == [("work_failed", "no")]


async def test_what_was_given_up_is_asked_for_anew_where_its_kind_says_so(bench: Bench) -> None:
    """After a pause, from the beginning: whatever was in the way may be gone then."""

    async def refused(piece: Piece) -> WorkOutcome:
        return WorkRetry(NO) if len(bench.ran) <= 2 else WorkDone()

    bench.answer = refused
    bench.engine.serve(SWEEP, bench._work, attempts=2, again_after=timedelta(hours=1))
    with capture_logs():
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", bench.clock.now(), key="k", arguments={"a": 1}))
            await bench.passes(3599)
            assert await bench.states() == ["failed", "waiting"]
            await bench.passes(2)
    first, second = await bench.stored()
    assert (first.state, second.state, second.attempt) == (WorkState.FAILED, WorkState.DONE, 1)
    assert (second.key, second.argument, second.cause) == ("k", {"a": 1}, "given up before")


@pytest.mark.parametrize("is_telling_hard", [False, True])
async def test_people_are_told_of_what_is_given_up(bench: Bench, is_telling_hard: bool) -> None:
    """Once, with the last reason, whyever it was; who cannot be told keeps nothing from its end."""
    told: list[tuple[str, Phrase]] = []

    async def tell(piece: Piece, reason: Phrase) -> None:
        told.append((piece.subject, reason))
        if is_telling_hard:
            raise ValueError("nobody listens")

    async def raises(piece: Piece) -> WorkOutcome:
        raise ValueError("poison")

    bench.answer = raises
    bench.engine.serve(SWEEP, bench._work, attempts=2, given_up=tell)
    with capture_logs():
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", bench.clock.now()))
            await bench.passes(600)
    assert await bench.states() == ["failed"]
    ((subject, reason),) = told
    assert subject == "s1"
    assert "poison" in reason.en


async def test_poison_is_given_up_too(bench: Bench) -> None:
    """What raises every time ends, and nobody else notices."""

    async def poisoned(piece: Piece) -> WorkOutcome:
        if piece.subject == "bad":
            raise KeyError("antidote")
        return WorkDone()

    bench.answer = poisoned
    with capture_logs() as logs:
        async with working(bench):
            await bench.enqueue(
                SWEEP.request("bad", bench.clock.now()), SWEEP.request("good", bench.clock.now())
            )
            await bench.passes(600)
    assert await bench.states() == ["failed", "done"]
    assert (await bench.stored())[0].reason == Phrase(
        "erreur du programme : KeyError('antidote')", "error of the program: KeyError('antidote')"
    )
    assert [line["event"] for line in logs] == ["work_raised"] * 3 + ["work_failed"]


async def test_what_only_waits_does_not_wear_out(bench: Bench) -> None:
    """Until a time, or until somebody asks anew."""
    resume_at = bench.clock.now() + timedelta(seconds=30)

    async def absent(piece: Piece) -> WorkOutcome:
        return WorkWait(NO, resume_at) if len(bench.ran) < 6 else WorkWait(NO)

    bench.answer = absent
    async with working(bench):
        await bench.enqueue(SWEEP.request("s1", bench.clock.now()))
        assert [(each.state, each.attempt) for each in await bench.stored()] == [(WorkState.WAITING, 0)]
        await bench.passes(3600)
        (piece,) = await bench.stored()
        assert (piece.state, piece.due_at, piece.reason, len(bench.ran)) == (WorkState.WAITING, None, NO, 6)
        await bench.enqueue(SWEEP.request("s1", bench.clock.now()))
        assert len(bench.ran) == 7


async def test_what_follows_is_stored_with_the_end(bench: Bench) -> None:
    """Of what failed as well; and what somebody asked for meanwhile stays in its place."""
    later = bench.clock.now() + timedelta(hours=1)

    async def followed(piece: Piece) -> WorkOutcome:
        now = bench.clock.now()
        if piece.kind == FETCH.name:
            return WorkDone()
        if piece.subject == "s2":
            return WorkFailed(NO, then=(SWEEP.request("s2", now, due_at=later),))
        await bench.store(SWEEP.request("s1", now, due_at=later, cause="meanwhile"))
        return WorkDone(then=(FETCH.request("s1", now), SWEEP.request("s1", now, due_at=later, cause="then")))

    bench.answer = followed
    async with working(bench):
        await bench.enqueue(SWEEP.request("s2", bench.clock.now()))
        assert await bench.states() == ["failed", "waiting"]
        await bench.enqueue(SWEEP.request("s1", bench.clock.now()))
    waiting = [(each.subject, each.cause) for each in await bench.stored() if each.state is WorkState.WAITING]
    assert ("s1", "meanwhile") in waiting
    assert ("s1", "then") not in waiting
    assert "fetch" in {each.kind for each in await bench.stored()}


async def test_a_request_of_nobodys_change_is_stored_soon(bench: Bench) -> None:
    """The last one of each name."""
    async with working(bench):
        for cause in ("first", "second"):
            bench.engine.enqueue(SWEEP.request("s1", bench.clock.now(), cause=cause))
        await settle(ROUNDS)
    assert [(each.cause, each.state) for each in await bench.stored()] == [("second", WorkState.DONE)]


async def test_requests_that_wait_to_be_stored_are_bounded(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond, they are refused, which is told."""
    monkeypatch.setattr("runtime.work.engine.ENQUEUED_MOST", 2)
    with capture_logs() as logs:
        for subject in ("s1", "s2", "s3", "s2"):
            bench.engine.enqueue(SWEEP.request(subject, bench.clock.now()))
        async with working(bench):
            await settle(ROUNDS)
    assert [each.subject for each in await bench.stored()] == ["s1", "s2"]
    assert [line["event"] for line in logs] == ["limit_reached"]


async def test_a_stop_gives_back_what_it_cuts_short(bench: Bench) -> None:
    """The next process begins at once, and the cut does not count as a run."""

    async def endless(piece: Piece) -> WorkOutcome:
        await asyncio.Event().wait()
        raise AssertionError

    bench.answer = endless
    async with working(bench):
        await bench.enqueue(SWEEP.request("s1", bench.clock.now()))
        assert await bench.states() == ["running"]
    assert [(each.state, each.attempt) for each in await bench.stored()] == [(WorkState.WAITING, 0)]
    again = Bench(bench.database, bench.clock)
    async with working(again):
        assert await again.states() == ["done"]


async def _crash(bench: Bench) -> None:
    """It runs a piece, and its process is gone in the middle of it."""
    tasks = Background("crashed")
    reached = asyncio.Event()

    async def endless(piece: Piece) -> WorkOutcome:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    bench.answer = endless
    bench.engine._leave = _nothing  # type: ignore[method-assign] # nobody tidies up after a crash
    tasks.start(bench.engine.run())
    await reached.wait()
    await tasks.close()


async def _nothing() -> None:
    """What a killed process does."""


async def test_after_a_crash_the_same_node_goes_on_at_once(bench: Bench, clock: ManualClock) -> None:
    """Its lease is known to be nobody's."""
    await bench.enqueue(SWEEP.request("s1", clock.now()))
    await _crash(bench)
    assert await bench.states() == ["running"]
    again = Bench(bench.database, clock)
    async with working(again):
        assert [(each.state, each.attempt) for each in await again.stored()] == [(WorkState.DONE, 2)]


async def test_another_node_takes_over_when_the_lease_is_over(bench: Bench, clock: ManualClock) -> None:
    """Not before."""
    await bench.enqueue(SWEEP.request("s1", clock.now()))
    await _crash(bench)
    other = Bench(bench.database, clock, node="two")
    async with working(other):
        await other.passes(LEASE_S - 1)
        assert other.ran == []
        await other.passes(2)
        assert await other.states() == ["done"]


async def test_what_kills_the_process_every_time_is_given_up(bench: Bench, clock: ManualClock) -> None:
    """Without another run."""
    await bench.enqueue(SWEEP.request("s1", clock.now()))
    for _ in range(3):
        await _crash(Bench(bench.database, clock))
    last = Bench(bench.database, clock)
    with capture_logs():
        async with working(last):
            (piece,) = await last.stored()
    assert (piece.state, last.ran) == (WorkState.FAILED, [])
    assert str(piece.reason) == "the program ended during each of its 3 runs"


async def test_a_long_run_keeps_its_lease(bench: Bench, clock: ManualClock) -> None:
    """As long as its node says so."""
    gate = asyncio.Event()

    async def held(piece: Piece) -> WorkOutcome:
        await gate.wait()
        return WorkDone()

    bench.answer = held
    other = Bench(bench.database, clock, node="two")
    async with working(bench, other):
        await bench.enqueue(SWEEP.request("s1", clock.now()))
        owner, idle = (bench, other) if bench.ran else (other, bench)
        idle.answer = held
        await owner.passes(LEASE_S * 3)
        gate.set()
        await settle(ROUNDS)
        assert await owner.states() == ["done"]
    assert (len(owner.ran), idle.ran) == (1, [])


async def test_a_run_whose_piece_another_node_has_is_stopped(bench: Bench, clock: ManualClock) -> None:
    """And what it would have stored is not."""
    stopped = asyncio.Event()

    async def held(piece: Piece) -> WorkOutcome:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    bench.answer = held
    with capture_logs() as logs:
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", clock.now()))
            await bench.database.execute(text("UPDATE work SET leased_by = 'two', attempt = 2"))
            await bench.passes(LEASE_S / 2)
            assert stopped.is_set()
            assert [(each.leased_by, each.attempt) for each in await bench.stored()] == [("two", 2)]
    assert [line["event"] for line in logs] == ["work_lost"]


async def test_an_end_whose_lease_was_lost_changes_nothing(bench: Bench, clock: ManualClock) -> None:
    """The other node's run counts."""

    async def robbed(piece: Piece) -> WorkOutcome:
        await bench.database.execute(text("UPDATE work SET leased_by = 'two', attempt = 2"))
        return WorkDone(then=(FETCH.request("s1", clock.now()),))

    bench.answer = robbed
    with capture_logs() as logs:
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", clock.now()))
    assert await bench.states() == ["running"]
    assert [line["event"] for line in logs] == ["work_lost"]


async def test_an_end_that_cannot_be_stored_harms_no_other(bench: Bench, clock: ManualClock) -> None:
    """It is given up, with why: people are told, and it is asked for anew where its kind says so."""
    given_up: list[str] = []

    async def told(piece: Piece, reason: Phrase) -> None:
        given_up.append(f"{piece.subject}: {reason.en}")

    async def unfit(piece: Piece) -> WorkOutcome:
        bad = FETCH.request(None, clock.now())  # type: ignore[arg-type] # on purpose
        return WorkDone(then=(bad,)) if piece.subject == "bad" else WorkDone()

    bench.answer = unfit
    bench.engine.serve(SWEEP, bench._work, again_after=timedelta(hours=1), given_up=told)
    with capture_logs():
        async with working(bench):
            await bench.enqueue(SWEEP.request("bad", clock.now()), SWEEP.request("good", clock.now()))
    assert await bench.states() == ["failed", "done", "waiting"]
    [why] = given_up
    assert why.startswith("bad: end not stored")


async def test_trouble_of_the_disk_loses_nothing(
    bench: Bench, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done meanwhile is stored when it is over."""
    is_full = False
    real = bench.database.run_write

    async def full(fn: object) -> object:
        if is_full:
            raise DatabaseUnwritable(Phrase("plein", "full"))
        return await real(fn)  # type: ignore[arg-type] # as it came

    async def last(piece: Piece) -> WorkOutcome:
        nonlocal is_full
        is_full = True
        return WorkDone("before the disk was full")

    monkeypatch.setattr(bench.database, "run_write", full)
    bench.answer = last
    with capture_logs() as logs:
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", clock.now()))
            assert await bench.states() == ["running"]
            is_full = False
            await bench.passes(AFTER_TROUBLE_S + 1)
            assert await bench.states() == ["done"]
    assert {line["event"] for line in logs} == {"work_not_stored"}
    assert len(bench.ran) == 1


async def test_a_run_is_stopped_whose_lease_cannot_be_put_off(
    bench: Bench, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another node that reaches the database may have it."""
    stopped = asyncio.Event()

    async def held(piece: Piece) -> WorkOutcome:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    async def cut(fn: object) -> object:
        raise DatabaseUnwritable(Phrase("coupée", "cut off"))

    bench.answer = held
    with capture_logs():
        async with working(bench):
            await bench.enqueue(SWEEP.request("s1", clock.now()))
            monkeypatch.setattr(bench.database, "run_write", cut)
            await bench.passes(LEASE_S - 1)
            assert not stopped.is_set()
            await bench.passes(AFTER_TROUBLE_S + 1)
            assert stopped.is_set()
            monkeypatch.undo()


async def test_a_full_lane_leaves_room_in_another(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fleet that is activated must not keep the others from being told that they open."""
    monkeypatch.setattr("runtime.work.engine.RUNNING_MOST", 2)
    gate = asyncio.Event()

    async def held(piece: Piece) -> WorkOutcome:
        await gate.wait()
        return WorkDone()

    bench.engine.serve(FETCH, held)
    async with working(bench):
        await bench.enqueue(*(FETCH.request(f"s{number}", bench.clock.now()) for number in range(5)))
        await bench.enqueue(SWEEP.request("s9", bench.clock.now()))
        assert await bench.states() == ["running"] * 2 + ["waiting"] * 3 + ["done"]
        gate.set()
        await settle(ROUNDS * 3)
    assert await bench.states() == ["done"] * 6


async def test_no_more_runs_at_once_than_may(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait for one that ends."""
    monkeypatch.setattr("runtime.work.engine.RUNNING_MOST", 2)
    gate, began = asyncio.Event(), 0

    async def held(piece: Piece) -> WorkOutcome:
        nonlocal began
        began += 1
        await gate.wait()
        return WorkDone()

    bench.engine.serve(SWEEP, held)
    async with working(bench):
        await bench.enqueue(*(SWEEP.request(f"s{number}", bench.clock.now()) for number in range(5)))
        assert began == 2
        gate.set()
        await settle(ROUNDS * 3)
    assert await bench.states() == ["done"] * 5
