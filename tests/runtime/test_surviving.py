"""What serves many survives each of them (ADR 0009)."""

import asyncio

import pytest
from structlog.testing import capture_logs

from runtime.clock import ManualClock
from runtime.errors import DatabaseUnreachable
from runtime.lifecycle import Background
from runtime.surviving import Recurring, RecurringTask, attempt, survive


def fail(*_: object) -> None:
    raise LookupError("no")


async def failing() -> None:
    fail()


async def test_a_recurring_call_goes_on_after_it_raised() -> None:
    """Every second, whatever it raises; the failures are counted and told by name."""
    clock = ManualClock()
    calls: list[float] = []

    def work() -> None:
        calls.append(clock.monotonic())
        if len(calls) in (1, 3):
            fail()

    recurring = Recurring(clock, 1.0, work, name="beat")
    with capture_logs() as logs:
        recurring.start()
        await clock.advance(3)
    assert calls == [0, 1, 2, 3]
    assert recurring.failures == 2
    assert [(line["event"], line["name"]) for line in logs] == [("recurring_work_failed", "beat")] * 2
    recurring.stop()
    recurring.stop()
    await clock.advance(3)
    assert len(calls) == 4
    assert not recurring.is_running


async def test_a_recurring_task_never_runs_twice_at_once() -> None:
    """It waits for the one before, begins again after one that raised, and ends with its owner."""
    clock = ManualClock()
    begun: list[float] = []
    may_end = asyncio.Event()

    async def work() -> None:
        begun.append(clock.monotonic())
        await may_end.wait()
        fail()

    async with Background("test") as tasks:
        recurring = RecurringTask(clock, 1.0, work, tasks, event="not_looked")
        with capture_logs() as logs:
            recurring.start()
            await clock.advance(3)
            assert begun == [0]
            may_end.set()
            await clock.advance(2)
        assert begun == [0, 4, 5]
        assert {line["event"] for line in logs} == {"not_looked"}
        recurring.stop()
        await clock.advance(3)
        assert len(begun) == 3


async def test_a_database_that_is_away_is_told_in_one_line_until_it_is_back() -> None:
    """Not a traceback every minute of a night; each time that it is away anew."""
    clock = ManualClock()
    found: list[Exception | None] = [
        DatabaseUnreachable("gone"),
        DatabaseUnreachable("gone"),
        None,
        LookupError("no"),
        DatabaseUnreachable("gone again"),
        LookupError("no"),
        None,
    ]

    async def work() -> None:
        if found and (problem := found.pop(0)) is not None:
            raise problem

    async with Background("test") as tasks:
        recurring = RecurringTask(clock, 1.0, work, tasks, event="not_looked")
        with capture_logs() as logs:
            recurring.start()
            await clock.advance(8)
            recurring.stop()
    assert found == []
    assert [(line["event"], line.get("error"), "exc_info" in line) for line in logs] == [
        ("not_looked", "gone", False),
        ("database_is_back", None, False),
        ("not_looked", None, True),
        ("not_looked", "gone again", False),
        ("not_looked", None, True),
        ("database_is_back", None, False),
    ]


async def test_an_attempt_tells_whose_it_was() -> None:
    """And says whether it went well."""
    with capture_logs() as logs:
        assert not attempt(fail, 1, event="not_done", station_id="cp-1")
        assert attempt(len, "abc", event="not_done")
        assert not await survive(failing(), event="not_awaited", station_id="cp-2")
    assert [(line["event"], line["station_id"]) for line in logs] == [
        ("not_done", "cp-1"),
        ("not_awaited", "cp-2"),
    ]


async def test_the_end_of_the_process_is_not_survived() -> None:
    """Cancelling and leaving are no troubles of one station."""
    with pytest.raises(KeyboardInterrupt):
        attempt(_leave, event="not_done")


def _leave() -> None:
    raise KeyboardInterrupt
