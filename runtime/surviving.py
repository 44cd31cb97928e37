"""What serves many and must survive each of them: a periodic callback, a loop's turn, one task of a group.

One place for the rule of ADR 0009: what a single station, site or listener raises is reported with its name
and ends that one's turn, never the timer, loop or task group that serves the others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from runtime.clock import Clock, Timer
from runtime.errors import DatabaseProblem
from runtime.lifecycle import Background

log = structlog.get_logger("runtime.surviving")


def attempt(work: Callable[..., Any], *arguments: object, event: str, **whose: object) -> bool:
    """Call `work` for one of many. False: it raised, which is in the log as `event`, with `whose` it was."""
    try:
        work(*arguments)
    except Exception:
        log.exception(event, **whose)
        return False
    return True


async def survive(work: Awaitable[object], *, event: str, **whose: object) -> bool:
    """The same for what is awaited, such as one task of a TaskGroup that holds those of others."""
    try:
        await work
    except Exception:
        log.exception(event, **whose)
        return False
    return True


class Recurring:
    """Calls `work()` every `every_s` seconds of the clock, from `start` to `stop`, whatever it raises.

    The timer is armed again before the call. `failures` counts the calls that raised; each is in the log with
    `name`.
    """

    def __init__(self, clock: Clock, every_s: float, work: Callable[[], object], *, name: str) -> None:
        self.failures = 0
        self._clock = clock
        self._every_s = every_s
        self._work = work
        self._name = name
        self._timer: Timer | None = None

    @property
    def is_running(self) -> bool:
        """Whether there will be a next call."""
        return self._timer is not None

    def start(self) -> None:
        """Call it now, and from now on."""
        self.stop()
        self._tick()

    def stop(self) -> None:
        """No more calls; harmless when repeated."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = self._clock.call_later(self._every_s, self._tick)
        if not attempt(self._work, event="recurring_work_failed", name=self._name):
            self.failures += 1


class RecurringTask:
    """Starts the task `work()` every `every_s` seconds of the clock, unless the one before still runs.

    What it raises is in the log as `event`; a database that is away in one line, until it is back.
    """

    def __init__(
        self,
        clock: Clock,
        every_s: float,
        work: Callable[[], Coroutine[Any, Any, object]],
        tasks: Background,
        *,
        event: str,
    ) -> None:
        self._work, self._tasks, self._event = work, tasks, event
        self._running: asyncio.Task[object] | None = None
        self._is_database_away = False
        self._timer = Recurring(clock, every_s, self._begin, name=event)

    def start(self) -> None:
        """Begin now, and from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Begin no more; what runs goes on. Harmless when repeated."""
        self._timer.stop()

    def _begin(self) -> None:
        if self._running is None or self._running.done():
            self._running = self._tasks.start(self._attempted(), name=self._event)

    async def _attempted(self) -> None:
        try:
            await self._work()
        except DatabaseProblem as problem:
            if not self._is_database_away:
                log.error(self._event, error=str(problem))  # noqa: TRY400 - no cause to show
            self._is_database_away = True
            return
        except Exception:
            log.exception(self._event)
        if self._is_database_away:
            self._is_database_away = False
            log.info("database_is_back", work=self._event)
