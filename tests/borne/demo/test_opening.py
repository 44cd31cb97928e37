"""The site is open whatever the hour, closes for a minute, and opens again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from borne.demo.opening import CLOSED_S, Opening
from borne.demo.plan import SITE
from runtime.clock import ManualClock
from runtime.texts import instant_text
from tests.borne.demo.conftest import Theatre
from tests.support.waiting import PATIENCE_S


async def test_it_is_open_now_and_closes_for_a_minute(theatre: Theatre) -> None:
    """In whole minutes, as opening hours are kept; the server says the same."""
    site_id = (await theatre.server.post("/sites", SITE, status=201))["site_id"]
    opening = Opening(theatre.stage)
    now = theatre.stage.clock.now()
    await opening.plan(site_id, 120)
    assert timedelta(seconds=120) <= opening.closes_at - now <= timedelta(seconds=190)
    assert opening.opens_at - opening.closes_at == timedelta(seconds=CLOSED_S)
    assert opening.closes_at.second == opening.opens_at.second == 0
    hours = await theatre.server.get(f"/sites/{site_id}/hours")
    assert hours["is_open"] is True
    assert hours["changes_at"] == instant_text(opening.closes_at)


async def test_each_edge_is_told_and_the_next_closing_planned(theatre: Theatre) -> None:
    """For ever."""
    site_id = (await theatre.server.post("/sites", SITE, status=201))["site_id"]
    clock = ManualClock()
    opening = Opening(replace(theatre.stage, clock=clock))
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        running = group.create_task(opening.run(site_id))
        while sum("The site is open." in line for line in theatre.lines) < 2:
            if clock.waiting:
                await clock.advance(5)
            else:  # it is the server's turn: no time passes meanwhile, however long that takes
                await asyncio.sleep(0)
        running.cancel()
    first, closed, opened, second = (line.split(".")[0] for line in theatre.lines)
    assert (closed, opened) == (
        "Closing time: what is free becomes unavailable, charges may finish",
        "Opening time: all is available again",
    )
    assert first == second == "The site is open"
    assert opening.closes_at > clock.now()


async def test_whoever_waits_goes_on_when_it_opens(theatre: Theatre) -> None:
    """At once while it stays open long enough."""
    opening, clock = Opening(theatre.stage), theatre.stage.clock
    await opening.wait(45)
    opening.closes_at = clock.now() + timedelta(seconds=10)
    opening.opens_at = clock.now() + timedelta(seconds=20)
    async with asyncio.timeout(PATIENCE_S):
        await opening.wait(5)
        assert clock.now() < opening.closes_at
        await opening.wait(15)
    assert clock.now() >= opening.opens_at
