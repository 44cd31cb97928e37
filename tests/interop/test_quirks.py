"""Raw-socket stations that play what real ones get wrong: each is served, and what it did stands at its link.

The numbers are those of the quirk list that the simulator plays from.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from websockets.frames import Opcode

from runtime.clock import ManualClock
from tests.support.server import LiveServer, live_server
from tests.support.websocket import RawStation
from tests.support.wire_station import BOOTS, SUBPROTOCOLS, VERSIONS, basic

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-01-05T12:00:00"
REGISTER = "Energy.Active.Import.Register"


async def say(raw: RawStation, action: str, payload: Any, message_id: str = "1") -> Any:
    """A CALL on a bare socket, and the frame that answers it."""
    raw.send_frame(Opcode.TEXT, json.dumps([2, message_id, action, payload]).encode())
    opcode, answer = await raw.read_frame()
    assert opcode == Opcode.TEXT, (opcode, answer)
    return json.loads(answer)


async def opened(server: LiveServer, target: str, version: str = "1.6", **headers: str | None) -> RawStation:
    """An upgrade on a bare socket, with headers of one's own."""
    raw = await server.raw()
    await raw.open(target, **({"sec_websocket_protocol": SUBPROTOCOLS[version]} | headers))
    return raw


async def findings(server: LiveServer, station_id: str) -> list[str]:
    """What stands at the link."""
    link = await server.link(station_id)
    assert link is not None
    return list(link["findings"])


@pytest.mark.parametrize(
    ("quirk", "target", "headers", "finding"),
    [
        (1, "/ocpp/q1", {"sec_websocket_protocol": None}, "subprotocol_missing"),
        (3, "/ocpp/q3", {"connection": None}, "connection_header_missing"),
        ("-host", "/ocpp/q-host", {"host": None}, "host_header_missing"),
        (4, "http://csms.example:9000/ocpp/q4", {}, "absolute_form"),
        (5, "///ocpp//q5", {}, "repeated_slashes"),
    ],
)
async def test_a_clumsy_handshake_comes_in(
    server: LiveServer, quirk: int | str, target: str, headers: dict[str, str | None], finding: str
) -> None:
    """Quirks 1, 3, 4, 5: it boots and beats like any other; the oddity is noted, no attempt is recorded."""
    raw = await opened(server, target, "1.6", **headers)
    assert (await say(raw, "BootNotification", BOOTS["1.6"]))[2]["status"] == "Accepted"
    assert (await say(raw, "Heartbeat", {}, "2"))[2]["currentTime"]
    assert await findings(server, f"q{quirk}") == [finding]
    assert await server.attempts(f"q{quirk}") == []


@pytest.mark.parametrize("username", ["%41%42-7", "AB-7", "ab-7"])
async def test_quirk_7_encoded_identity_and_raw_username(server: LiveServer, username: str) -> None:
    """Percent-encoded in the URL, and encoded or not in Basic auth: decoded once, one station."""
    authorization = basic(username, "whatever")["Authorization"]
    raw = await opened(server, "/ocpp/%41%42-7", authorization=authorization)
    assert (await say(raw, "BootNotification", BOOTS["1.6"]))[2]["status"] == "Accepted"
    assert (await server.get("/stations/ab-7"))["is_online"]
    raw.abort()
    await server.until_offline("ab-7")


SECRET = b"0123456789abcdef"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def guarded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server that knows the secrets of some stations."""
    secrets = {f"twice-{version}": SECRET for version in VERSIONS}
    async with live_server(tmp_path_factory.mktemp("guarded"), secrets=secrets) as live:
        yield live


@pytest.mark.parametrize("version", VERSIONS)
async def test_quirk_20_new_socket_before_the_old_one_is_closed(guarded: LiveServer, version: str) -> None:
    """The station that proves itself takes over at once; the close of its old socket changes nothing."""
    station_id = f"twice-{version}"
    headers = basic(station_id, SECRET)
    async with guarded.station(station_id, version, additional_headers=headers) as old:
        first = await guarded.link(station_id)
        command = asyncio.create_task(guarded.call(station_id, "ClearCache", {}))
        old.answers["ClearCache"] = None
        await old.until_asked("ClearCache")
        async with guarded.station(station_id, version, additional_headers=headers) as new:
            assert (await old.until_closed())[0] == 4000
            assert (await command)["outcome"] == "replaced"
            assert (await new.ask("Heartbeat"))["currentTime"]
            second = await guarded.link(station_id)
            assert first is not None
            assert second is not None
            assert second["epoch"] > first["epoch"]
            assert second["security"] == "basic_auth"
    await guarded.until_offline(station_id)


@pytest.mark.parametrize("version", VERSIONS)
async def test_quirk_20_a_stranger_does_not_take_over(server: LiveServer, version: str) -> None:
    """SEC-02: without credentials the newcomer waits outside while the incumbent shows life."""
    station_id = f"incumbent-{version}"
    async with server.station(station_id, version) as incumbent:
        raw = await server.raw()
        raw.send_upgrade(f"/ocpp/{station_id}", sec_websocket_protocol=SUBPROTOCOLS[version])
        head = await raw.read_head()
        assert head.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: " in head
        assert (await incumbent.ask("Heartbeat"))["currentTime"]
        assert (await server.attempts(station_id))[0]["cause"] == "incumbent_alive"


async def test_quirk_1_its_last_version_is_known_over_a_restart(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A 2.0.1 station that forgets the header is spoken to in 2.0.1, by the next server process too."""
    folder = tmp_path_factory.mktemp("restart")
    async with live_server(folder) as server, server.station("forgetful", "2.0.1"):
        pass
    async with live_server(folder) as server:
        raw = await opened(server, "/ocpp/forgetful", sec_websocket_protocol=None)
        assert (await say(raw, "BootNotification", BOOTS["2.0.1"]))[2]["status"] == "Accepted"
        link = await server.link("forgetful")
        assert link is not None
        assert (link["version"], link["findings"]) == ("2.0.1", ["subprotocol_missing"])


@pytest.mark.parametrize("version", VERSIONS)
async def test_quirk_21_reconnect_without_a_boot(server: LiveServer, version: str) -> None:
    """Its registration is restored with its first word, and commands reach it."""
    station_id = f"returning-{version}"
    async with server.station(station_id, version):
        pass
    await server.until_offline(station_id)
    async with server.station(
        station_id, version, boots=False, answers={"ClearCache": {"status": "Accepted"}}
    ) as back:
        assert (await back.ask("Heartbeat"))["currentTime"]
        assert (await server.call(station_id, "ClearCache", {}))["outcome"] == "result"
        assert [frame[2] for frame in back.asked] == ["ClearCache"]


async def test_quirk_55_times_without_a_zone(server: LiveServer) -> None:
    """Growatt THOR: read as UTC, stored, answered, noted."""
    raw = await opened(server, "/ocpp/q55")
    await say(raw, "BootNotification", BOOTS["1.6"])
    start = {"connectorId": 1, "idTag": "A", "meterStart": 5, "timestamp": AT}
    number = (await say(raw, "StartTransaction", start))[2]["transactionId"]
    values = {
        "connectorId": 1,
        "transactionId": number,
        "meterValue": [{"timestamp": f"{AT}.5", "sampledValue": [{"value": "7"}]}],
    }
    assert (await say(raw, "MeterValues", values, "2"))[0] == 3
    stored = await server.get(f"/transactions/{number}", station="q55")
    assert stored["started_at"] == f"{AT}Z"
    assert [each["at"] for each in stored["samples"]] == [f"{AT}.500000Z"]
    assert await findings(server, "q55") == ["time-without-zone"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_quirk_64_numbers_where_text_belongs(server: LiveServer, version: str) -> None:
    """Readings, tokens and ids as numbers: read as their text."""
    station_id = f"q64-{version}"
    raw = await opened(server, f"/ocpp/{station_id}", version)
    await say(raw, "BootNotification", BOOTS[version])
    time = f"{AT}Z"
    if version == "1.6":
        start = {"connectorId": 1, "idTag": 4711, "meterStart": 0, "timestamp": time}
        number = (await say(raw, "StartTransaction", start))[2]["transactionId"]
        sample = {"timestamp": time, "sampledValue": [{"value": 12.5}]}
        frame = await say(
            raw, "MeterValues", {"connectorId": 1, "transactionId": number, "meterValue": [sample]}, "2"
        )
    else:
        number = f"t-{station_id}"
        frame = await say(
            raw,
            "TransactionEvent",
            {
                "eventType": "Started",
                "timestamp": time,
                "triggerReason": "Authorized",
                "seqNo": 0,
                "transactionInfo": {"transactionId": number},
                "idToken": {"idToken": 4711, "type": "ISO14443"},
                "meterValue": [{"timestamp": time, "sampledValue": [{"value": 12.5}]}],
            },
        )
    assert frame[0] == 3
    stored = await server.get(f"/transactions/{number}", station=station_id)
    assert stored["id_token"]["value"] == "4711"
    assert [each["value"] for each in stored["samples"]] == [12.5]
    assert await findings(server, station_id) == ["number-for-string"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_quirk_67_serial_numbers_longer_than_the_schema(server: LiveServer, version: str) -> None:
    """EVlink: kept whole, shown whole; the boot is answered (quirk 25: a boot is never refused)."""
    station_id, serial = f"q67-{version}", "S" * 300
    raw = await opened(server, f"/ocpp/{station_id}", version)
    boot: dict[str, Any] = json.loads(json.dumps(BOOTS[version]))
    if version == "1.6":
        boot["chargePointSerialNumber"] = serial
    else:
        boot["chargingStation"]["serialNumber"] = serial
    assert (await say(raw, "BootNotification", boot))[2]["status"] == "Accepted"
    assert (await server.get(f"/stations/{station_id}"))["serial_number"] == serial
    assert await findings(server, station_id) == ["too-long"]


async def test_quirk_16_no_pong_is_no_death(tmp_path_factory: pytest.TempPathFactory) -> None:
    """REL-03: a station that never answers a ping but speaks stays, and is noted; a silent one is closed."""
    clock, folder = ManualClock(), tmp_path_factory.mktemp("pings")
    async with live_server(folder, clock=clock, ping_interval_s=5, silent_after_s=30) as server:
        talker, silent = await opened(server, "/ocpp/talker"), await opened(server, "/ocpp/silent")
        for raw in (talker, silent):
            assert (await say(raw, "BootNotification", BOOTS["1.6"]))[2]["status"] == "Accepted"
        for number in range(8):
            await clock.advance(5)
            assert (await say(talker, "Heartbeat", {}, f"h{number}"))[0] == 3
        assert "pings_unanswered" in await findings(server, "talker")
        await server.until_offline("silent")
        (reason,) = server.rows("SELECT reason FROM links WHERE station_id = 'silent'")[0]
        assert "silent for 30 s" in reason
