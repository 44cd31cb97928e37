"""Waiting for a time or for news, whichever is first."""

import asyncio

from runtime.clock import ManualClock, settle
from runtime.wakeup import Wakeup
from tests.support.waiting import PATIENCE_S


async def test_it_rings_when_its_time_is_up(clock: ManualClock) -> None:
    """Not before."""
    wakeup = Wakeup(clock)
    waiting = asyncio.ensure_future(wakeup.wait(5))
    await clock.advance(4.9)
    assert not waiting.done()
    await clock.advance(0.1)
    assert waiting.done()
    assert clock.waiting == 0


async def test_somebody_may_ring_it_first(clock: ManualClock) -> None:
    """And leaves no timer behind."""
    wakeup = Wakeup(clock)
    waiting = asyncio.ensure_future(wakeup.wait(5))
    await settle()
    wakeup.ring()
    await settle()
    assert waiting.done()
    assert clock.waiting == 0


async def test_a_ring_before_the_wait_is_not_lost(clock: ManualClock) -> None:
    """It ends the next wait at once, and only that."""
    wakeup = Wakeup(clock)
    wakeup.ring()
    await asyncio.wait_for(wakeup.wait(None), PATIENCE_S)
    again = asyncio.ensure_future(wakeup.wait(None))
    await clock.advance(10_000)
    assert not again.done()
    wakeup.ring()
    await settle()
    assert again.done()


async def test_giving_up_takes_the_timer_along(clock: ManualClock) -> None:
    """A worker that is cancelled leaves nothing."""
    waiting = asyncio.ensure_future(Wakeup(clock).wait(5))
    await settle()
    waiting.cancel()
    await settle()
    assert clock.waiting == 0
