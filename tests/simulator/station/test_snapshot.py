"""Snapshots, and waiting for one that meets a condition."""

import asyncio

import pytest

from simulator.errors import WaitTimeoutError
from simulator.model.connector_states import ConnectorState
from simulator.station.snapshot import StationSnapshot
from tests.support.simulated import simulated


async def test_place_that_is_not_there() -> None:
    """A slip in a test or scenario, said as such."""
    async with simulated() as stage:
        now = stage.station.snapshot()
        assert now.connector(1, 1).state is ConnectorState.AVAILABLE
        with pytest.raises(KeyError, match="no connector 2 of EVSE 1"):
            now.connector(1, 2)
        with pytest.raises(KeyError, match="no EVSE 2"):
            now.evse(2)


async def test_condition_that_is_met_already_needs_no_event() -> None:
    """It is looked at once at the beginning."""
    async with simulated() as stage:
        await stage.boot()
        assert (await stage.station.wait_until(lambda now: now.is_accepted, 0.1)).is_connected


async def test_each_change_is_seen_by_whoever_waits() -> None:
    """Several at once, each for its own moment, without anybody asking again and again."""
    looks = 0

    def counted(now: StationSnapshot) -> bool:
        nonlocal looks
        looks += 1
        return now.evse().transaction_id == "7" and now.queued == 0

    async with simulated() as stage:
        await stage.boot()
        async with asyncio.TaskGroup() as group:
            charging = group.create_task(stage.station.wait_until(counted, 60))
            plugged = group.create_task(stage.station.wait_until(lambda now: now.connector().is_plugged, 60))
            await stage.rest()
            stage.station.plug()
            await stage.station.present("TAG1")
        assert plugged.result().evse().transaction_id is None
        assert charging.result().connector().state is ConnectorState.CHARGING
        assert looks < 30


async def test_fault_in_a_condition_goes_to_whoever_wrote_it() -> None:
    """The station and the others go on."""
    async with simulated() as stage:
        await stage.boot()
        with pytest.raises(KeyError):
            await stage.station.wait_until(lambda now: now.connector(9).is_plugged, 5)
        assert stage.station.snapshot().is_accepted


async def test_waiting_ends_with_its_time_or_its_task() -> None:
    """Nothing is left behind."""
    async with simulated(is_running=False) as stage:
        waiting = asyncio.ensure_future(stage.station.wait_until(lambda now: now.is_connected, 5))
        gone = asyncio.ensure_future(stage.station.wait_until(lambda now: now.is_connected, 5))
        await stage.rest()
        gone.cancel()
        await stage.clock.advance(5)
        with pytest.raises(WaitTimeoutError, match="not connected, not registered"):
            await waiting
        assert stage.clock.waiting == 0
