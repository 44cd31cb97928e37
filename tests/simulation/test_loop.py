"""The world itself: time that jumps, an order that is always the same, programs that die at once."""

import asyncio

import pytest

from runtime.threads import inline, run_in
from tests.simulation.loop import (
    BEGIN,
    NothingWillHappenError,
    Process,
    VirtualClock,
    VirtualLoop,
    run_virtual,
)
from tests.support.waiting import PATIENCE_S


def test_a_day_passes_at_once_and_in_order() -> None:
    """Who is due first is first, at its own time; nobody waits for anything."""
    seen: list[tuple[str, float]] = []

    async def main(loop: VirtualLoop) -> None:
        async def sleeper(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append((name, loop.time()))

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sleeper("late", 86_400.0))
            tasks.create_task(sleeper("soon", 0.25))
            tasks.create_task(sleeper("now", 0.0))
        clock = VirtualClock(loop)
        assert (clock.now() - BEGIN).total_seconds() == clock.monotonic() == 86_400.0

    run_virtual(main)
    assert seen == [("now", 0.0), ("soon", 0.25), ("late", 86_400.0)]


def test_deadlines_and_threads_are_those_of_the_world() -> None:
    """asyncio's own timeout jumps too; work for a thread is done in between."""

    async def main(loop: VirtualLoop) -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.Event().wait()
        assert await run_in(inline("worker"), lambda: 6 * 7) == 42
        return loop.time()

    assert run_virtual(main) == PATIENCE_S


def test_whoever_waits_for_nothing_is_told() -> None:
    """A deadlock is an error at once, not a test that hangs."""

    async def main(_: VirtualLoop) -> None:
        await asyncio.Event().wait()

    with pytest.raises(NothingWillHappenError):
        run_virtual(main)


def test_a_killed_program_does_nothing_any_more() -> None:
    """Not its tasks, not its timers, not what was to be done in the end; the others go on."""
    seen: list[str] = []

    async def beat(name: str) -> None:
        try:
            while True:
                await asyncio.sleep(1.0)
                seen.append(name)
        finally:
            seen.append(f"{name} has ended")

    async def main(loop: VirtualLoop) -> None:
        first, second = Process("first"), Process("second")
        first.start(beat("first"))
        second.start(beat("second"))
        first.fresh_context().run(loop.call_later, 5.5, lambda: seen.append("a timer of the first"))
        await asyncio.sleep(2.5)
        first.kill()
        await asyncio.sleep(4.0)
        assert seen == ["first", "second"] * 2 + ["second"] * 4
        await first.bury()
        await second.bury()

    run_virtual(main)
    assert seen[-2:] == ["first has ended", "second has ended"]


def test_tasks_of_a_program_belong_to_it_however_deep() -> None:
    """What a task starts dies with it, also what has not yet begun."""
    seen: list[str] = []

    async def main(_: VirtualLoop) -> None:
        process = Process("deep")

        async def inner() -> None:
            seen.append("inner")

        async def outer() -> None:
            process.kill()
            task = asyncio.ensure_future(inner())
            await task

        process.start(outer())
        await asyncio.sleep(1.0)
        assert seen == []
        await process.bury()

    run_virtual(main)
