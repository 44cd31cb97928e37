"""The demo's people act on what they see: claim, activate, place; wherever a demo was stopped, they go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from borne.demo.director import Director, lifecycle_of
from borne.demo.opening import Opening
from borne.demo.plan import ORDERED, UNORDERED, DemoStation
from tests.borne.demo.conftest import Theatre
from tests.support.waiting import PATIENCE_S

AC16 = ORDERED[0]


@asynccontextmanager
async def acting(theatre: Theatre, *boxes: DemoStation) -> AsyncIterator[Director]:
    """The director at work, with these boxes powered up; they answer nothing that they are asked."""
    director = Director(theatre.stage, Opening(theatre.stage))
    await director.prepare()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(asyncio.timeout(PATIENCE_S))
        for box in boxes:
            station = theatre.server.station(box.station_id.upper(), boots=False)
            await (await stack.enter_async_context(station)).boot()
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = [group.create_task(theatre.stage.live.run()), group.create_task(director.run())]
        yield director
        for task in tasks:
            task.cancel()


async def until_state(theatre: Theatre, box: DemoStation, state: str) -> None:
    """Wait for it."""
    await theatre.stage.live.until(lambda stations: lifecycle_of(stations, box, frozenset({state})))


async def test_an_ordered_box_is_claimed_and_activated(theatre: Theatre) -> None:
    """By the installer with the code on its label, then by the manager; through the API."""
    async with acting(theatre, AC16):
        await until_state(theatre, AC16, "configuring")
    assert theatre.told("Sam Tremblay claims 02:B0:16:00:00:01 with its code, at «Quai nord».")
    assert theatre.told("The manager activates 02:B0:16:00:00:01")
    (claim,) = await theatre.server.get("/claims")
    assert claim["is_granted"]
    assert not theatre.told("could not go on")


async def test_a_box_nobody_ordered_is_left_alone_until_it_is_adopted(theatre: Theatre) -> None:
    """Then an administrator says where it is."""
    async with acting(theatre, UNORDERED):
        await until_state(theatre, UNORDERED, "quarantine")
        await theatre.stage.clock.sleep(20)
        assert not theatre.told("02:B0:99")
        await theatre.server.post("/adoptions", {"station_id": UNORDERED.mac}, status=201)
        await until_state(theatre, UNORDERED, "configuring")
    assert theatre.told("An administrator has adopted 02:B0:99:00:00:03; it is put at «Visiteurs».")
    assert theatre.told("The manager activates 02:B0:99:00:00:03")


async def test_a_demo_that_was_stopped_goes_on_where_it_was(theatre: Theatre) -> None:
    """Claimed before, only the activation is left."""
    async with acting(theatre, AC16):
        while not theatre.told("claims 02:B0:16"):
            await theatre.stage.clock.sleep(0.1)
        await until_state(theatre, AC16, "localized")
    theatre.lines.clear()
    async with acting(theatre, AC16):
        await until_state(theatre, AC16, "configuring")
    assert not theatre.told("claims")
    assert theatre.told("The manager activates 02:B0:16:00:00:01")


async def test_somebody_who_is_faster_is_no_disaster(theatre: Theatre) -> None:
    """Whoever watches may claim the box by hand: the refusal is told, and the story goes on."""
    async with acting(theatre, AC16):
        await until_state(theatre, AC16, "powered")
        site_id = (await theatre.server.get("/sites"))[0]["site_id"]
        place = {"site_id": site_id, "name": "Mine", "latitude": 51.4, "longitude": -57.1}
        claim = {"mac": AC16.mac, "claim_code": AC16.claim_code, **place}
        await theatre.server.post("/claims", claim, status=201)
        await until_state(theatre, AC16, "configuring")
    assert theatre.told("The manager activates 02:B0:16:00:00:01")


@pytest.mark.parametrize(
    ("stations", "state"),
    [
        ({}, None),
        ({AC16.station_id: {"lifecycle": None}}, None),
        ({AC16.station_id: {"lifecycle": "powered"}}, "powered"),
        ({AC16.station_id: {"lifecycle": "configuring"}}, None),
    ],
)
def test_only_turning_points_count(stations: dict[str, dict[str, str]], state: str | None) -> None:
    """A box that is being configured needs nobody."""
    assert lifecycle_of(stations, AC16, frozenset({"powered", "active"})) == state
