"""The conversations of six independent stations, as they were recorded, once more with the running server.

Whatever the station sent is sent; whatever the other central system asked is asked by ours, and gets the
answer that was recorded. Our answers are judged by the official schemas, what is stored by the recording.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from runtime.clock import ScaledClock
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
RECORDED = Path(__file__).parents[1] / "data" / "recorded_frames.jsonl"
DAY = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
REFUSED = {"SignCertificate": {"status": "Rejected"}}
REGISTER = "Energy.Active.Import.Register"
KILO = {"kWh": 1000.0, "kW": 1000.0}


def conversations() -> dict[str, list[dict[str, Any]]]:
    """The frames of each station, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in RECORDED.read_text().splitlines():
        record = json.loads(line)
        name = f"{record['station']}-{record['version'].removeprefix('ocpp')}"
        found.setdefault(name, []).append(record | {"frame": json.loads(record["frame"])})
    return found


CONVERSATIONS = conversations()
assert sum(map(len, CONVERSATIONS.values())) == 808, "all that was recorded is played"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server on the day of the recording."""
    async with live_server(tmp_path_factory.mktemp("var"), clock=ScaledClock(1, start=DAY)) as live:
        yield live


class Replay:
    """One conversation on its way."""

    def __init__(self, server: LiveServer, station: WireStation, name: str) -> None:
        self._server = server
        self._station = station
        self._name = name
        self.numbers: dict[int, int] = {}
        """Transaction numbers of 1.6: those of the recording, and ours."""
        self._starts: dict[str, int] = {}
        self._calls: dict[str, tuple[asyncio.Task[dict[str, Any]], list[Any]]] = {}
        self.outcomes: list[dict[str, Any]] = []

    async def run(self, records: list[dict[str, Any]]) -> None:
        """Frame after frame."""
        for record in records:
            frame = record["frame"]
            match (record["from"], frame[0]):
                case ("station", 2):
                    await self._station_asks(frame)
                case ("csms", 2):
                    await self._csms_asks(frame)
                case ("station", 3 | 4):
                    await self._station_answers(frame)
                case ("csms", 3) if frame[1] in self._starts:
                    self.numbers[frame[2]["transactionId"]] = self._starts.pop(frame[1])
                case ("csms", 3):
                    pass  # our own answer has been judged
        assert self._calls == {}, "a command without an answer"

    async def _station_asks(self, frame: list[Any]) -> None:
        _, message_id, action, payload = frame
        answer = await self._station.call(action, self._ours(payload), message_id=message_id)
        if action in REFUSED:
            assert answer[2].items() >= REFUSED[action].items()
            return
        assert answer[0] == 3, (frame, answer)
        if action == "StartTransaction":
            self._starts[message_id] = answer[2]["transactionId"]
        if action == "BootNotification":
            assert answer[2]["status"] == "Accepted"

    async def _csms_asks(self, frame: list[Any]) -> None:
        _, message_id, action, payload = frame
        count = len([each for each in self._station.asked if each[2] == action])
        self._station.answers[action] = None
        task = asyncio.create_task(self._server.call(self._name, action, self._ours(payload)))
        self._calls[message_id] = (task, await self._station.until_asked(action, count + 1))

    async def _station_answers(self, frame: list[Any]) -> None:
        task, asked = self._calls.pop(frame[1])
        await self._station.send([frame[0], asked[1], *frame[2:]])
        outcome = await task
        self.outcomes.append(outcome)
        if frame[0] == 3:
            assert (outcome["outcome"], outcome["payload"]) == ("result", frame[2])
        else:
            assert (outcome["outcome"], outcome["error_code"]) == ("error", frame[2])

    def _ours(self, payload: dict[str, Any]) -> dict[str, Any]:
        number = payload.get("transactionId")
        return (
            payload | {"transactionId": self.numbers.get(number, number)}
            if isinstance(number, int)
            else payload
        )


def station_calls(name: str, *actions: str) -> Iterator[dict[str, Any]]:
    """What a recorded station sent of these actions."""
    for record in CONVERSATIONS[name]:
        frame = record["frame"]
        if record["from"] == "station" and frame[0] == 2 and frame[2] in actions:
            yield frame[3]


def recorded_samples(values: list[dict[str, Any]]) -> list[float]:
    """The values of a list of meter values, in base units, as the recording has them."""
    found = []
    for value in values:
        for sample in value["sampledValue"]:
            unit = sample.get("unit") or sample.get("unitOfMeasure", {}).get("unit", "Wh")
            found.append(float(sample["value"]) * KILO.get(unit, 1.0))
    return found


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_each_recorded_conversation_gets_valid_answers(server: LiveServer, name: str) -> None:
    """All 808 frames: answers by the schemas, commands answered as recorded, and the right rows stored."""
    records = CONVERSATIONS[name]
    version = name.rsplit("-", 1)[1]
    async with server.station(name, version, boots=False) as station:
        replay = Replay(server, station, name)
        await replay.run(records)
        link = await server.link(name)
        assert link is not None
        assert not [each for each in link["findings"] if each.startswith("refused")]
    if version == "1.6":
        await check_numbered(server, name, replay.numbers)
    else:
        await check_reported(server, name)
    await check_connectors(server, name)


async def check_numbered(server: LiveServer, name: str, numbers: dict[int, int]) -> None:
    """1.6: each start and stop of the recording is stored with its meter, its end and its samples."""
    stops = {each["transactionId"]: each for each in station_calls(name, "StopTransaction")}
    starts = list(station_calls(name, "StartTransaction"))
    assert len(set(numbers.values())) == len(numbers) == len(starts)
    query = "SELECT meter_start_wh, meter_stop_wh, ended_at IS NOT NULL, stopped_reason, id_token"
    where = "FROM transactions WHERE station_id = ? AND transaction_id = ?"
    for (theirs, ours), start in zip(numbers.items(), starts, strict=True):
        ((meter_start, meter_stop, is_ended, reason, token),) = server.rows(
            f"{query} {where}", name.lower(), str(ours)
        )
        assert (meter_start, token) == (float(start["meterStart"]), start["idTag"])
        stop = stops.get(theirs)
        assert bool(is_ended) == (stop is not None)
        if stop is not None:
            assert meter_stop == float(stop["meterStop"])
            assert reason == stop.get("reason", "Local")
    expected = [
        value for each in station_calls(name, "MeterValues") for value in recorded_samples(each["meterValue"])
    ] + [value for each in stops.values() for value in recorded_samples(each.get("transactionData", []))]
    assert await samples(server, name) == sorted(expected)


async def check_reported(server: LiveServer, name: str) -> None:
    """2.0.1: each transaction has its events' ends, numbers and samples."""
    events = sorted(
        station_calls(name, "TransactionEvent"), key=lambda each: each["transactionInfo"]["transactionId"]
    )
    for transaction_id, group in groupby(events, key=lambda each: each["transactionInfo"]["transactionId"]):
        told = list(group)
        stored = await server.get(f"/transactions/{transaction_id}", station=name)
        assert stored["is_open"] == all(each["eventType"] != "Ended" for each in told)
        assert len(stored["samples"]) == sum(
            len(value["sampledValue"]) for each in told for value in each.get("meterValue", [])
        )
        ends = [each["transactionInfo"].get("stoppedReason") for each in told if each["eventType"] == "Ended"]
        assert ends in ([], [stored["stopped_reason"]]) or ends == [None]
    expected = [value for each in events for value in recorded_samples(each.get("meterValue", []))]
    assert await samples(server, name) == sorted(expected)


async def samples(server: LiveServer, name: str) -> list[float]:
    """All values stored of a station."""
    return sorted(
        row[0] for row in server.rows("SELECT value FROM meter_samples WHERE station_id = ?", name.lower())
    )


async def check_connectors(server: LiveServer, name: str) -> None:
    """The last status of each connector is what the station said last."""
    last: dict[tuple[int, int], str] = {}
    for each in station_calls(name, "StatusNotification"):
        if "evseId" in each:
            last[each["evseId"], each["connectorId"]] = each["connectorStatus"]
        else:
            last[each["connectorId"], min(each["connectorId"], 1)] = each["status"]
    shown = await server.get(f"/stations/{name}/connectors")
    assert {(each["evse_id"], each["connector_id"]): each["reported"] for each in shown} == last
