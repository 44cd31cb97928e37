"""Waiting for a time or for news, whichever is first."""

import asyncio

from runtime.clock import Clock


class Wakeup:
    """Rings when someone rings it, or when its time is up. One waiter at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter, or let the next wait return at once."""
        self._rung.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait until rung, at most `seconds` of the clock (None: without limit)."""
        timer = None if seconds is None else self._clock.call_later(seconds, self._rung.set)
        try:
            await self._rung.wait()
        finally:
            self._rung.clear()
            if timer is not None:
                timer.cancel()
