"""A 1.6 station that charges without a pause, and whether all that was acknowledged to it is stored, once."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import websockets

FIRST = datetime(2026, 5, 1, tzinfo=UTC)
SUBPROTOCOLS = [websockets.Subprotocol("ocpp1.6")]
BOOT = {"chargePointVendor": "Chaos", "chargePointModel": "Kill"}

Rows = Callable[[str, tuple[str, ...]], list[tuple[Any, ...]]]
"""Reads the database past the server, by a query with a question mark for each value."""


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


async def charge_until_cut(ocpp_url: str, station: Station16, tally: asyncio.Semaphore) -> None:
    """Boot, then charge until the socket is lost; each answer releases `tally`."""
    with contextlib.suppress(OSError, websockets.WebSocketException):
        async with connection(ocpp_url, station) as ws:
            await boot(ws)
            while True:
                await charge(ws, station)
                tally.release()


def connection(ocpp_url: str, station: Station16) -> websockets.connect:
    """A connection of it."""
    return websockets.connect(f"{ocpp_url}/{station.station_id}", subprotocols=SUBPROTOCOLS, proxy=None)


async def boot(ws: websockets.ClientConnection) -> None:
    """Present itself."""
    await ws.send(json.dumps([2, "boot", "BootNotification", BOOT]))
    assert json.loads(await ws.recv())[2]["status"] == "Accepted"


async def post(ws: websockets.ClientConnection, station: Station16) -> str:
    """Send the next message, or again what was not answered; its id."""
    message_id, action, payload = station.next_call()
    await ws.send(json.dumps([2, message_id, action, payload]))
    return message_id


async def charge(ws: websockets.ClientConnection, station: Station16) -> None:
    """The next message, and its answer."""
    message_id = await post(ws, station)
    answer = json.loads(await ws.recv())
    assert answer[:2] == [3, message_id], answer
    station.answered(answer[2])


def assert_stored_once(stored_rows: Rows, acknowledged: dict[str, list[tuple[str, int, int]]]) -> None:
    """Each start under its number with its reading, each end, each sample; nothing of it twice."""
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
