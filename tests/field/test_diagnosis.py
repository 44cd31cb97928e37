"""What a fresh user tries: a fault, a station that goes away, a second box; told everywhere, and at once.

Each is looked for on the API, on the page (French), in the live table and by the doctor with its exit code.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec import convert
from sqlalchemy import Connection
from websockets import ConnectionClosed

from borne.doctor.examination import examine
from borne.language import Speech
from borne.settings import ServerSettings
from borne.station_table import station_row
from console.station_values import blocker_lines, facts
from console.station_values import station_row as page_row
from console.words import Words
from csms.api.views import StationAnswer
from ocppj.vocabulary import StationId
from provisioning.records import Device
from tests.field.cases import CASES
from tests.support.provisioning import put_device
from tests.support.server import LiveServer, live_server
from tests.support.tables import open_tables
from tests.support.wire_station import SUBPROTOCOLS, VERSIONS, WAIT_S, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
NAMES = ("faulted", "away", "warned")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server that leads a few stations, active already."""
    folder = tmp_path_factory.mktemp("var")
    database = await open_tables(folder / "borne.db")

    def save(connection: Connection) -> None:
        for name in NAMES:
            for version in VERSIONS:
                identity = StationId(f"{name}-{version}")
                put_device(
                    connection,
                    Device(identity, adopted_at=AT, first_seen_at=AT, requested_at=AT, activated_at=AT),
                )

    await database.run_write(save)
    await database.close()
    async with live_server(folder) as live:
        yield live


async def wrong(server: LiveServer, station_id: str, code: str | None) -> dict[str, Any]:
    """The station as the API tells it, as soon as this is what is wrong with it; None: nothing is."""
    async with asyncio.timeout(WAIT_S):
        while True:
            station: dict[str, Any] = await server.get(f"/stations/{station_id}")
            found = [each["code"] for each in station["remarks"] if each["severity"] == "problem"]
            if (code in found) if code is not None else not found:
                return station


async def doctor(server: LiveServer, station_id: str | None) -> tuple[int, str]:
    """The exit code of `borne doctor`, and all that it says."""
    settings = ServerSettings(var=server.var, ocpp_port=server.port)
    code, chapters = await examine(settings, station_id, server.running.http_url)
    return code, "\n".join(f"{each.text} {each.way_out or ''}" for one in chapters for each in one.remarks)


async def assert_told(server: LiveServer, station: dict[str, Any], french: str, english: str) -> None:
    """On the page and its list, in the live table, by the doctor on the station and on all of them."""
    told = convert(station, StationAnswer)
    (text, how, _), *_ = blocker_lines(told, Words("fr"))
    assert french in text
    assert how.startswith("Qui débloque")
    assert french in page_row(told, Words("fr"), may_adopt=False)["blocked"]
    row = station_row(station, Speech("en"))
    assert english in row.blocked
    assert row.clears == "installer"
    for examined in (station["station_id"], None):
        code, said = await doctor(server, examined)
        assert code == 1, said
        assert english in said
        assert "Cleared by: installer" in said


async def report(station: WireStation, status: str, error: str = "NoError") -> None:
    """A StatusNotification of connector 1."""
    at = "2026-01-05T12:00:00Z"
    if station.version == "1.6":
        payload = {"connectorId": 1, "errorCode": error, "status": status, "timestamp": at}
    else:
        payload = {"evseId": 1, "connectorId": 1, "connectorStatus": status, "timestamp": at}
    await station.ask("StatusNotification", payload)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_fault_is_in_the_way_until_it_is_gone(server: LiveServer, version: str) -> None:
    """It is active and online, and does not charge: no surface may call that healthy."""
    async with server.station(f"faulted-{version}", version) as station:
        await report(station, "Available")
        await report(station, "Faulted", "GroundFailure")
        shown = await wrong(server, f"faulted-{version}", "E_FAULTED")
        assert shown["lifecycle"] == "active"
        assert shown["blocked_by"] == []
        assert ("GroundFailure" in shown["remarks"][0]["text"]) is (version == "1.6")
        assert shown["remarks"][0]["ways_out"]["command"] == f"ctl command faulted-{version} reset"
        lifecycle = await server.get(f"/stations/faulted-{version}/lifecycle")
        assert lifecycle["remarks"] == shown["remarks"]
        await assert_told(server, shown, "en panne", "Connector 1 of EVSE 1: faulted")
        await report(station, "Available")
        await wrong(server, f"faulted-{version}", None)


async def test_an_error_beside_a_good_status_is_worth_knowing(server: LiveServer) -> None:
    """OCPP 1.6 §4.9: WeakSignal and the like come with a status that is no fault: it charges all the same."""
    async with server.station("warned-1.6") as station:
        await report(station, "Available", "WeakSignal")
        shown = await wrong(server, "warned-1.6", None)
        async with asyncio.timeout(WAIT_S):
            while not shown["remarks"]:
                shown = await server.get("/stations/warned-1.6")
        assert [(each["code"], each["severity"]) for each in shown["remarks"]] == [
            ("W_ERROR_REPORTED", "note")
        ]
        assert "WeakSignal" in (await doctor(server, "warned-1.6"))[1]


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_active_station_that_goes_away_is_missed(server: LiveServer, version: str) -> None:
    """Since when, who looks after it, and how; it is over when the station is back."""
    async with server.station(f"away-{version}", version):
        await wrong(server, f"away-{version}", None)
    await server.until_offline(f"away-{version}")
    async with asyncio.timeout(WAIT_S):
        while (
            "depuis 20"
            not in (shown := await wrong(server, f"away-{version}", "E_OFFLINE"))["remarks"][0]["text_fr"]
        ):
            pass
    assert shown["who_clears"] == "installer"
    await assert_told(server, shown, "hors ligne depuis", "The station is offline since 20")
    async with server.station(f"away-{version}", version):
        await wrong(server, f"away-{version}", None)


@pytest.mark.parametrize("version", VERSIONS)
async def test_why_a_connection_ended_is_told_while_the_station_is_away(tmp_path: Path, version: str) -> None:
    """A station that waits and sends heartbeats all the time: noted at the link, and then cut off."""
    name = f"hasty-{version}"
    async with live_server(tmp_path, unknown="quarantine") as server:
        async with server.station(name, version, boots=False) as station:
            assert (await station.boot())["status"] == "Pending"
            assert (await station.call("Heartbeat"))[2] == "SecurityError"
            link = await server.link(name)
            assert link is not None
            assert link["findings"] == ["refused:SecurityError"]
            with suppress(ConnectionClosed):
                for _ in range(200):
                    await station.post("Heartbeat")
            code, why = await station.until_closed()
        await server.until_offline(name)
        shown = await server.get(f"/stations/{name}")
        said = (await doctor(server, name))[1]
        assert (code, shown["link_end"]["reason"]) == (1008, f"1008 {why}")
        assert "too many messages" in why
        assert why in said
        assert why in dict(facts(convert(shown, StationAnswer), Words("fr")))["Liaison"]
        async with server.station(name, version, boots=False):
            assert "link_end" not in await server.get(f"/stations/{name}")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("unknown", ["accept", "quarantine"])
async def test_w7_two_boxes_with_one_id_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory, version: str, unknown: str
) -> None:
    """The second is turned away: who comes from where, and that one of them needs an id of its own."""
    assert CASES["W7"]["right"] == "say so"
    async with (
        live_server(tmp_path_factory.mktemp("var"), unknown=unknown) as server,
        server.station("TWIN", version, boots=False) as first_box,
    ):
        await first_box.boot()
        raw = await server.raw()
        raw.send_upgrade("/ocpp/TWIN", sec_websocket_protocol=SUBPROTOCOLS[version])
        assert (await raw.read_head()).startswith(b"HTTP/1.1 503")
        shown = await wrong(server, "TWIN", "E_DUPLICATE_IDENTITY")
        first, second = shown["boxes"]
        assert first["turned_away"] == 0
        assert (second["address"], second["turned_away"]) == ("127.0.0.1", 1)
        told = shown["remarks"][0]
        assert "127.0.0.1" in told["text_fr"]
        assert "turned away once" in told["text_en"]
        if unknown == "quarantine":
            assert "Acme, One" in told["text_en"], "what the first box told at its boot"
        code, said = await doctor(server, "twin")
        assert code == 1
        assert "More than one box comes under this id" in said
        assert "Give each its own id" in said
        lines = blocker_lines(convert(shown, StationAnswer), Words("fr"))
        assert any("Plusieurs bornes viennent sous cet identifiant" in text for text, _, _ in lines)
        assert any("Donnez à chacune son identifiant" in how for _, how, _ in lines)
        async with server.station("TWIN-2", version, boots=False) as second_box:
            await second_box.boot()
            assert not (await wrong(server, "TWIN", None))["boxes"], "the second box has an id of its own"
