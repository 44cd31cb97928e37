"""`borne up --demo`, as a new user runs it: two stations from their boxes to a charge, the third waits."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.process import ServerProcess
from tests.support.waiting import PATIENCE_S, patient_http

POLL_S = 0.25
ACTIVE_WITHIN_S = PATIENCE_S
STOP_WITHIN_S = PATIENCE_S

Station = dict[str, Any]


def api(server: ServerProcess) -> httpx.AsyncClient:
    """With the token of the first run."""
    headers = {"Authorization": f"Bearer {server.token}"}
    return patient_http(base_url=f"{server.http_url}/api/v1", headers=headers)


async def stations_once(client: httpx.AsyncClient, holds: Callable[[list[Station]], bool]) -> list[Station]:
    """The stations, as soon as `holds` of them."""
    found: list[Station] = []
    try:
        async with asyncio.timeout(ACTIVE_WITHIN_S):
            while not holds(found):
                await asyncio.sleep(POLL_S)  # another process: only looking tells
                found = (await client.get("/stations")).json()
    except TimeoutError:
        pytest.fail(f"after {ACTIVE_WITHIN_S:g} s the stations are still: {found}")
    return found


def states(stations: list[Station]) -> dict[str, str]:
    """Lifecycle by model."""
    return {each["model"]: each["lifecycle"] for each in stations}


def is_charging(station: Station) -> bool:
    """Power flows."""
    return (station["power_w"] or 0) > 0


async def test_the_demo_leads_two_stations_to_a_charge_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    """Within 60 s two are active and charge; the third is let in by an administrator; Ctrl-C ends it all."""
    server = ServerProcess(tmp_path / "var", "--demo")
    async with server:
        async with api(server) as client:
            found = await stations_once(
                client,
                lambda all_: sum(is_charging(each) for each in all_ if each["lifecycle"] == "active") >= 2,
            )
            assert sorted(states(found).values()) == ["active", "active", "quarantine"]
            stranger = next(each for each in found if each["lifecycle"] == "quarantine")
            assert stranger["blocked_by"]
            assert stranger["link"]["is_unauthenticated"]
            assert all(each["link"]["security"] == "basic_auth" for each in found if each is not stranger)
            adopted = await client.post("/adoptions", json={"station_id": stranger["station_id"]})
            assert adopted.is_success, adopted.text
            await stations_once(client, lambda all_: all(each["lifecycle"] != "quarantine" for each in all_))
        assert await asyncio.wait_for(server.stop(signal.SIGINT), STOP_WITHIN_S) == 0
        assert "Traceback" not in server.log
        await server.start()
        async with api(server) as client:
            again = await stations_once(client, lambda all_: sum(map(is_charging, all_)) >= 2)
            assert {each["station_id"] for each in again} == {each["station_id"] for each in found}
        assert await asyncio.wait_for(server.stop(signal.SIGTERM), STOP_WITHIN_S) == 0
        assert "Traceback" not in server.log
