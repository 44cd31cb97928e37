"""The life of a process: one root TaskGroup, signals that stop it in time, owners for background tasks."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any


class Background:
    """Owns tasks that outlive the call that starts them; an async context manager that cancels and awaits
    them.

    `async with Background("gateway") as tasks: tasks.start(work(), name="…")`. A task that fails is logged at
    once and ends nothing else; `failures` counts them. Use a TaskGroup where one failure should end all.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.failures = 0

    def start(self, work: Coroutine[Any, Any, object], *, name: str | None = None) -> asyncio.Task[object]:
        """Run `work` until it ends or this owner closes."""
        raise NotImplementedError

    async def __aenter__(self) -> "Background":
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError


class Stop:
    """The wish to stop, shared by all parts of a process."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def request(self) -> None:
        """Ask for the stop; harmless when repeated."""
        self._event.set()

    @property
    def is_requested(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()

    async def wait(self) -> None:
        """Return once somebody asked."""
        await self._event.wait()


def run_process(main: Callable[[Stop], Awaitable[int]], *, stop_within_s: float = 10.0) -> int:
    """Run `main(stop)` in a fresh loop (uvloop where it exists) and return its exit code.

    SIGINT and SIGTERM request the stop; `main` then has `stop_within_s` to return before it is cancelled. A
    second signal leaves at once with 130. A RuntimeProblem becomes one line on stderr and exit code 1.
    """
    raise NotImplementedError
