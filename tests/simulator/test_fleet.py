"""Many stations, and cars that come and go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ocppj.aio.endpoint import Refuse
from ocppj.session import Request
from ocppj.vocabulary import AuthorizationStatus
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.lifecycle import Background
from simulator.errors import AddressError
from simulator.fleet import FleetPlan, SimulatedFleet
from simulator.model.template import load_template
from tests.support.answering import NOW, AnsweringCentral, AnsweringLink, agree, answering
from tests.support.waiting import until


def plan(url: str, **changes: Any) -> FleetPlan:
    """Four stations."""
    fields: dict[str, Any] = {"template": load_template("ac-201"), "url": url, "count": 4}
    fields["connects_per_s"] = 1000.0
    return FleetPlan(**fields | changes)


@asynccontextmanager
async def running(fleet: SimulatedFleet, clock: ManualClock) -> AsyncIterator[None]:
    """Powered up and dialled."""
    async with Background("fleet") as tasks:
        tasks.start(fleet.run())
        for _ in range(10):
            await clock.advance(0.5)
        yield


async def accepted(fleet: SimulatedFleet, central: AnsweringCentral, count: int) -> None:
    """Real sockets take their time."""
    await central.until_links(count)
    await until(lambda: fleet.summary().accepted == count)


async def test_every_station_boots_under_its_own_name(clock: ManualClock) -> None:
    """By prefix and number, or by MAC."""
    async with answering() as central:
        named = SimulatedFleet(plan(central.url, prefix="F-", first=7), clock, SeededChance())
        async with running(named, clock):
            await accepted(named, central, 4)
            found = {request.target.identity for request in central.door.upgrades}
            assert found == {"F-00007", "F-00008", "F-00009", "F-00010"}
        by_mac = SimulatedFleet(plan(central.url), clock, SeededChance())
        assert [station.station_id for station in by_mac.stations][:2] == ["02B020F00001", "02B020F00002"]


async def test_cars_come_charge_and_go(clock: ManualClock) -> None:
    """Each visit is a whole charge."""
    async with answering() as central:
        fleet = SimulatedFleet(
            plan(central.url, charge_every_s=100.0, charge_for_s=30.0), clock, SeededChance(), tls=None
        )
        async with running(fleet, clock):
            await accepted(fleet, central, 4)
            for _ in range(150):
                await clock.advance(2)
                await asyncio.sleep(0.002)
            now = fleet.summary()
        assert now.charges >= 4
        assert now.refusals == 0
        assert now.energy_wh > 0
        assert now.frames > 50
        assert "TransactionEvent" in central.actions()


async def test_summary_counts_what_is_wrong(clock: ManualClock) -> None:
    """Pending, rejected, and why some are not connected."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "BootNotification":
            return {"status": "Pending", "currentTime": NOW, "interval": 60}
        return agree(link, request)

    async with answering(script) as central:
        fleet = SimulatedFleet(plan(central.url), clock, SeededChance())
        async with running(fleet, clock):
            await central.until_links(4)
            await until(lambda: fleet.summary().pending == 4)
        central.door.decision = Refuse(401, "who are you")
        refused = SimulatedFleet(plan(central.url), clock, SeededChance())
        async with running(refused, clock):
            await until(lambda: sum(refused.summary().troubles.values()) == 4)
            assert list(refused.summary().troubles) == ["the server answered HTTP 401: who are you"]
            assert refused.summary().connected == 0


async def test_visit_that_cannot_be_is_counted_and_the_next_one_comes(clock: ManualClock) -> None:
    """A cable is in already."""
    async with answering() as central:
        fleet = SimulatedFleet(
            plan(central.url, count=1, template=load_template("ac-16"), charge_every_s=10.0),
            clock,
            SeededChance(),
        )
        fleet.stations[0].plug()
        async with running(fleet, clock):
            await accepted(fleet, central, 1)
            for _ in range(30):
                await clock.advance(1)
                await asyncio.sleep(0.001)
            assert fleet.summary().refusals >= 2


async def test_the_verdict_on_a_refused_token_is_kept(clock: ManualClock) -> None:
    """Who watches can say what to do."""

    def script(link: AnsweringLink, request: Request) -> Any:
        return {"idTagInfo": {"status": "Invalid"}} if request.action == "Authorize" else agree(link, request)

    async with answering(script) as central:
        fleet = SimulatedFleet(
            plan(central.url, count=1, template=load_template("ac-16"), charge_every_s=10.0),
            clock,
            SeededChance(),
        )
        async with running(fleet, clock):
            await accepted(fleet, central, 1)
            for _ in range(30):
                await clock.advance(1)
                await asyncio.sleep(0.002)
            now = fleet.summary()
    assert now.refused_as is AuthorizationStatus.INVALID
    assert (now.charges, now.refusals > 0) == (0, True)


async def test_wrong_address_is_said_at_once(clock: ManualClock) -> None:
    """Not by each station."""
    with pytest.raises(AddressError):
        SimulatedFleet(plan("http://nowhere"), clock, SeededChance())


async def test_a_station_that_breaks_stops_none_of_the_others(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One task group runs them all (ADR 0009): the rest of the fleet boots."""
    async with answering() as central:
        fleet = SimulatedFleet(plan(central.url), clock, SeededChance())

        async def broken() -> None:
            raise RuntimeError("boom")

        monkeypatch.setattr(fleet.stations[1], "run", broken)
        async with running(fleet, clock):
            await accepted(fleet, central, 3)
