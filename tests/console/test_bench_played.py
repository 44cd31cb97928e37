"""Simulated stations and scenarios of the bench, in their own process: hands, steps, frames, ends."""

import pytest

from tests.console.test_bench_pages import Bench, bench
from tests.support.html import Html
from tests.support.waiting import until

__all__ = ["bench"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def shows(bench: Bench, path: str, text: str) -> Html:
    """The page once it has this text."""
    while text not in (page := await bench.page(path)).text:
        await until(lambda: True)  # the question itself waits for the server
    return page


async def test_a_simulated_station_is_started_and_used(bench: Bench) -> None:
    """It connects like a real one; what its hands do is seen; then it is switched off."""
    answer = await bench.send("/bench/stations", {"template": "ac-201"})
    path = answer.headers["location"]
    assert path == "/bench/stations/sim-1"
    await shows(bench, path, "connected, accepted")
    assert (await bench.send(path, {"hand": "plug", "evse": "1"})).headers["location"] == path
    page = await shows(bench, path, "Unplug")
    assert "plugged in" in page.text
    again = await bench.send(path, {"hand": "plug", "evse": "1"})
    assert again.status_code == 409
    assert (await bench.send(path, {"hand": "dance"})).status_code == 404
    await bench.send(path, {"hand": "fault", "evse": "1"})
    await shows(bench, path, "broken")
    assert "sim-1" in (await bench.page()).text
    assert (await bench.send(path, {"hand": "stop"})).headers["location"] == "/bench"
    assert "does not run" in (await bench.page(path)).text
    assert (await bench.send("/bench/stations", {"template": "none"})).status_code == 422


async def test_a_scenario_is_played_and_listed(bench: Bench) -> None:
    """On a template; its verdict stands in the list too."""
    answer = await bench.send("/bench/runs", {"scenario": "cold-boot", "on": "sim:ac-16"})
    path = answer.headers["location"]
    page = await shows(bench, path, "passed")
    assert "a=sim:ac-16" in page.text
    assert path in (await shows(bench, "/bench", "Cold boot")).links()
    for wrong in ({"scenario": "none"}, {"scenario": "cold-boot", "on": "sim:none"}):
        assert (await bench.send("/bench/runs", wrong)).status_code == 422


async def test_a_failing_step_leads_to_its_frames(bench: Bench) -> None:
    """The wire log of its station, up to the instant of the failure."""
    path = (await bench.send("/bench/runs", {"scenario": "never-so", "on": "sim:ac-16"})).headers["location"]
    page = await shows(bench, path, "failed")
    [frames] = [each for each in page.links() if "/messages?at=" in each]
    wire = await bench.page(frames)
    assert "BootNotification" in wire.text


async def test_a_run_is_stopped(bench: Bench) -> None:
    """By the button; what is over stays."""
    path = await bench.send("/bench/runs", {"scenario": "charging-session", "on": "wire:not-there-yet"})
    assert path.status_code == 404
    station = (await bench.send("/bench/stations", {"template": "ac-16"})).headers["location"]
    name = station.rpartition("/")[2]
    await shows(bench, station, "connected, accepted")
    run = await bench.send("/bench/runs", {"scenario": "charging-session", "on": f"wire:{name}"})
    where = run.headers["location"]
    await shows(bench, where, "It is done")
    await bench.send(where, {"act": "end"})
    await shows(bench, where, "stopped")
    await bench.send(station, {"hand": "stop"})
