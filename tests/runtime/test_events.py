"""runtime.events: publishing never waits; losses are counted."""

import asyncio

from runtime.clock import settle
from runtime.events import EventBus
from tests.support.waiting import PATIENCE_S


async def test_every_subscriber_gets_every_event_it_accepts() -> None:
    """In order, from the moment it subscribed."""
    bus: EventBus[int] = EventBus()
    bus.publish(0)
    with bus.subscribe() as everything, bus.subscribe(accepts=lambda n: n % 2 == 0) as even:
        for n in range(1, 5):
            bus.publish(n)
        assert everything.pending() == [1, 2, 3, 4]
        assert even.pending() == [2, 4]
    bus.publish(9)
    assert (bus.subscribers, bus.published) == (0, 6)


async def test_a_slow_listener_loses_the_oldest_and_knows_it() -> None:
    """The queue is bounded; what is new matters in a live view."""
    bus: EventBus[int] = EventBus()
    with bus.subscribe(limit=3) as slow:
        for n in range(10):
            bus.publish(n)
        assert slow.dropped == 7
        assert slow.pending() == [7, 8, 9]


async def test_waiting_for_events_and_the_end() -> None:
    """Iterating waits for what comes and ends when the bus closes, after what was still there."""
    bus: EventBus[int] = EventBus()
    seen: list[int] = []

    async def listen() -> None:
        with bus.subscribe() as subscription:
            async for event in subscription:
                seen.append(event)

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        tasks.create_task(listen())
        await settle()
        bus.publish(1)
        await settle()
        bus.publish(2)
        bus.close()
    assert seen == [1, 2]
    assert bus.subscribers == 0


async def test_a_filter_that_raises_keeps_no_event_from_the_others() -> None:
    """One listener's trouble is its own (ADR 0009): it hears of the event unfiltered."""
    bus: EventBus[int] = EventBus()

    def fail(_: int) -> bool:
        raise LookupError("no")

    listeners = [bus.subscribe(), bus.subscribe(accepts=fail), bus.subscribe()]
    bus.publish(1)
    bus.publish(2)
    assert [each.pending() for each in listeners] == [[1, 2]] * 3
