"""Time, injected. `SystemClock` in production, `ScaledClock` for fast simulations, `ManualClock` in tests."""

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Timer(Protocol):
    """A call that was scheduled and can be called off."""

    def cancel(self) -> None:
        """Call it off; harmless when it already ran."""
        ...


class Clock(Protocol):
    """What time it is, and waiting for it."""

    def now(self) -> datetime:
        """The wall clock: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go backwards; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock; zero or less only yields to other tasks."""
        ...

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback()` in the running loop after `seconds` of this clock."""
        ...

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """A block that lasts no longer than `seconds` of this clock; then it raises TimeoutError."""
        ...

    @property
    def unscaled(self) -> "Clock":
        """The clock by which others wait for us: of people, and of whoever is at the other end of a wire."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The wall clock: aware, UTC."""
        return datetime.now(UTC)

    monotonic = staticmethod(time.monotonic)
    """Seconds since some fixed point. It is read with each frame: not even a call of ours lies between."""

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(max(seconds, 0.0))

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback()` after `seconds`."""
        return asyncio.get_running_loop().call_later(max(seconds, 0.0), callback)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """TimeoutError after `seconds`."""
        return asyncio.timeout(seconds)

    @property
    def unscaled(self) -> "SystemClock":
        """Itself."""
        return self


class ScaledClock:
    """A clock that runs `factor` times as fast as the machine's, from the moment it is made."""

    def __init__(self, factor: float, *, start: datetime | None = None) -> None:
        if factor <= 0:
            raise ValueError(
                "a clock's factor must be above zero: 1 is real time, 60 makes a minute a second"
            )
        self._factor = factor
        self._real = SystemClock()
        self._origin = self._real.monotonic()
        self._start = start or self._real.now()

    def now(self) -> datetime:
        """The scaled wall clock: aware, UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Scaled seconds since the clock was made."""
        return (self._real.monotonic() - self._origin) * self._factor

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock, which is `seconds / factor` for people."""
        await asyncio.sleep(max(seconds, 0.0) / self._factor)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback()` after `seconds` of this clock."""
        return asyncio.get_running_loop().call_later(max(seconds, 0.0) / self._factor, callback)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """TimeoutError after `seconds` of this clock."""
        return asyncio.timeout(seconds / self._factor)

    @property
    def unscaled(self) -> SystemClock:
        """The machine's own."""
        return self._real


class _ManualTimer:
    """A pending call of a ManualClock."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Forget the call."""
        self.callback = None


class ManualClock:
    """A clock that moves only when told to: tests jump it and never wait.

    Whoever is due during a jump runs at its own due time, in order, and everything it starts that is due
    within the same jump runs too.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._timers: list[tuple[float, int, _ManualTimer]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        """The hand-set wall clock: aware, UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.call_later(seconds, lambda: None if woken.done() else woken.set_result(None))
        try:
            await woken
        finally:
            timer.cancel()

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback()` during the jump that passes its time."""
        timer = _ManualTimer(callback)
        heapq.heappush(self._timers, (self._elapsed + max(seconds, 0.0), next(self._order), timer))
        return timer

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """TimeoutError in the jump that passes `seconds`."""
        async with asyncio.timeout(None) as limit:
            now = asyncio.get_running_loop().time
            timer = self.call_later(seconds, lambda: limit.reschedule(now()))
            try:
                yield
            finally:
                timer.cancel()

    @property
    def unscaled(self) -> "ManualClock":
        """Itself: nobody waits for a test."""
        return self

    @property
    def waiting(self) -> int:
        """How many sleepers and calls are pending."""
        return sum(timer.callback is not None for _, _, timer in self._timers)

    async def advance(self, seconds: float) -> None:
        """Move on by `seconds`, waking sleepers in order of their time and letting each run until it waits
        again.
        """
        await settle()
        target = self._elapsed + seconds
        while self._timers and self._timers[0][0] <= target:
            due, _, timer = heapq.heappop(self._timers)
            if timer.callback is None:
                continue
            self._elapsed = due
            timer.callback()
            await settle()
        self._elapsed = target
        await settle()


async def settle(rounds: int = 20) -> None:
    """Let every ready task run until it waits for something: `rounds` turns of the loop."""
    for _ in range(rounds):
        await asyncio.sleep(0)
