"""runtime.threads: one thread after another's work, or none at all."""

import asyncio
import threading
from concurrent.futures import Executor

import pytest

from runtime.threads import Threads, inline, own_thread, run_in


@pytest.mark.parametrize("threads", [own_thread, inline])
async def test_work_is_done_in_the_order_in_which_it_was_given(threads: Threads) -> None:
    """One thing after the other, and what it returns comes back."""
    thread, done = threads("worker"), list[int]()
    await asyncio.gather(*(run_in(thread, lambda number=number: done.append(number)) for number in range(20)))  # type: ignore[misc]
    assert done == list(range(20))
    assert await run_in(thread, lambda: "seen") == "seen"
    thread.shutdown()


@pytest.mark.parametrize("threads", [own_thread, inline])
async def test_an_error_comes_back_to_who_waits(threads: Threads) -> None:
    """It ends nothing else."""
    thread = threads("worker")
    with pytest.raises(ZeroDivisionError):
        await run_in(thread, lambda: 1 / 0)
    assert await run_in(thread, lambda: 2) == 2
    thread.shutdown()


@pytest.mark.parametrize(("threads", "is_here"), [(own_thread, False), (inline, True)])
async def test_where_it_is_done(threads: Threads, is_here: bool) -> None:
    """A thread of that name, or the caller's own; then nothing is left of it."""
    thread: Executor = threads("worker")
    there = await run_in(thread, threading.current_thread)
    assert (there is threading.current_thread()) is is_here
    assert is_here or there.name.startswith("worker")
    thread.shutdown()
    assert is_here or not there.is_alive()
