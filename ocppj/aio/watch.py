"""One periodic look at all connections of a server or fleet, instead of timers and tasks for each of them."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from ocppj.aio.limits import Limits


class Watched(Protocol):
    """Something with deadlines."""

    def check(self, now: float) -> None:
        """Act on every deadline that has passed at `now` (seconds of the watch's clock)."""


class Watch:
    """Calls `check` on each member every `limits.sweep_every_s`; the timer runs only while there are members.

    `now` is a monotonic clock in seconds and `call_later(delay_s, callback)` a timer; both default to the
    running event loop's and are replaced in tests, which jump time and call `sweep` themselves.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        now: Callable[[], float] | None = None,
        call_later: Callable[[float, Callable[[], None]], asyncio.TimerHandle] | None = None,
    ) -> None:
        self.limits = limits
        self.now = now or asyncio.get_running_loop().time
        self._call_later = call_later or asyncio.get_running_loop().call_later
        self._members: set[Watched] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, member: Watched) -> None:
        """Look after `member` until it is discarded."""
        self._members.add(member)
        if self._timer is None:
            self._timer = self._call_later(self.limits.sweep_every_s, self._tick)

    def discard(self, member: Watched) -> None:
        """Forget `member`; the last one stops the timer."""
        self._members.discard(member)
        if not self._members:
            self.stop()

    def sweep(self, now: float) -> None:
        """Let every member act on the deadlines that have passed at `now`."""
        for member in tuple(self._members):
            member.check(now)

    def stop(self) -> None:
        """Stop the timer; `add` starts it again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = None
        self.sweep(self.now())
        if self._members:
            self._timer = self._call_later(self.limits.sweep_every_s, self._tick)
