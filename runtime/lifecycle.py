"""The life of a process: signals that stop it in time, and owners for background tasks."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self

import structlog
import uvloop

from runtime.errors import RuntimeProblem
from runtime.logs import report_error

log = structlog.get_logger("runtime.lifecycle")

SIGNALS = (signal.SIGINT, signal.SIGTERM)
CANCEL_WITHIN_S = 2.0  # what a cancelled main may still take
EXIT_FAILED = 1
EXIT_CANNOT_RUN = 3  # something outside the program: port taken, folder not writable, server not reachable
EXIT_FORCED = 130  # 128 + SIGINT, what shells expect after Ctrl-C


class Background:
    """Owns tasks that outlive the call that starts them; an async context manager that cancels and awaits
    them.

    `async with Background("gateway") as tasks: tasks.start(work())`. A task that fails is logged at once and
    ends nothing else; `failures` counts them. Use a TaskGroup where one failure should end all.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[object]] = set()
        self._is_closed = False
        self.failures = 0

    def start(self, work: Coroutine[Any, Any, object], *, name: str | None = None) -> asyncio.Task[object]:
        """Run `work` until it ends or this owner closes. Raises RuntimeError after closing."""
        if self._is_closed:
            work.close()
            raise RuntimeError(f"{self._name} is closed and takes no more tasks")
        title = f"{self._name}:{name or getattr(work, '__name__', 'task')}"
        task = asyncio.get_running_loop().create_task(work, name=title)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    @property
    def running(self) -> int:
        """How many tasks have not ended."""
        return len(self._tasks)

    async def close(self) -> None:
        """Cancel what runs and wait until all of it has ended."""
        self._is_closed = True
        current = asyncio.current_task()
        waiting = [task for task in self._tasks if task is not current]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures += 1
            log.error("task_failed", task=task.get_name(), exc_info=error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


@contextmanager
def loading() -> Iterator[None]:
    """Let the garbage collector rest while modules are loaded: what they make stays, and looking through it
    again and again is a fifth of the processor time that a server takes to start.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


ROUND_AFTER = 5_000
"""Objects that may be made, beyond those let go, between two rounds of the garbage collector."""


def keep_for_good() -> None:
    """Take all that is alive now out of the garbage collector's rounds: the program is loaded and started.

    A server's modules are a few hundred thousand objects that never die. Left in, each full round walks all
    of them, and nothing is answered meanwhile (transaction messages on one core: 7,400/s with, 9,700/s
    without; their p99 185 and 67 ms).

    From now on the rounds are rarer, too: a batch of messages has more objects alive than Python's own 700,
    so that each round looked at hundreds that were in use (4 % of the processor time of a message).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ROUND_AFTER, *gc.get_threshold()[1:])


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


def run_process(
    main: Callable[[Stop], Awaitable[int]], *, stop_within_s: float = 10.0, language: str = "en"
) -> int:
    """Run `main(stop)` in a fresh loop of uvloop and return its exit code.

    SIGINT and SIGTERM request the stop; `main` then has `stop_within_s` to return before it is cancelled. A
    second signal leaves at once with 130. A RuntimeProblem becomes one line on stderr and exit code 3, in
    `language`.
    """
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_supervise(main, stop_within_s))
    except RuntimeProblem as problem:
        report_error(problem.words.in_(language))
        return EXIT_CANNOT_RUN
    except BaseExceptionGroup as group:
        problems, others = group.split(RuntimeProblem)
        if others is not None or problems is None:
            raise
        for line in sorted({problem.words.in_(language) for problem in _leaves(problems)}):
            report_error(line)
        return EXIT_CANNOT_RUN


async def _supervise(main: Callable[[Stop], Awaitable[int]], stop_within_s: float) -> int:
    stop = Stop()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, _on_signal, stop)
    try:
        return await _stopped_in_time(asyncio.ensure_future(main(stop)), stop, stop_within_s)
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def _stopped_in_time(running: asyncio.Future[int], stop: Stop, stop_within_s: float) -> int:
    asked = asyncio.ensure_future(stop.wait())
    both: set[asyncio.Future[Any]] = {running, asked}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    done, _ = await asyncio.wait({running}, timeout=stop_within_s)
    if not done:
        log.warning("stop_took_too_long", limit_s=stop_within_s, way_out="the remaining work is cancelled")
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=CANCEL_WITHIN_S)
        if not done or running.cancelled():
            return EXIT_FAILED
    return running.result()


def _on_signal(stop: Stop) -> None:
    if stop.is_requested:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(EXIT_FORCED)  # a second Ctrl-C: whoever types it wants the shell back now
    stop.request()


def _leaves(group: BaseExceptionGroup[RuntimeProblem]) -> list[RuntimeProblem]:
    found: list[RuntimeProblem] = []
    for error in group.exceptions:
        found.extend(_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    return found
