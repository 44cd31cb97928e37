"""runtime.clock: real, scaled and hand-set time."""

import asyncio
from datetime import UTC, timedelta

import pytest

from runtime.clock import Clock, ManualClock, ScaledClock, SystemClock
from tests.support.waiting import PATIENCE_S


async def test_sleepers_wake_in_order_at_their_time(clock: ManualClock) -> None:
    """A jump passes every due time on its way, and what a sleeper starts within the jump wakes in it too."""
    seen: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            seen.append((name, clock.monotonic()))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeper("a", 5, 5, 5))
        tasks.create_task(sleeper("b", 7))
        start = clock.now()
        await clock.advance(12)
        assert seen == [("a", 5), ("b", 7), ("a", 10)]
        assert clock.now() - start == timedelta(seconds=12)
        await clock.advance(3)
        assert seen[3:] == [("a", 15)]
        assert clock.now().tzinfo is UTC


async def test_a_cancelled_sleeper_leaves_nothing(clock: ManualClock) -> None:
    """Cancelling a sleep removes its timer."""
    task = asyncio.ensure_future(clock.sleep(5))
    await clock.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.waiting == 0
    await clock.advance(10)


async def test_calls_can_be_called_off(clock: ManualClock) -> None:
    """call_later runs once, or not at all."""
    calls: list[str] = []
    clock.call_later(1, lambda: calls.append("kept"))
    clock.call_later(1, lambda: calls.append("cancelled")).cancel()
    await clock.sleep(0)
    await clock.advance(2)
    assert calls == ["kept"]


@pytest.mark.parametrize("made", [SystemClock(), ScaledClock(1000)])
async def test_clocks_that_run(made: Clock) -> None:
    """Both kinds move on by what was slept, aware and in UTC, and call what was asked for."""
    called = asyncio.Event()
    began, monotonic = made.now(), made.monotonic()
    made.call_later(0.001, called.set)
    await made.sleep(0.002)
    async with asyncio.timeout(PATIENCE_S):
        await called.wait()
    assert made.now() - began >= timedelta(seconds=0.002)
    assert made.monotonic() - monotonic >= 0.002
    assert made.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("made", [SystemClock(), ScaledClock(1000)])
async def test_a_block_that_lasts_too_long_ends(made: Clock) -> None:
    """By the clock's own seconds; one that ends in time never hears of it."""
    with pytest.raises(TimeoutError):
        async with made.timeout(0.01):
            await asyncio.Event().wait()
    async with made.timeout(PATIENCE_S * 1000):
        await made.sleep(0)


async def test_a_jump_passes_the_end_of_a_block(clock: ManualClock) -> None:
    """A hand-set clock ends the block in the jump that reaches its limit, and leaves no timer behind."""

    async def wait(seconds: float) -> str:
        try:
            async with clock.timeout(5):
                await clock.sleep(seconds)
        except TimeoutError:
            return f"ended at {clock.monotonic():g}"
        return "in time"

    async with asyncio.TaskGroup() as tasks:
        late, soon = tasks.create_task(wait(6)), tasks.create_task(wait(4))
        await clock.advance(4.5)
        assert soon.result() == "in time"
        assert not late.done()
        await clock.advance(0.5)
        assert late.result() == "ended at 5"
    assert clock.waiting == 0


async def test_others_wait_by_a_clock_that_does_not_hurry(clock: ManualClock) -> None:
    """Whoever is at the other end of a wire lives in real time, however fast a station does."""
    real = SystemClock()
    assert isinstance(ScaledClock(60).unscaled, SystemClock)
    assert real.unscaled is real
    assert clock.unscaled is clock


async def test_a_scaled_minute_is_short() -> None:
    """At 6000 times the pace a minute takes 10 ms."""
    scaled = ScaledClock(6000)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await scaled.sleep(60)
    assert loop.time() - began < 5
    assert scaled.monotonic() >= 60


def test_a_clock_cannot_stand_still() -> None:
    """A factor of zero would never wake anybody."""
    with pytest.raises(ValueError, match="above zero"):
        ScaledClock(0)
