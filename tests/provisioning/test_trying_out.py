"""A test window on real sockets, in each version: one token charges, for free, and then nobody does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from charging.mac import find_mac
from tests.parity.teller import TELLERS, Moment, Teller
from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import VERSIONS, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, LAST = Moment("2026-01-05T12:00:00Z", 1000), Moment("2026-01-05T12:10:00Z", 2500)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """Strangers wait: only what was ordered is led."""
    async with live_server(
        tmp_path_factory.mktemp("var"), unknown="quarantine", pending_interval_s=1
    ) as live:
        yield live


def mac_of(title: int, version: str) -> str:
    """A MAC for each story and version."""
    return f"02:00:00:00:{title:02X}:{VERSIONS.index(version):02X}"


@asynccontextmanager
async def tried(server: LiveServer, title: int, version: str, **body: Any) -> AsyncIterator[Teller]:
    """An ordered station in its test window, accepted: neither claimed nor activated."""
    mac = mac_of(title, version)
    lines = [{"mac": mac, "claim_code": "K7QM-4T2X"}]
    await server.post("/orders", {"reference": f"PO-{title}-{version}", "lines": lines}, 201)
    known = find_mac(mac)
    assert known is not None
    async with server.station(known.hex, version, boots=False) as station:
        teller = TELLERS[version](station, known.hex)
        assert (await teller.boot())["status"] == "Pending"
        opened = await server.post(f"/stations/{known.hex}/test-window", {"id_token": "TEST-1"} | body, 201)
        assert opened["is_open"]
        await station.until_asked("TriggerMessage")
        assert (await teller.boot())["status"] == "Accepted"
        await teller.status("Available", FIRST.at)  # what follows a boot; nothing is asked before
        yield teller


async def until_told(station: WireStation, word: str) -> None:
    """Until the station was told to be so, last."""

    def told() -> list[str]:
        key = "type" if station.version == "1.6" else "operationalStatus"
        return [frame[3][key] for frame in station.asked if frame[2] == "ChangeAvailability"]

    await until(lambda: told()[-1:] == [word])


def stored(server: LiveServer, name: str) -> tuple[Any, ...]:
    """Of its one transaction."""
    query = "SELECT flags, tariff, cost_micro, energy_wh FROM transactions WHERE station_id = ?"
    (row,) = server.rows(query, name)
    return row


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_test_token_charges_for_free_and_no_other_does(server: LiveServer, version: str) -> None:
    """Also one that is known and valid everywhere else; the charge is marked."""
    await server.add_token("ANNA")
    before = await energy(server)
    async with tried(server, 1, version) as teller:
        assert await teller.authorize("ANNA") == "Invalid"
        assert await teller.authorize("TEST-1") == "Accepted"
        assert await teller.start("TEST-1", FIRST) == "Accepted"
        await teller.meter(LAST, 7000)
        await teller.stop("TEST-1", LAST, "Local")
        flags, tariff, cost, energy_wh = stored(server, teller.name)
        assert ("test" in flags.split(), tariff, cost, energy_wh) == (True, None, None, 1500)
        assert (await server.get(f"/stations/{teller.name}/lifecycle"))["lifecycle"] == "testing"
        assert await energy(server) == before


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_second_token_is_refused_and_its_charge_is_marked_too(
    server: LiveServer, version: str
) -> None:
    """Whatever a station let somebody do: what it knows of tokens was emptied as far as it can be."""
    async with tried(server, 2, version) as teller:
        assert await teller.start("OTHER", FIRST) == "Invalid"
        await until(lambda: {"ClearCache", "SendLocalList"} <= {f[2] for f in teller.station.asked})
        (flags, *_) = stored(server, teller.name)
        assert {"token-refused"} <= set(flags.split())


@pytest.mark.parametrize("version", VERSIONS)
async def test_its_time_ends_it(server: LiveServer, version: str) -> None:
    """What charges is stopped, the station inoperative, the token worth nothing."""
    async with tried(server, 3, version, lasts_s=2) as teller:
        await until_told(teller.station, "Inoperative")
        window = await server.get(f"/stations/{teller.name}/test-window")
        assert (window["is_open"], window["ended_at"] is not None) == (False, True)
        assert await teller.authorize("TEST-1") != "Accepted"
        assert (await teller.boot())["status"] == "Pending"


@pytest.mark.parametrize("version", VERSIONS)
async def test_closed_by_hand_what_charges_is_stopped(server: LiveServer, version: str) -> None:
    """Closed twice it says that none is open."""
    async with tried(server, 4, version) as teller:
        await teller.start("TEST-1", FIRST)
        path = f"/stations/{teller.name}/test-window"
        assert (await server.api.delete(path)).json()["is_open"] is False
        stop = "RemoteStopTransaction" if version == "1.6" else "RequestStopTransaction"
        await teller.station.until_asked(stop)
        await until_told(teller.station, "Inoperative")
        assert (await server.api.delete(path)).json()["code"] == "E_NO_TEST_WINDOW"


async def energy(server: LiveServer) -> float:
    """What the fleet's report says."""
    text = (await server.api.get(f"{server.running.http_url}/metrics")).text
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith("borne_energy_wh "))
