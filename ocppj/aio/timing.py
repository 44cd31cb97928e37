"""Time, as connections need it. `runtime.clock.Clock` is one; this package imports nothing above it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class ScheduledCall(Protocol):
    """A call that a timer will make."""

    def cancel(self) -> None:
        """Call it off."""


class TransportClock(Protocol):
    """Seconds of the clock by which the other end of the wire waits."""

    def monotonic(self) -> float:
        """Seconds that never go backwards; only differences mean anything."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> ScheduledCall:
        """Call `callback()` in the running loop after `seconds`."""

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """A block that lasts no longer than `seconds`; then it raises TimeoutError."""
