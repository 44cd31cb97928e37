"""A station that was sent away: what for is stored before it goes, and its return is found however late."""

import asyncio

import pytest

from provisioning.activation.pending_reconnect import Bounds, Ending, PendingReconnect
from provisioning.activation.runs import Errand, SentAway
from runtime.wakeup import Wakeup
from tests.support.provisioning import ID, World
from tests.support.stations import ScriptedStation


@pytest.fixture
async def reconnect(world: World, v201: ScriptedStation) -> PendingReconnect:
    """Of a station at its place, whose activation waits for the manager."""
    v201.boots_on_trigger = False
    await world.active(v201)
    return PendingReconnect(
        world.provisioning.station_cache,
        world.stations,
        world.run(),
        Wakeup(world.clock),
        Bounds(6.0, 10.0, 10.0),
    )


async def test_what_for_is_stored_before_it_goes(world: World, reconnect: PendingReconnect) -> None:
    """A restart of the server goes on with it."""
    assert reconnect.errand is None
    link = world.stations.link(ID)
    assert link is not None
    await reconnect.begin(Errand.RECONNECT, link)
    assert reconnect.errand == SentAway(Errand.RECONNECT, link.epoch, link.boots)
    await world.restart()
    assert world.run().sent_away == SentAway(Errand.RECONNECT, link.epoch, link.boots)


async def test_a_newer_link_is_a_return(
    world: World, reconnect: PendingReconnect, v201: ScriptedStation
) -> None:
    """And registered is more than connected."""
    link = world.stations.link(ID)
    assert link is not None

    away = SentAway(Errand.RECONNECT, link.epoch)
    waiting = asyncio.ensure_future(reconnect.awaited(away, 10))
    await world.passes(5)
    assert not waiting.done()
    v201.is_accepted, v201.boots_on_connect = False, False
    await reconnect.disconnect(link)
    await world.passes(4)
    assert await waiting is Ending.BACK
    registered = asyncio.ensure_future(reconnect.registered(away))
    await world.passes(1)
    assert not registered.done()
    await world.stations.boot(ID)
    await world.passes(2)
    assert await registered


@pytest.mark.parametrize(("counts", "ending"), [(True, Ending.BACK), (False, Ending.STAYED)])
async def test_another_boot_on_the_same_link_is_one_where_it_counts(
    world: World, reconnect: PendingReconnect, counts: bool, ending: Ending
) -> None:
    """A soft restart may keep the connection; a station that was left alone and boots is still there."""
    link = world.stations.link(ID)
    assert link is not None
    away = await reconnect.begin(Errand.RESTART, link)
    waiting = asyncio.ensure_future(reconnect.awaited(away, 10, counts_boots=counts))
    await world.passes(1)
    await world.stations.boot(ID)
    await world.passes(10)
    assert await waiting is ending


async def test_a_newer_connection_is_not_closed(
    world: World, reconnect: PendingReconnect, v201: ScriptedStation
) -> None:
    """It left by itself and is back already."""
    link = world.stations.link(ID)
    assert link is not None
    world.stations.drop(ID)
    await reconnect.disconnect(link)
    await world.stations.connect(v201)
    newer = world.stations.link(ID)
    await reconnect.disconnect(link)
    assert world.stations.link(ID) == newer is not None


async def test_the_wait_has_an_end(world: World, reconnect: PendingReconnect) -> None:
    """For one that does not go, and for one that went."""
    link = world.stations.link(ID)
    assert link is not None
    away = SentAway(Errand.RESTART, link.epoch)
    waiting = asyncio.ensure_future(reconnect.awaited(away, 3))
    await world.passes(4)
    assert await waiting is Ending.STAYED
    waiting = asyncio.ensure_future(reconnect.awaited(away, 3))
    world.stations.drop(ID)
    await world.passes(11)
    assert await waiting is Ending.AWAY


async def test_an_errand_of_another_run_is_not_this_ones(world: World, reconnect: PendingReconnect) -> None:
    """A new activation begins without it, and the old one cannot write into it."""
    link = world.stations.link(ID)
    assert link is not None
    await reconnect.begin(Errand.RESTART, link)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    assert reconnect.errand is None
    await reconnect.begin(Errand.RESTART, link)
    assert world.run().sent_away is None
