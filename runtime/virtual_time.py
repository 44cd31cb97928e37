"""An event loop of virtual time: when nothing is ready it jumps to the next timer, and it never waits.

It has no sockets and no threads: what runs on it is joined in memory (`ocppj.aio.pipe`). What happens, and in
what order, depends on what was asked of it and on nothing else: not on the machine's speed, not on its load.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

BEGIN = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
RESOLUTION_S = 1e-9


class NothingWillHappenError(RuntimeError):
    """Somebody waits, and there is neither a callback nor a timer that could end it."""


class VirtualLoop(asyncio.BaseEventLoop):
    """The loop. `time()` counts seconds from zero."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = _Jump(self)
        self._clock_resolution = RESOLUTION_S

    def time(self) -> float:
        """Virtual seconds since the beginning."""
        return self._now

    def jump(self) -> None:
        """Go to the next timer. Raises NothingWillHappenError."""
        if not self._scheduled:  # type: ignore[attr-defined] # asyncio's own heap of timers
            raise NothingWillHappenError("nothing is ready, and no timer runs")
        self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]

    # What asyncio wants of a loop

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""


class _Jump:
    """Stands where a selector would wait for sockets."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        """Time passes at once."""
        if timeout is None or timeout > 0:
            self._loop.jump()
        return []

    def close(self) -> None:
        """Nothing is open."""


class VirtualClock:
    """Implements `runtime.clock.Clock` by the loop's own time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, begin: datetime = BEGIN) -> None:
        self._loop = loop
        self._begin = begin

    def now(self) -> datetime:
        """Aware, UTC."""
        return self._begin + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        """The loop's seconds."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`, at once."""
        await asyncio.sleep(max(seconds, 0.0))

    def call_later(self, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
        """Call `callback()` after `seconds`."""
        return self._loop.call_later(max(seconds, 0.0), callback)

    def timeout(self, seconds: float) -> asyncio.Timeout:
        """TimeoutError after `seconds`."""
        return asyncio.timeout(seconds)

    @property
    def unscaled(self) -> "VirtualClock":
        """Itself: everybody lives by it."""
        return self


def run_virtual(main: Callable[[VirtualLoop], Coroutine[Any, Any, T]]) -> T:
    """Run `main(loop)` to its end."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main(loop))
    finally:
        loop.close()
