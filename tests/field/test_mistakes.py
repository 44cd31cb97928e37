"""Field case S1: a central system whose time has no zone; on a real socket."""

import asyncio
import json

import websockets

from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.lifecycle import Background
from simulator.model.station_log import LogEntry
from simulator.model.template import identify
from simulator.station.station import Station
from tests.field.cases import CASES
from tests.support.simulated import changed_template


async def test_s1_a_time_without_zone_is_named() -> None:
    """The station stays strict, and says which field is wrong and that it boots again."""
    answer = json.loads(CASES["S1"]["input"])
    said: asyncio.Queue[LogEntry] = asyncio.Queue()

    async def serve(socket: websockets.ServerConnection) -> None:
        async for text in socket:
            await socket.send(json.dumps([3, json.loads(text)[1], answer]))

    async with websockets.serve(
        serve, "127.0.0.1", 0, subprotocols=[websockets.Subprotocol("ocpp1.6")]
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        kind = changed_template("ac-16", start_s=0)
        station = Station(
            kind,
            identify(kind, chance=SystemChance(), station_id="field-s1"),
            url=f"ws://127.0.0.1:{port}/ocpp",
            clock=SystemClock(),
            chance=SystemChance(),
        )
        station.log.listen(said.put_nowait)
        async with Background("station") as tasks:
            tasks.start(station.run())
            while (entry := await said.get()).mistake is None:
                assert "Accepted" not in entry.text
            assert (entry.mistake.action, entry.mistake.path) == ("BootNotification", "$.currentTime")
            assert entry.mistake.rule == "time-without-zone"
            assert "not registered" in (await said.get()).text
