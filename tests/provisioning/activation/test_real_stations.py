"""Activation over real sockets, by stations with the habits that stations in the field have.

Every wait of the server has its bound in these settings, so that all of them together are a few seconds; what
is asserted is what happened, not how long this machine took.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.field_station import FieldStation, living
from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import VERSIONS

MAC = "0024:B100:0002:9F81"
ID = "0024b10000029f81"
CODE = "K7QM-4T2X"
BOUNDS: dict[str, Any] = {"pending_interval_s": 1, "secret_patience_s": 0.5, "obey_within_s": 0.5}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    """A server at which one station is ordered."""
    async with live_server(tmp_path, unknown="quarantine", **BOUNDS) as live:
        yield live


@asynccontextmanager
async def activated(server: LiveServer, version: str, **habits: Any) -> AsyncIterator[FieldStation]:
    """A station with these habits, ordered, claimed, and led to active; tells how long that took."""
    site = await server.post("/sites", {"name": "Port", "zone": "America/Montreal"}, 201)
    line = {"mac": MAC, "claim_code": CODE}
    await server.post("/orders", {"reference": "PO-1", "lines": [line]}, 201)
    async with living(FieldStation(server.ocpp_url, ID, version, **habits)) as station:
        await until(lambda: station.boots)
        began = time.perf_counter()
        where = {"name": "P1", "latitude": 45.5, "longitude": -73.6, "site_id": site["site_id"]}
        await server.post("/claims", {"mac": MAC, "claim_code": CODE, **where}, 201)
        await _until_finished(server, station)
        print(f"{version} {habits}: active in {time.perf_counter() - began:.1f} s")
        yield station


async def _until_finished(server: LiveServer, station: FieldStation) -> None:
    query = "SELECT 1 FROM activation_runs WHERE is_current AND finished_at IS NOT NULL"
    await until(lambda: station.registration == "Accepted" and server.rows(query))


async def _steps(server: LiveServer) -> dict[str, dict[str, Any]]:
    run = (await server.get(f"/stations/{ID}/activation"))["run"]
    return {each["step"]: each for each in run["steps"]}


def _told(step: dict[str, Any]) -> list[str]:
    """What was tried, without its seconds."""
    return [f"{each['sent']}: {each['answered'].split(' after')[0]}" for each in step["evidence"]]


async def _states(server: LiveServer) -> dict[str, str]:
    return {name: step["state"] for name, step in (await _steps(server)).items()}


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_waits_and_returns_by_itself(server: LiveServer, version: str) -> None:
    """It was left alone: one secret, no restart, no closed connection."""
    async with activated(server, version) as station:
        steps = await _steps(server)
        assert steps["credential"]["state"] == "done"
        assert _told(steps["credential"])[-1] == "left alone: back"
        assert not [action for action, _ in station.asked if action == "Reset"]
        assert (await server.link(ID) or {})["security"] == "basic_auth"
        assert station.refused == []
        assert station.early == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_never_restarts_while_pending(server: LiveServer, version: str) -> None:
    """Agreed to and not done: the connection is closed in the end, and that proves the secret."""
    async with activated(server, version, leaves_with_secret=False, restarts="accepted"):
        steps = await _steps(server)
        assert steps["credential"]["state"] == "done"
        told = _told(steps["credential"])
        assert told[-4:] == [
            told[-4],
            "asked to boot: booted",
            told[-2],
            "asked to restart: still there",
        ] or (told[-1] == "connection closed: back")
        assert (await server.link(ID) or {})["security"] == "basic_auth"


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_boots_on_the_same_connection(server: LiveServer, version: str) -> None:
    """A soft restart is a return; the new connection comes after it."""
    habits: dict[str, Any] = {"leaves_with_secret": False, "restarts_softly": True}
    async with activated(server, version, **habits):
        told = _told((await _steps(server))["credential"])
        assert told[-1] == "connection closed: back"
        assert "asked to restart: booted" in told


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_does_not_boot_again_after_its_release(server: LiveServer, version: str) -> None:
    """Neither on request nor at its interval: it is reconnected, and boots."""
    habits: dict[str, Any] = {"boots_on_trigger": False, "boots_at_interval": False}
    async with activated(server, version, **habits):
        steps = await _steps(server)
        assert steps["release"]["state"] == "done"
        assert "connection closed: booted" in _told(steps["release"])


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_tells_no_value(server: LiveServer, version: str) -> None:
    """Active all the same; what was not proved is not called done."""
    async with activated(server, version, tells_values=False):
        states = await _states(server)
        assert states["clock"] == "lacking"
        assert states["credential"] == "done"
        assert states["release"] == "done"
        shown = await server.get(f"/stations/{ID}")
        assert shown["lifecycle"] == "active"
        assert "W_NOT_PROVED" in {each["code"] for each in shown["remarks"]}


@pytest.mark.parametrize("version", VERSIONS)
async def test_one_that_tells_its_changed_status_while_pending(server: LiveServer, version: str) -> None:
    """What our ChangeAvailability provoked is taken: it is neither refused nor called silent."""
    async with activated(server, version, tells_triggered_status=False) as station:
        assert station.refused == []
        assert (await _states(server))["hours"] == "done"
        shown = await server.get(f"/stations/{ID}")
        assert "W_STATUS_SILENT" not in {each["code"] for each in shown["remarks"]}
