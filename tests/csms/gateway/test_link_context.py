"""What links share exists once: an idle link has neither a task nor a timer of its own."""

import asyncio
from contextlib import AsyncExitStack

from csms.domain.links import LinkSecurity
from ocppj.vocabulary import StationId
from tests.support.gateway import GatewaySite


async def test_idle_links_cost_no_task_and_no_timer(site: GatewaySite) -> None:
    """Architecture §3: 12 KiB per idle station leave no room for either."""
    before = len(asyncio.all_tasks())
    async with AsyncExitStack() as stack:
        for number in range(20):
            await stack.enter_async_context(site.station(f"CP{number}"))
        context = site.gateway._context
        assert len(context.links) == 20
        assert len(context.deadlines) == 0
        assert context.tasks.running == 0
        ours = len(asyncio.all_tasks()) - before
        assert ours <= 2 * 20, "the stations' own tasks are all there are"
    await site.message_store.until(lambda: len(site.message_store.closed) == 20)
    assert context.links == {}


async def test_the_links_are_gauged(site: GatewaySite) -> None:
    """`borne_links` says how many stations are connected now."""
    async with site.station(), site.station("CP2"):
        assert gauge(site) == 2.0
    await site.message_store.until(lambda: len(site.message_store.closed) == 2)
    assert gauge(site) == 0.0


def gauge(site: GatewaySite) -> float:
    """The value that a scrape would read."""
    (family,) = [each for each in site.gateway.metrics.collect() if each.name == "borne_links"]
    return family.samples[0].value


async def test_a_view_of_a_link_holds_what_people_ask_for(site: GatewaySite) -> None:
    """Rule: a link without credentials is marked unauthenticated wherever it is shown."""
    async with site.station() as station:
        await site.clock.advance(7)
        await station.ask("Heartbeat")
        (view,) = site.gateway.links()
        assert view.station_id == StationId("cp1")
        assert view.security is LinkSecurity.UNAUTHENTICATED
        assert (view.last_received_at - view.connected_at).total_seconds() > 6
        assert (view.peer, view.epoch) == ("127.0.0.1", 1)
