"""The in-process event bus: publishing never waits, a slow listener loses events and knows how many."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger("runtime.events")

T = TypeVar("T")


class Subscription(Generic[T]):
    """One listener's bounded queue. Iterate over it; it ends when the bus or the subscription is closed."""

    def __init__(
        self,
        bus: "EventBus[T]",
        limit: int,
        accepts: Callable[[T], bool] | None,
        *,
        ended: Callable[[], object] | None = None,
        weigh: Callable[[T], int] | None = None,
        most_bytes: int = 0,
    ) -> None:
        self._bus = bus
        self._accepts = accepts
        self._ended = ended
        self._weigh, self._most_bytes, self._bytes = weigh, most_bytes, 0
        self._events: deque[T] = deque(maxlen=limit)
        self._arrived = asyncio.Event()
        self._is_closed = False
        self.dropped = 0

    def _offer(self, event: T) -> None:
        if self._accepts is not None:
            try:
                if not self._accepts(event):
                    return
            except Exception:  # its own trouble: it hears of the event, the others too
                log.exception("event_filter_failed")
        if len(self._events) == self._events.maxlen:
            self._drop()  # the oldest goes: a live view wants what is new
        self._events.append(event)
        if self._weigh is not None:
            self._bytes += self._weigh(event)
            while self._bytes > self._most_bytes and len(self._events) > 1:
                self._drop()
        self._arrived.set()

    def _drop(self) -> None:
        self.dropped += 1
        self._read(self._events.popleft())

    def _read(self, event: T) -> T:
        if self._weigh is not None:
            self._bytes -= self._weigh(event)
        return event

    @property
    def is_closed(self) -> bool:
        """Whether nothing will come any more."""
        return self._is_closed

    def close(self) -> None:
        """Stop listening; what has arrived can still be read."""
        self._is_closed = True
        self._arrived.set()
        if self._ended is not None:
            self._ended()
        self._bus._subscriptions.pop(self, None)  # noqa: SLF001 - the two halves of one structure

    def pending(self) -> list[T]:
        """Everything that has arrived and was not read, without waiting."""
        events = list(self._events)
        self._events.clear()
        self._bytes = 0
        return events

    async def next(self) -> T | None:
        """The next event; None once the subscription is closed and empty."""
        while not self._events:
            if self._is_closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        return self._read(self._events.popleft())

    async def __aiter__(self) -> AsyncIterator[T]:
        while (event := await self.next()) is not None:
            yield event

    def __enter__(self) -> "Subscription[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class EventBus(Generic[T]):
    """Hands each event to every subscriber of this process."""

    def __init__(self) -> None:
        self._subscriptions: dict[Subscription[T], None] = {}
        self._listeners: list[Callable[[T], object]] = []
        self.published = 0

    def publish(self, event: T) -> None:
        """Hand `event` to all subscribers, in the order in which they came. Never waits and never raises."""
        self.published += 1
        for subscription in tuple(self._subscriptions):
            subscription._offer(event)  # noqa: SLF001 - the two halves of one structure
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                log.exception("event_listener_failed")

    def listen(self, listener: Callable[[T], object]) -> None:
        """Call `listener` at once for every event, for good: for what only counts, or writes a line."""
        self._listeners.append(listener)

    def subscribe(
        self,
        limit: int = 1000,
        accepts: Callable[[T], bool] | None = None,
        *,
        ended: Callable[[], object] | None = None,
        weigh: Callable[[T], int] | None = None,
        most_bytes: int = 0,
    ) -> Subscription[T]:
        """Listen from now on, keeping at most `limit` unread events; use it as a context manager.

        With `weigh`, which gives an event's bytes, unread events come to at most `most_bytes`, but for a
        single one that is larger. `ended` is called when the subscription is closed.
        """
        subscription = Subscription(self, limit, accepts, ended=ended, weigh=weigh, most_bytes=most_bytes)
        self._subscriptions[subscription] = None
        return subscription

    @property
    def subscribers(self) -> int:
        """How many listen now."""
        return len(self._subscriptions)

    def close(self) -> None:
        """End every subscription, so that live streams finish when the process stops."""
        for subscription in tuple(self._subscriptions):
            subscription.close()
