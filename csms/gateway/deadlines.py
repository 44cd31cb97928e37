"""All waits of the gateway in one heap with one timer: a link that waits for nothing costs nothing."""

import heapq
import itertools
from collections.abc import Callable

import structlog

from runtime.clock import Clock, Timer

log = structlog.get_logger("csms.gateway")


class Deadline:
    """One wait. Cancelling leaves it in the heap, empty, until its time."""

    __slots__ = ("expired",)

    def __init__(self, expired: Callable[[], object]) -> None:
        self.expired: Callable[[], object] | None = expired

    def cancel(self) -> None:
        """Forget it; harmless when it has run."""
        self.expired = None


class Deadlines:
    """Calls each callback once its time has come, on the clock's own timer.

    A callback that raises is reported, counted in `failures`, and takes no other with it (ADR 0009).
    """

    def __init__(self, clock: Clock) -> None:
        self.failures = 0
        """Callbacks that raised."""
        self._clock = clock
        self._heap: list[tuple[float, int, Deadline]] = []
        self._order = itertools.count()
        self._timer: Timer | None = None
        self._armed_for = float("inf")

    def after(self, seconds: float, expired: Callable[[], object]) -> Deadline:
        """Call `expired()` in `seconds`, unless cancelled."""
        deadline = Deadline(expired)
        at = self._clock.monotonic() + seconds
        heapq.heappush(self._heap, (at, next(self._order), deadline))
        if at < self._armed_for:
            self._arm(at)
        return deadline

    def close(self) -> None:
        """Forget all of them."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._heap.clear()

    def __len__(self) -> int:
        """How many are pending."""
        return sum(deadline.expired is not None for _, _, deadline in self._heap)

    def _arm(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed_for = at
        self._timer = self._clock.call_later(at - self._clock.monotonic(), self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._armed_for = float("inf")
        now = self._clock.monotonic()
        while self._heap and (self._heap[0][0] <= now or self._heap[0][2].expired is None):
            _, _, deadline = heapq.heappop(self._heap)
            expired, deadline.expired = deadline.expired, None
            if expired is not None:
                self._call(expired)
        if self._heap and self._heap[0][0] < self._armed_for:
            self._arm(self._heap[0][0])

    def _call(self, expired: Callable[[], object]) -> None:
        try:
            expired()
        except Exception:
            self.failures += 1
            log.exception("deadline_failed", callback=repr(expired))
