"""News for many listeners at the price of one: a single subscription, kept once, told in ticks.

A bus that hands each event to each of 500 listeners costs the publisher 500 times; here publishing costs one
append, and whoever listens looks at what came since, at most every TICK_S.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from runtime.clock import Clock, Timer
from runtime.events import EventBus, Subscription

T = TypeVar("T")

TICK_S = 0.1
"""After listeners were woken, what comes waits for so long and is told together."""
KEPT = 4000
"""Events that a slow listener can be behind; beyond, it loses the oldest and is told how many."""


@dataclass(frozen=True, slots=True)
class NewEvents(Generic[T]):
    """What a listener missed since it looked last, and how many events more it lost."""

    events: Sequence[T]
    lost: int


class Feed(Generic[T]):
    """Listens to a bus as long as anybody listens to it."""

    def __init__(self, bus: EventBus[T], clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._subscription: Subscription[T] | None = None
        self._events: deque[T] = deque(maxlen=KEPT)
        self._count = 0
        self._listeners: set[Listener[T]] = set()
        self._timer: Timer | None = None
        self._woken_at = float("-inf")

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def listen(self) -> "Listener[T]":
        """From now on; use it as a context manager."""
        if self._subscription is None:
            self._subscription = self._bus.subscribe(1, self._receive, ended=self._wake)
        listener = Listener(self, self._count)
        self._listeners.add(listener)
        return listener

    def _receive(self, event: T) -> bool:
        self._events.append(event)
        self._count += 1
        if self._timer is None:
            wait_s = self._woken_at + TICK_S - self._clock.monotonic()
            self._timer = self._clock.call_later(wait_s, self._tick)
        return False

    def _tick(self) -> None:
        self._timer = None
        self._woken_at = self._clock.monotonic()
        self._wake()

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.arrived.set()

    def _leave(self, listener: "Listener[T]") -> None:
        self._listeners.discard(listener)
        if not self._listeners and self._subscription is not None:
            self._subscription.close()
            self._subscription = None
            self._events.clear()

    def _since(self, count: int) -> NewEvents[T]:
        behind = self._count - count
        kept = min(behind, len(self._events))
        start = len(self._events) - kept
        return NewEvents([self._events[place] for place in range(start, len(self._events))], behind - kept)

    @property
    def _is_over(self) -> bool:
        return self._subscription is None or self._subscription.is_closed


class Listener(Generic[T]):
    """One who listens."""

    def __init__(self, feed: Feed[T], count: int) -> None:
        self.arrived = asyncio.Event()
        self._feed = feed
        self._count = count

    async def next(self) -> NewEvents[T] | None:
        """What came since, as soon as there is something; None once the bus is closed."""
        while self._feed._count == self._count:  # noqa: SLF001 - the two halves of one structure
            if self._feed._is_over:  # noqa: SLF001
                return None
            self.arrived.clear()
            await self.arrived.wait()
        new = self._feed._since(self._count)  # noqa: SLF001
        self._count = self._feed._count  # noqa: SLF001
        return new

    def __enter__(self) -> "Listener[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self._feed._leave(self)  # noqa: SLF001
