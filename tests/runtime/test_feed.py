"""News for many listeners: published at the price of one, told in ticks, bounded."""

import asyncio

import pytest

from runtime import feed as module
from runtime.clock import SystemClock
from runtime.events import EventBus
from runtime.feed import Feed, NewEvents


async def test_however_many_listen_the_bus_has_one_listener() -> None:
    """Which goes with the last of them."""
    bus: EventBus[str] = EventBus()
    feed = Feed(bus, SystemClock())
    assert bus.subscribers == 0
    with feed.listen() as one, feed.listen() as other:
        assert (bus.subscribers, feed.listeners) == (1, 2)
        bus.publish("a")
        bus.publish("b")
        assert await one.next() == await other.next() == NewEvents(["a", "b"], 0)
    assert (bus.subscribers, feed.listeners) == (0, 0)


async def test_a_listener_hears_what_comes_after_it_came() -> None:
    """Not what others have heard already."""
    bus: EventBus[str] = EventBus()
    feed = Feed(bus, SystemClock())
    with feed.listen():
        bus.publish("before")
        with feed.listen() as late:
            bus.publish("after")
            assert await late.next() == NewEvents(["after"], 0)


async def test_what_comes_together_is_told_together() -> None:
    """One wake-up for a thousand events."""
    bus: EventBus[int] = EventBus()
    feed = Feed(bus, SystemClock())
    with feed.listen() as listener:
        waiting = asyncio.ensure_future(listener.next())
        await asyncio.sleep(0)
        for number in range(1000):
            bus.publish(number)
        assert await waiting == NewEvents(list(range(1000)), 0)


async def test_a_slow_listener_loses_the_oldest_and_is_told_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for it is bounded, and kept once for all."""
    monkeypatch.setattr(module, "KEPT", 3)
    bus: EventBus[str] = EventBus()
    feed = Feed(bus, SystemClock())
    with feed.listen() as slow:
        for text in "abcde":
            bus.publish(text)
        assert await slow.next() == NewEvents(["c", "d", "e"], 2)


async def test_listeners_end_with_the_bus() -> None:
    """What had come before is still told."""
    bus: EventBus[str] = EventBus()
    feed = Feed(bus, SystemClock())
    with feed.listen() as listener:
        bus.publish("last")
        bus.close()
        assert await listener.next() == NewEvents(["last"], 0)
        assert await listener.next() is None
