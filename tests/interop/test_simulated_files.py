"""A simulated station and our server, over real sockets and HTTP: an update that is proven, and a log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.chance import SystemChance
from runtime.clock import ScaledClock
from runtime.lifecycle import Background
from simulator.model.template import identify
from simulator.station.firmware import FirmwareFault
from simulator.station.station import Station
from tests.support.server import LiveServer, live_server
from tests.support.signing import signed_by_rsa
from tests.support.simulated import changed_template
from tests.support.waiting import PATIENCE_S

FAST = 50.0
IMAGE = b"firmware 9.9.9\n" + bytes(100_000)
ALL = pytest.mark.parametrize("template", ["ac-16", "ac-201", "ac-21"])


@asynccontextmanager
async def at_a_server(template: str, folder: Path) -> AsyncIterator[tuple[LiveServer, Station]]:
    """A station that is accepted, fifty times as fast as real ones."""
    kind = changed_template(template, start_s=0.5)
    async with live_server(folder) as server, Background("station") as tasks:
        station = Station(
            kind,
            identify(kind, chance=SystemChance(), station_id="BOX-1"),
            url=server.ocpp_url,
            clock=ScaledClock(FAST),
            chance=SystemChance(),
        )
        tasks.start(station.run())
        await station.wait_until(lambda now: now.is_accepted, PATIENCE_S * FAST)
        yield server, station


async def until_over(server: LiveServer) -> dict[str, Any]:
    """The last transfer, once nothing more comes of it."""
    while True:
        [last, *_] = await server.get("/stations/BOX-1/transfers")
        if not last["is_open"]:
            return dict(last)


async def update(server: LiveServer, *, is_signed: bool = False) -> dict[str, Any]:
    """Put a firmware there and have it installed."""
    query = {"version": "9.9.9", "name": "box.bin"}
    stored = (await server.api.post("/firmware", params=query, content=IMAGE)).json()
    if is_signed:
        signature, certificate = signed_by_rsa(IMAGE)
        body = {"signature": signature, "signing_certificate": certificate}
        await server.api.put(f"/firmware/{stored['file_id']}/signature", json=body)
    await server.post("/stations/BOX-1/firmware-updates", {"file_id": stored["file_id"]}, 202)
    return await until_over(server)


@ALL
async def test_a_signed_firmware_is_fetched_checked_installed_and_proven(
    template: str, tmp_path: Path
) -> None:
    """L01 from end to end."""
    async with at_a_server(template, tmp_path) as (server, station):
        done = await update(server, is_signed=True)
        assert (done["state"], done["version_after"]) == ("proven", "9.9.9")
        told = [each["status"] for each in done["statuses"]]
        assert told[:4] == ["Downloading", "Downloaded", "SignatureVerified", "Installing"]
        assert station.snapshot().firmware == "9.9.9"


async def test_a_station_that_lies_is_found_out(tmp_path: Path) -> None:
    """It says Installed, and runs what it ran before."""
    async with at_a_server("ac-201", tmp_path) as (server, station):
        station.fail_firmware(FirmwareFault.INSTALL)
        assert (await update(server))["reason"] == "InstallationFailed"


@ALL
async def test_its_log_arrives(template: str, tmp_path: Path) -> None:
    """Its own frames, as its central system keeps them."""
    async with at_a_server(template, tmp_path) as (server, _):
        await server.post("/stations/BOX-1/log-requests", {}, 202)
        done = await until_over(server)
        assert done["state"] == "received"
        file = await server.api.get(f"/stations/BOX-1/uploads/{done['upload']['file_id']}")
        assert "BootNotification" in file.text
        assert len(file.content) == done["upload"]["size"]
