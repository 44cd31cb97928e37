"""Many times kill -9 under transaction load: what was acknowledged is stored, and stored once."""

import asyncio
import contextlib
import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
import websockets

from tests.support.charging_station import Station16, assert_stored_once, charge_until_cut
from tests.support.forked import ForkedServer
from tests.support.postgres import PostgresServer
from tests.support.waiting import PATIENCE_S, patient_http

STATIONS = 24


HOW_LONG_S = 3600
"""A server starts eleven times: beside twenty busy programs on two cores that took more than four minutes."""


@pytest.mark.timeout(HOW_LONG_S)
async def test_acknowledged_messages_survive_ten_kills_and_are_stored_once(tmp_path: Path) -> None:
    """Durable before the answer; a message sent again after the restart is the same message."""
    server = ForkedServer(tmp_path / "var", "--unknown", "accept", "--log-level", "warning")
    acknowledged = await _charge_and_kill(server, 10)
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "borne.db")) as database:
        assert_stored_once(lambda query, values: database.execute(query, values).fetchall(), acknowledged)


@pytest.mark.timeout(HOW_LONG_S)
async def test_the_same_on_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    """The server's database is elsewhere; what a killed process had begun there is not half done."""
    with postgres.database() as url:
        quiet = ("--unknown", "accept", "--log-level", "warning")
        server = ForkedServer(tmp_path / "var", *quiet, env={"BORNE_DATABASE_URL": url})
        acknowledged = await _charge_and_kill(server, 3)
        with psycopg.connect(url) as database:

            def rows(query: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
                return database.execute(query.replace("?", "%s").encode(), values).fetchall()

            assert_stored_once(rows, acknowledged)
    assert not (tmp_path / "var" / "borne.db").exists()


async def _charge_and_kill(server: ForkedServer, kills: int) -> dict[str, list[tuple[str, int, int]]]:
    """What was acknowledged to each station meanwhile."""
    chance = random.Random(20260501)
    stations = [Station16(number) for number in range(STATIONS)]
    async with server:
        for kill in range(kills):
            tally = asyncio.Semaphore(0)
            async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE_S):
                for station in stations:
                    group.create_task(charge_until_cut(server.ocpp_url, station, tally))
                for _ in range(chance.randint(200, 600)):
                    await tally.acquire()
                await server.kill()
            if kill < kills - 1:
                await server.start()
    acknowledged = {station.station_id: station.acknowledged for station in stations}
    assert sum(map(len, acknowledged.values())) >= 200 * kills
    return acknowledged


async def test_station_that_never_boots_again_still_gets_its_commands(tmp_path: Path) -> None:
    """After kill -9 a station may just reconnect: its accepted registration is restored."""
    server = ForkedServer(tmp_path / "var", "--unknown", "accept", "--log-level", "warning")
    subprotocols = [websockets.Subprotocol("ocpp1.6")]
    async with server, asyncio.timeout(PATIENCE_S):
        async with websockets.connect(f"{server.ocpp_url}/quiet", subprotocols=subprotocols) as ws:
            boot = {"chargePointVendor": "Chaos", "chargePointModel": "Quiet"}
            await ws.send(json.dumps([2, "1", "BootNotification", boot]))
            assert json.loads(await ws.recv())[2]["status"] == "Accepted"
            await server.kill()
        await server.start()
        async with (
            websockets.connect(f"{server.ocpp_url}/quiet", subprotocols=subprotocols) as ws,
            patient_http(
                base_url=server.http_url, headers={"Authorization": f"Bearer {server.token}"}
            ) as api,
            asyncio.TaskGroup() as group,
        ):
            answering = group.create_task(_answer_one(ws))
            outcome = await api.post(
                "/api/v1/stations/quiet/calls",
                json={"action": "GetConfiguration", "payload": {}, "timeout_s": 20},
                timeout=PATIENCE_S,
            )
            assert outcome.json()["outcome"] == "result", outcome.text
            assert (await answering)[2] == "GetConfiguration"


async def _answer_one(ws: websockets.ClientConnection) -> list[Any]:
    call: list[Any] = json.loads(await ws.recv())
    await ws.send(json.dumps([3, call[1], {"configurationKey": []}]))
    return call
