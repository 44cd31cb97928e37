"""The fleet is counted once a minute by our clock, whatever becomes of one count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from csms.central.fleet_counts import FleetCounts, FleetNeeds, minute_of
from csms.central.history import StoredHistory
from csms.central.tallies import Tallies
from csms.domain.history import FleetCount
from csms.domain.station_events import StationEvent
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.events import EventBus
from tests.support.inbound import CP1, CP2, minutes
from tests.support.waiting import until

MINUTE = timedelta(minutes=1)


@dataclass
class Fleet:
    """What is counted: news are told on `bus`, the rest is set."""

    database: Database
    clock: ManualClock
    bus: EventBus[StationEvent] = field(default_factory=EventBus)
    known: int = 5
    online: int = 4
    blocked: int = 3
    asked: int = 0
    is_broken: bool = False

    async def counts(self) -> FleetCounts:
        """Of a process that starts now."""
        needs = FleetNeeds(known=self._count_known, online=lambda: self.online, blocked=lambda: self.blocked)
        return FleetCounts(self.database, await Tallies.open(self.database, self.bus), needs, self.clock)

    def _count_known(self, _: Connection) -> int:
        self.asked += 1
        if self.is_broken:
            raise RuntimeError("nobody knows")
        return self.known

    async def stored(self) -> list[FleetCount]:
        """Every count, oldest first."""
        found = await StoredHistory(self.database).fleet(minutes(-(10**6)), minutes(10**6), MINUTE)
        return [each.worst for each in found]

    def tell(self, event: str, station_id: Any = CP1, **payload: Any) -> None:
        """News."""
        self.bus.publish(StationEvent(event, station_id, self.clock.now(), payload))

    def charged(self, number: int, energy_wh: float) -> None:
        """A transaction ended."""
        self.tell("transaction.ended", number=number, energy_wh=energy_wh)


@asynccontextmanager
async def running(fleet: Fleet) -> AsyncIterator[FleetCounts]:
    """It counts."""
    counts = await fleet.counts()
    task = asyncio.create_task(counts.run())
    try:
        yield counts
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def passed(fleet: Fleet, seconds: float, asked: int) -> None:
    """Time passes, in which it is counted so often."""
    await fleet.clock.advance(seconds)
    await until(lambda: fleet.asked >= asked)
    await until(lambda: fleet.clock.waiting)  # it waits for the next minute


async def test_each_minute_is_counted_at_its_beginning(database: Database, clock: ManualClock) -> None:
    """Of the clock, not since the start; all numbers as they are then."""
    await clock.advance(17.5)
    begun = minute_of(clock.now())
    fleet = Fleet(database, clock)
    async with running(fleet):
        for connector in (1, 2):
            fleet.tell("connector.status", evse_id=connector, connector_id=1, status="Faulted")
        fleet.tell("connector.status", CP2, evse_id=1, connector_id=1, status="Faulted")
        fleet.tell("transaction.started", number=1)
        await passed(fleet, 42.4, 0)
        assert await fleet.stored() == []
        await passed(fleet, 0.1, 1)
        await passed(fleet, 60, 2)
    first, second = await fleet.stored()
    assert [first.minute, second.minute] == [begun + MINUTE, begun + 2 * MINUTE]
    assert (first.stations_known, first.stations_online, first.stations_blocked) == (5, 4, 3)
    assert (first.stations_faulted, first.connectors_faulted, first.charging) == (2, 3, 1)
    assert (first.power_w, first.energy_wh) == (0, 0)


async def test_what_fails_once_is_one_minute(database: Database, clock: ManualClock) -> None:
    """It stays missing, and the next one is counted; a server that was down misses all of them."""
    fleet = Fleet(database, clock)
    async with running(fleet):
        fleet.is_broken = True
        await passed(fleet, 60, 1)
        fleet.is_broken = False
        await passed(fleet, 60, 2)
    await clock.advance(600)
    async with running(fleet):
        await passed(fleet, 60, 3)
    begun = minute_of(clock.now())
    assert [each.minute for each in await fleet.stored()] == [begun - 11 * MINUTE, begun]


async def test_energy_is_counted_on_over_restarts(database: Database, clock: ManualClock) -> None:
    """What ended before a process came is in the count before, not in its own."""
    fleet = Fleet(database, clock)
    for number in (1, 2):
        counts = await fleet.counts()
        fleet.charged(number, 1000)
        await clock.advance(60)
        assert await counts.count()
        fleet.charged(number + 10, 500)
        await clock.advance(60)
        assert await counts.count()
    assert [each.energy_wh for each in await fleet.stored()] == [1000, 1500, 2500, 3000]


async def test_of_two_processes_one_counts_a_minute(database: Database, clock: ManualClock) -> None:
    """No energy is lost by it: the second one's is in its next count."""
    one, other = Fleet(database, clock), Fleet(database, clock, online=9)
    first, second = await one.counts(), await other.counts()
    one.charged(1, 100)
    other.charged(2, 7)
    assert await first.count()
    assert not await second.count()
    assert not await first.count()
    await clock.advance(60)
    assert await second.count()
    assert [(each.stations_online, each.energy_wh) for each in await one.stored()] == [(4, 100), (9, 107)]
