"""The whole server with `--mqtt`: events reach the topics, and a broker that is down holds nobody up."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from pydantic import SecretStr

from tests.support.broker import Broker, needs_broker
from tests.support.server import live_server
from tests.support.waiting import PATIENCE_S
from tests.support.wire_station import WireStation

TOPIC = "borne/v1/stations/mqtt-16/events/"


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker that does not run yet."""
    made = Broker(tmp_path)
    yield made
    await made.stop()


async def charge(station: WireStation, hour: int) -> None:
    """A charge of one kilowatt-hour, each message answered."""
    start = {"connectorId": 1, "idTag": "TAG", "meterStart": 100, "timestamp": f"2026-05-01T{hour:02}:00:00Z"}
    answer = await station.ask("StartTransaction", start)
    stop = {"transactionId": answer["transactionId"], "meterStop": 1100}
    await station.ask("StopTransaction", {**stop, "timestamp": f"2026-05-01T{hour:02}:30:00Z"})


async def events_until(consumer: aiomqtt.Client, event: str, count: int) -> list[dict[str, Any]]:
    """The documents that come, up to the `count`-th of one event; each under its own topic."""
    seen: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE_S):
        async for message in consumer.messages:
            assert isinstance(message.payload, bytes)
            document = json.loads(message.payload)
            assert str(message.topic) == TOPIC + document["event"]
            seen.append(document)
            if [each["event"] for each in seen].count(event) == count:
                break
    return seen


@needs_broker
async def test_how_far_a_station_is_reaches_the_broker(broker: Broker, tmp_path: Path) -> None:
    """Provisioning's news go the same way as those of the central system."""
    await broker.start()
    async with live_server(tmp_path / "var", unknown="quarantine", mqtt=SecretStr(broker.url)) as live:
        line = {"identity": "mqtt-16", "claim_code": "ABCD-2345-EFGH"}
        async with aiomqtt.Client("127.0.0.1", broker.port) as consumer:
            await consumer.subscribe("borne/#", qos=1)
            response = await live.api.post("/orders", json={"reference": "M-1", "lines": [line]})
            assert response.is_success, response.text
            seen = await events_until(consumer, "station.lifecycle", 1)
    assert seen[-1]["payload"]["lifecycle"] == "ordered"


@needs_broker
async def test_events_reach_the_broker_and_none_is_lost_while_it_is_down(
    broker: Broker, tmp_path: Path
) -> None:
    """OCPP answers go on without a broker; what happened meanwhile arrives after its return, in order."""
    folder = tmp_path / "var"
    async with live_server(folder, mqtt=SecretStr(broker.url)) as live, live.station("mqtt-16") as station:
        await live.add_token("TAG")
        await charge(station, 8)
        await broker.start()
        async with aiomqtt.Client("127.0.0.1", broker.port) as consumer:
            await consumer.subscribe("borne/#", qos=1)
            seen = await events_until(consumer, "transaction.ended", 1)
            names = [each["event"] for each in seen]
            assert names.index("link.connected") < names.index("station.booted")
            assert names.index("transaction.started") < names.index("transaction.ended")
            assert seen[-1]["payload"]["energy_wh"] == 1000
            assert seen[-1]["station_id"] == "mqtt-16"
        await broker.stop()
        for hour in (9, 10, 11):
            await charge(station, hour)
        waiting = live.rows("SELECT COUNT(*) FROM outbox")[0][0]
        assert waiting >= 6
    async with live_server(folder, mqtt=SecretStr(broker.url)) as live:  # they outlive the process too
        await broker.start()
        async with aiomqtt.Client("127.0.0.1", broker.port) as consumer:
            await consumer.subscribe("borne/#", qos=1)
            seen = await events_until(consumer, "transaction.ended", 3)
    numbers = [each["payload"]["transaction_id"] for each in seen if each["event"] == "transaction.ended"]
    assert numbers == sorted(set(numbers), key=int)


async def test_a_broker_that_was_never_there_costs_no_answer(broker: Broker, tmp_path: Path) -> None:
    """The broker is never in the path of an OCPP answer; the server is ready all the same."""
    async with live_server(tmp_path / "var", mqtt=SecretStr(broker.url)) as live:
        async with live.station("mqtt-16") as station:
            await live.add_token("TAG")
            await charge(station, 8)
        await live.get("/stations")
        assert "p@ss" not in repr(live.logs)
        assert "p%40ss" not in repr(live.logs)
