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

from tests.interop.bad_input import ALL, FIRST_ID, BadInput
from tests.support.server import LiveServer
from tests.support.websocket import RawStation
from tests.support.wire_station import BOOTS, SUBPROTOCOLS, VERSIONS, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAUSE_S = 0.005


class Neighbours:
    """A station of each version that sends heartbeats without end."""

    def __init__(self, stations: list[WireStation]) -> None:
        self.stations = stations
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
        async with asyncio.timeout(10):
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
        tasks = [asyncio.create_task(found.beat(station)) for station in stations]
        yield found
        for task in tasks:
            assert not task.done(), "a neighbour was hurt"
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def unhurt(server: LiveServer, neighbours: Neighbours) -> AsyncIterator[None]:
    """Around every test here: the neighbours keep their links and are answered."""
    before = [await server.link(f"neighbour-{version}") for version in VERSIONS]
    yield
    await neighbours.until_all_beat()
    after = [await server.link(f"neighbour-{version}") for version in VERSIONS]
    for old, new in zip(before, after, strict=True):
        assert old is not None
        assert new is not None
        assert (new["epoch"], new["findings"]) == (old["epoch"], [])


class Peer:
    """A station on a bare socket that has booted, and reads whole frames."""

    def __init__(self, raw: RawStation) -> None:
        self._raw = raw

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


async def booted(server: LiveServer, station_id: str, version: str) -> Peer:
    """Connect and boot on a bare socket."""
    raw = await server.raw()
    await raw.open(f"/ocpp/{station_id}", sec_websocket_protocol=SUBPROTOCOLS[version])
    peer = Peer(raw)
    peer.say(json.dumps([2, "boot", "BootNotification", BOOTS[version]]).encode())
    assert (await peer.hear())[2]["status"] == "Accepted"
    return peer


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("bad", ALL, ids=lambda bad: bad.slug)
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
