"""How long to wait: durations of scenario files are in the run's own time, which may be fast."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from runtime.clock import Clock

T = TypeVar("T")
LEAST_REAL_S = 5.0
"""In fast runs, nothing that may take long is waited for less than this in people's time: a second of theirs
is a minute there, and this machine may be busy."""


@dataclass(frozen=True, slots=True)
class RunPace:
    """The run's clock, and how much faster than people's it goes."""

    clock: Clock
    factor: float = 1.0

    def patience_s(self, within_s: float) -> float:
        """How long to wait, in the run's time, for what should happen `within_s`."""
        if self.factor <= 1:
            return within_s
        return max(within_s, min(within_s, LEAST_REAL_S) * self.factor)


@dataclass(slots=True)
class Signal:
    """Wakes everybody who waits."""

    _waiting: set["asyncio.Future[None]"] = field(default_factory=set)

    def notify(self) -> None:
        """Something has changed."""
        waiting, self._waiting = self._waiting, set()
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def until(self, found: Callable[[], T | None], clock: Clock, within_s: float) -> T | None:
        """What `found` gives as soon as it is not None, called at each `notify`; None when time is up."""
        deadline = clock.monotonic() + within_s
        while (result := found()) is None:
            left_s = deadline - clock.monotonic()
            if left_s <= 0:
                return None
            await self._ring_or(clock, left_s)
        return result

    async def _ring_or(self, clock: Clock, within_s: float) -> None:
        rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(rung)
        timer = clock.call_later(within_s, lambda: None if rung.done() else rung.set_result(None))
        try:
            await rung
        finally:
            timer.cancel()
            self._waiting.discard(rung)
