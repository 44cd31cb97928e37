"""Threads, injected like time and chance: real ones in production, none at all on a loop of virtual time.

Who has work that blocks (a disk, a hash) asks for a thread by name and gives it to `run_in`. Under `inline`
that work is done at once in the event loop's own thread, so that a seed has one order of things and no other.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

Threads = Callable[[str], Executor]
"""Gives the thread of that name: it does one piece of work after the other, in their order."""


def own_thread(name: str) -> Executor:
    """A thread of the operating system."""
    return ThreadPoolExecutor(1, thread_name_prefix=name)


class Inline:
    """No threads: whoever gives work waits for it, and everybody else with them."""

    def __call__(self, name: str) -> Executor:  # noqa: ARG002 - all are the same
        """What does it at once."""
        return AtOnce()


inline = Inline()


async def run_in(thread: Executor, work: Callable[[], T]) -> T:
    """What `work()` returns or raises there. Being cancelled does not undo what has begun."""
    return await asyncio.get_running_loop().run_in_executor(thread, work)


class AtOnce(Executor):
    """Does work where it is given."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it now."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            done.set_exception(error)
        return done
