"""One periodic look at all connections of a server or fleet, instead of timers and tasks for each of them."""

import asyncio
from typing import Protocol

from ocppj.aio.limits import Limits
from ocppj.aio.timing import ScheduledCall, TransportClock
from ocppj.aio.turns import TurnQueue


class Watched(Protocol):
    """Something with deadlines."""

    def check(self, now: float) -> None:
        """Act on every deadline that has passed at `now` (seconds of the watch's clock)."""

    def abort(self, reason: str = "") -> None:
        """End it at once: it could not be checked."""


class Watch:
    """Calls `check` on each member every `limits.sweep_every_s`; the timer runs only while there are members.

    No member can end the supervision of the others (ADR 0009): one whose check raises is reported, counted in
    `failures`, forgotten and ended alone, and the timer is armed again whatever happened.

    Members are looked at in the order in which they came, so that the same run has the same order again.
    """

    def __init__(self, limits: Limits, clock: TransportClock) -> None:
        self.limits = limits
        self.clock = clock
        self.failures = 0
        """Members that could not be checked and were ended for it."""
        self.now = clock.monotonic
        self._members: dict[Watched, None] = {}
        self._timer: ScheduledCall | None = None
        self.turns = TurnQueue(self.failed)
        """Whose messages wait for their next turn."""

    def add(self, member: Watched) -> None:
        """Look after `member` until it is discarded."""
        self._members[member] = None
        if self._timer is None:
            self._arm()

    def discard(self, member: Watched) -> None:
        """Forget `member`; the last one stops the timer."""
        self._members.pop(member, None)
        if not self._members:
            self.stop()

    def sweep(self, now: float) -> None:
        """Let every member act on the deadlines that have passed at `now`."""
        for member in tuple(self._members):
            try:
                member.check(now)
            except Exception as error:  # noqa: BLE001 # a fault of one member must not reach the others
                self.failed(member, error)

    def failed(self, member: Watched, error: Exception) -> None:
        """`member` raised where it stood for all: report it with its name, and end it alone."""
        self.failures += 1
        report = asyncio.get_running_loop().call_exception_handler
        report({"message": f"{member!r} failed and is ended", "exception": error})
        try:
            member.abort("internal error")
        except Exception as second:  # noqa: BLE001 # then it is at least looked at no more
            report({"message": f"{member!r} could not be ended", "exception": second})
        self.discard(member)

    def stop(self) -> None:
        """Stop the timer; `add` starts it again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self._timer = self.clock.call_later(self.limits.sweep_every_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self.sweep(self.now())
        finally:  # whatever happened, there is a next time
            if self._members and self._timer is None:
                self._arm()
