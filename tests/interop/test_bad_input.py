"""Everything that can come in wrong has one defined outcome, and costs nobody but the one who sent it.

The tables are in `bad_input`; docs/reference/bad-input.md is the same for people. A healthy station of each
version beats all the while.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from websockets.frames import Opcode

from ocppj.vocabulary import StationId
from tests.interop.bad_input import (
    FIRST_ID,
    FRAMES,
    HANDSHAKES,
    MESSAGES,
    BadFrame,
    BadHandshake,
    BadInput,
)
from tests.support.server import LiveServer
from tests.support.waiting import PATIENCE_S
from tests.support.websocket import RawStation
from tests.support.wire_station import BOOTS, SUBPROTOCOLS, VERSIONS, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAUSE_S = 0.005


class Neighbours:
    """A station of each version that sends heartbeats without end."""

    def __init__(self, stations: list[WireStation]) -> None:
        self.stations = stations
        self.epochs: list[int] = []
        self.beats = dict.fromkeys(VERSIONS, 0)
        self._beat = asyncio.Event()

    async def beat(self, station: WireStation) -> None:
        """One heartbeat after the other."""
        while True:
            assert (await station.ask("Heartbeat"))["currentTime"]
            self.beats[station.version] += 1
            self._beat.set()
            await asyncio.sleep(PAUSE_S)  # a pace, so that the one core has time for the tests

    async def until_all_beat(self) -> None:
        """Wait until each one's next two heartbeats are answered: one may have been on its way."""
        wanted = {version: count + 2 for version, count in self.beats.items()}
        async with asyncio.timeout(PATIENCE_S):
            while any(self.beats[version] < count for version, count in wanted.items()):
                self._beat.clear()
                await self._beat.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def neighbours(server: LiveServer) -> AsyncIterator[Neighbours]:
    """Connected as long as the module runs."""
    async with AsyncExitStack() as stack:
        stations = [
            await stack.enter_async_context(server.station(f"neighbour-{version}", version))
            for version in VERSIONS
        ]
        found = Neighbours(stations)
        for version in VERSIONS:
            link = await server.link(f"neighbour-{version}")
            assert link is not None
            found.epochs.append(link["epoch"])
        tasks = [asyncio.create_task(found.beat(station)) for station in stations]
        yield found
        for task in tasks:
            assert not task.done(), "a neighbour was hurt"
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def unhurt(server: LiveServer, neighbours: Neighbours) -> AsyncIterator[None]:
    """Around every test here: the neighbours keep their links and are answered."""
    yield
    await neighbours.until_all_beat()
    assert server.running.parts is not None
    links = [server.running.parts.commands.link(StationId(f"neighbour-{version}")) for version in VERSIONS]
    assert [link.epoch for link in links if link is not None] == neighbours.epochs
    assert [link.findings for link in links if link is not None] == [()] * len(VERSIONS)
    assert [line for line in server.logs if line["log_level"] in ("error", "critical")] == []


class Peer:
    """A station on a bare socket that has booted, and reads whole frames."""

    def __init__(self, raw: RawStation) -> None:
        self._raw = raw

    def write(self, data: bytes) -> None:
        """Bytes as they are."""
        self._raw.write(data)

    def leave(self) -> None:
        """Hang up."""
        self._raw.abort()

    def say(self, text: bytes) -> None:
        """One message, whatever is in it."""
        self._raw.send_frame(Opcode.TEXT, text)

    async def hear(self) -> Any:
        """The next message; a number is a close code."""
        opcode, payload = await self._raw.read_frame()
        return int.from_bytes(payload[:2]) if opcode == Opcode.CLOSE else json.loads(payload)

    async def beat(self) -> Any:
        """A good heartbeat, and what comes next."""
        self.say(b'[2,"good","Heartbeat",{}]')
        return await self.hear()


async def booted(server: LiveServer, station_id: str, version: str, **headers: str) -> Peer:
    """Connect and boot on a bare socket."""
    raw = await server.raw()
    await raw.open(f"/ocpp/{station_id}", sec_websocket_protocol=SUBPROTOCOLS[version], **headers)
    peer = Peer(raw)
    peer.say(json.dumps([2, "boot", "BootNotification", BOOTS[version]]).encode())
    assert (await peer.hear())[2]["status"] == "Accepted"
    return peer


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("bad", MESSAGES, ids=lambda bad: bad.slug)
async def test_each_bad_message_has_its_outcome(server: LiveServer, bad: BadInput, version: str) -> None:
    """RPC-01…RPC-10: the answer, or the close code, of the table; an open link goes on."""
    station_id = f"{bad.slug}-{version}"
    peer = await booted(server, station_id, version)
    peer.say(bad.text(version))
    outcome = bad.outcome(version)
    match outcome.kind:
        case "closed":
            assert await peer.hear() == int(outcome.detail)
            return
        case "silence":
            assert (await peer.beat())[:2] == [3, "good"]
        case "served":
            assert (await peer.hear())[0] == 3
        case "error" | "unread":
            frame = await peer.hear()
            assert (frame[0], frame[2]) == (4, outcome.detail)
            assert frame[1] == (FIRST_ID if outcome.kind == "error" else "-1")
            assert len(frame[3]) <= 255
            assert frame[4] == {}
    assert (await peer.beat())[:2] == [3, "good"]
    link = await server.link(station_id)
    assert link is not None
    if outcome.kind == "served":
        assert outcome.detail in link["findings"]
    else:
        assert any(each.startswith("refused:") or each == "stray-answer" for each in link["findings"])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("bad", FRAMES, ids=lambda bad: bad.slug)
async def test_each_bad_frame_ends_its_connection(server: LiveServer, bad: BadFrame, version: str) -> None:
    """WIRE-01…WIRE-04: with the close code of the table, and the link is gone."""
    station_id = f"{bad.slug}-{version}"
    extension = {"sec_websocket_extensions": "permessage-deflate"} if bad.deflates else {}
    peer = await booted(server, station_id, version, **extension)
    peer.write(bad.data)
    assert await peer.hear() == bad.code
    peer.leave()
    await server.until_offline(station_id)
    assert server.rows("SELECT reason FROM links WHERE station_id = ?", station_id)[0][0].startswith(
        str(bad.code)
    )


@pytest.mark.parametrize("bad", HANDSHAKES, ids=lambda bad: bad.slug)
async def test_each_bad_handshake_is_turned_away_and_kept(server: LiveServer, bad: BadHandshake) -> None:
    """WIRE-07, CONF-05: the status of the table, and an attempt with the reason and the first bytes."""
    raw = await server.raw()
    raw.write(bad.data)
    if bad.status:
        head = await raw.read_head()
        assert head.startswith(b"HTTP/1.1 %d " % bad.status), head
        assert b"zz" not in head
    else:
        assert await raw.read_to_end() == b""
    if bad.status == 101:
        assert b"sec-websocket-protocol" not in head.lower()
        assert await raw.read_close() == 1002
    newest = (await server.get("/connection-attempts", limit=1))[0]
    assert (newest["reason"], newest["status"]) == (bad.reason, bad.status or None)
    assert newest["first_bytes"]
    assert "Q1AxO" not in newest["first_bytes"]
