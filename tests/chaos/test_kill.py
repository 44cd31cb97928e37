"""Many times kill -9 under transaction load: what was acknowledged is stored, and stored once."""

import asyncio
import contextlib
import itertools
import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import websockets

from tests.support.postgres import PostgresServer
from tests.support.process import ServerProcess
from tests.support.waiting import PATIENCE_S, patient_http

STATIONS = 24
FIRST = datetime(2026, 5, 1, tzinfo=UTC)


class Station16:
    """A 1.6 station that charges without a pause, and sends again what was not answered."""

    subprotocol = "ocpp1.6"

    def __init__(self, number: int) -> None:
        self.station_id = f"kill-{number:03d}"
        self.acknowledged: list[tuple[str, int, int]] = []
        """(action, transaction id, meter reading) of each answered message."""
        self._numbers = itertools.count(1)
        self._script = self._charge()
        self._open: tuple[str, str, dict[str, Any]] | None = None
        self._transaction_id = 0

    def next_call(self) -> tuple[str, str, dict[str, Any]]:
        """The message that was not answered yet, else the next one."""
        if self._open is None:
            self._open = next(self._script)
        return self._open

    def answered(self, payload: dict[str, Any]) -> None:
        """The answer to `next_call` arrived."""
        assert self._open is not None
        _, action, request = self._open
        if action == "StartTransaction":
            self._transaction_id = payload["transactionId"]
        reading = request.get("meterStart", request.get("meterStop"))
        if reading is None:
            reading = int(request["meterValue"][0]["sampledValue"][0]["value"])
        self.acknowledged.append((action, self._transaction_id, reading))
        self._open = None

    def _charge(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        meter = 0
        while True:
            start = {"connectorId": 1, "idTag": "TAG", "meterStart": meter, "timestamp": _stamp(meter)}
            yield self._message("StartTransaction", start)
            for _ in range(3):
                meter += 7
                sample = {"timestamp": _stamp(meter), "sampledValue": [{"value": str(meter)}]}
                values = {"connectorId": 1, "transactionId": self._transaction_id, "meterValue": [sample]}
                yield self._message("MeterValues", values)
            meter += 7
            stop = {"transactionId": self._transaction_id, "meterStop": meter, "timestamp": _stamp(meter)}
            yield self._message("StopTransaction", stop)
            meter += 7

    def _message(self, action: str, payload: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        return f"{self.station_id}-{next(self._numbers)}", action, payload


def _stamp(meter: int) -> str:
    """A time of its own for each reading: a station's clock goes on."""
    return (FIRST + timedelta(seconds=meter)).isoformat()


async def _charge_until_cut(server: ServerProcess, station: Station16, tally: asyncio.Semaphore) -> None:
    """Boot, then charge until the socket is lost; each answer releases `tally`."""
    url = f"{server.ocpp_url}/{station.station_id}"
    with contextlib.suppress(OSError, websockets.WebSocketException):
        async with websockets.connect(url, subprotocols=[websockets.Subprotocol("ocpp1.6")]) as ws:
            boot = {"chargePointVendor": "Chaos", "chargePointModel": "Kill"}
            await ws.send(json.dumps([2, "boot", "BootNotification", boot]))
            await ws.recv()
            while True:
                message_id, action, payload = station.next_call()
                await ws.send(json.dumps([2, message_id, action, payload]))
                answer = json.loads(await ws.recv())
                assert answer[:2] == [3, message_id], answer
                station.answered(answer[2])
                tally.release()


HOW_LONG_S = 3600
"""A server starts eleven times: beside twenty busy programs on two cores that took more than four minutes."""

Rows = Callable[[str, tuple[str, ...]], list[tuple[Any, ...]]]
"""Reads the database past the server, by a query with a question mark for each value."""


@pytest.mark.timeout(HOW_LONG_S)
async def test_acknowledged_messages_survive_ten_kills_and_are_stored_once(tmp_path: Path) -> None:
    """Durable before the answer; a message sent again after the restart is the same message."""
    server = ServerProcess(tmp_path / "var", "--unknown", "accept", "--log-level", "warning")
    acknowledged = await _charge_and_kill(server, 10)
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "borne.db")) as database:
        _assert_stored_once(lambda query, values: database.execute(query, values).fetchall(), acknowledged)


@pytest.mark.timeout(HOW_LONG_S)
async def test_the_same_on_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    """The server's database is elsewhere; what a killed process had begun there is not half done."""
    with postgres.database() as url:
        quiet = ("--unknown", "accept", "--log-level", "warning")
        server = ServerProcess(tmp_path / "var", *quiet, env={"BORNE_DATABASE_URL": url})
        acknowledged = await _charge_and_kill(server, 3)
        with psycopg.connect(url) as database:

            def rows(query: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
                return database.execute(query.replace("?", "%s").encode(), values).fetchall()

            _assert_stored_once(rows, acknowledged)
    assert not (tmp_path / "var" / "borne.db").exists()


async def _charge_and_kill(server: ServerProcess, kills: int) -> dict[str, list[tuple[str, int, int]]]:
    """What was acknowledged to each station meanwhile."""
    chance = random.Random(20260501)
    stations = [Station16(number) for number in range(STATIONS)]
    async with server:
        for kill in range(kills):
            tally = asyncio.Semaphore(0)
            async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE_S):
                for station in stations:
                    group.create_task(_charge_until_cut(server, station, tally))
                for _ in range(chance.randint(200, 600)):
                    await tally.acquire()
                await server.kill()
            if kill < kills - 1:
                await server.start()
    acknowledged = {station.station_id: station.acknowledged for station in stations}
    assert sum(map(len, acknowledged.values())) >= 200 * kills
    return acknowledged


def _assert_stored_once(stored_rows: Rows, acknowledged: dict[str, list[tuple[str, int, int]]]) -> None:
    for station_id, messages in acknowledged.items():
        starts = [m for m in messages if m[0] == "StartTransaction"]
        rows = stored_rows(
            "SELECT transaction_id, meter_start_wh, meter_stop_wh FROM transactions WHERE station_id = ?",
            (station_id,),
        )
        assert len(rows) == len({row[1] for row in rows}), f"a start of {station_id} is stored twice"
        stored = {int(row[0]): row for row in rows}
        for _, transaction_id, meter in starts:
            assert stored[transaction_id][1] == meter
        for action, transaction_id, meter in messages:
            if action == "StopTransaction":
                assert stored[transaction_id][2] == meter
        samples = stored_rows(
            "SELECT value FROM meter_samples WHERE station_id = ? AND measurand = ?",
            (station_id, "Energy.Active.Import.Register"),
        )
        readings = [int(row[0]) for row in samples]
        for action, _, meter in messages:
            if action == "MeterValues":
                assert readings.count(meter) == 1, f"sample {meter} of {station_id}: {readings.count(meter)}"


async def test_station_that_never_boots_again_still_gets_its_commands(tmp_path: Path) -> None:
    """After kill -9 a station may just reconnect: its accepted registration is restored."""
    server = ServerProcess(tmp_path / "var", "--unknown", "accept", "--log-level", "warning")
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
