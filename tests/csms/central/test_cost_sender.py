"""Costs for displays of 1.6 stations: who is shown what, and who nothing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from csms.central.cost_sender import LOOK_AGAIN_S, CostSender, cost_shown
from csms.domain.station_events import StationEvent
from ocppj.model.data_transfer import FinalCost, RunningCost, TransferData, cost_message
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ChargingState
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.events import EventBus
from tests.csms.rules.test_explained import BY_ENERGY, START, row
from tests.field.test_energy import start16, stop16
from tests.field.test_prices import sold_at
from tests.support.inbound import CP1, NOON
from tests.support.server import LiveServer, server
from tests.support.tables import open_tables
from tests.support.waiting import until
from tests.support.wire_station import WireStation

__all__ = ["server"]
OPEN: dict[str, Any] = {"ended_at": None, "charging_state": ChargingState.CHARGING}


@pytest.mark.parametrize(
    ("changes", "is_end", "shown"),
    [
        (OPEN, False, (2.3, "Charging")),
        (OPEN | {"charging_state": ChargingState.SUSPENDED_EV}, False, (2.3, "Idle")),
        (OPEN | {"charging_state": None}, False, (2.3, "Charging")),
        ({"cost_micro": 1_000_000}, True, (1.0, None)),
        ({"cost_micro": 0}, True, (0.0, None)),
        ({"cost_micro": None}, True, None),
        (OPEN | {"review": "held"}, False, None),
        ({"cost_micro": 1_000_000, "review": "held"}, True, None),
        (OPEN | {"transaction_id": "orphan-1"}, False, None),
        (OPEN | {"tariff": None}, False, None),
    ],
)
def test_what_is_shown(changes: dict[str, Any], *, is_end: bool, shown: Any) -> None:
    """So far, or in all; nothing without a price, and nothing that waits for a person."""
    message = cost_shown(replace(row(BY_ENERGY), **changes), is_end=is_end)
    match message:
        case RunningCost():
            assert (message.cost, message.state) == shown
            assert (message.transaction_id, message.meter_value) == (1, 7000)
            assert message.timestamp == f"{START + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}.000Z"
        case FinalCost():
            assert (message.cost, None) == shown
        case None:
            assert shown is None


KEY = {"key": "CustomDisplayCostAndPrice", "readonly": True}


def shows(value: str, status: str = "Accepted") -> dict[str, Any]:
    """What a station answers that says of itself that it shows costs, or not."""
    keys = {"configurationKey": [KEY | {"value": value}]}
    return {"GetConfiguration": keys, "DataTransfer": {"status": status}}


async def charging(server: LiveServer, station: WireStation, name: str) -> int:
    """A charge with a price, and its first value; the number."""
    await sold_at(server, station, name, session_micro=500_000)
    assert (await server.command(name, "get-variables", variables=[]))["is_accepted"]
    number = await start16(station, 1000)
    await metered(station, number, 2000)
    return number


async def metered(station: WireStation, number: int, wh: int) -> None:
    """The register."""
    value = {"timestamp": f"2026-01-05T12:{wh // 1000:02}:00Z", "sampledValue": [{"value": str(wh)}]}
    await station.ask("MeterValues", {"connectorId": 1, "transactionId": number, "meterValue": [value]})


@pytest.mark.asyncio(loop_scope="module")
async def test_a_driver_is_shown_what_a_charge_costs(server: LiveServer) -> None:
    """So far with each value, in all at the end."""
    async with server.station("costs-shown", answers=shows("true")) as station:
        number = await charging(server, station, "costs-shown")
        told = [costs(await station.until_asked("DataTransfer"))]
        await stop16(station, number, 11_000, "2026-01-05T12:30:00Z")
        while not isinstance(told[-1], FinalCost):
            told.append(costs(await station.until_asked("DataTransfer", len(told) + 1)))
    assert isinstance(told[0], RunningCost)
    assert {each.transaction_id for each in told} == {number}
    assert {each.cost for each in told} == {0.5}


def costs(call: list[Any]) -> RunningCost | FinalCost:
    """What a DataTransfer says."""
    sent = call[3]
    found = cost_message(TransferData(sent["vendorId"], sent["messageId"], sent["data"]))
    assert isinstance(found, RunningCost | FinalCost)
    return found


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("value", "status", "count"), [("false", "Accepted", 0), ("true", "UnknownVendorId", 1)], ids=str
)
async def test_who_shows_no_cost_is_left_alone(
    server: LiveServer, value: str, status: str, count: int
) -> None:
    """Who says so is sent nothing; who knows no such message, nothing more until it connects anew."""
    name = f"costs-not-{value}"
    async with server.station(name, answers=shows(value, status)) as station:
        number = await charging(server, station, name)
        if count:
            await station.until_asked("DataTransfer")
            query = "SELECT 1 FROM commands WHERE station_id = ? AND command = 'data-transfer' AND status = ?"
            await until(lambda: server.rows(query, name, status))
        await stop16(station, number, 11_000, "2026-01-05T12:30:00Z")
        assert (await server.command(name, "trigger-message", message="Heartbeat"))["outcome"] == "result"
        sent = [each["action"] for each in await server.messages(name) if each["direction"] == "out"]
        assert sent.count("DataTransfer") == count


class ReadsCounted:
    """A database of which only the number of reads is of interest: no variable of any station is stored."""

    def __init__(self, database: Database) -> None:
        self._database, self.reads = database, 0

    async def run_read(self, work: Callable[[Connection], Any]) -> Any:
        """One."""
        self.reads += 1
        return await self._database.run_read(work)


async def test_a_station_that_shows_no_cost_is_looked_up_once_a_minute(tmp_path: Path) -> None:
    """Not for each message of its transactions, also of those that came while it was looked up."""
    database, clock = await open_tables(tmp_path / "borne.db"), ManualClock()
    counted, bus = ReadsCounted(database), EventBus[StationEvent]()
    commands = SimpleNamespace(link=lambda _: SimpleNamespace(version=OcppVersion.V16, epoch=1))
    sender = CostSender(counted, commands, bus, lambda _: False, clock)  # type: ignore[arg-type] # as far as it goes

    async def published(count: int, reads: int) -> None:
        for number in range(count):
            bus.publish(StationEvent("transaction.updated", CP1, NOON, {"number": number}))
        await until(lambda: counted.reads == reads and not sender._waiting)

    task = asyncio.create_task(sender.run())
    await asyncio.sleep(0)
    await published(50, 1)
    await published(50, 1)
    await clock.advance(LOOK_AGAIN_S)
    await published(50, 2)
    task.cancel()
    await asyncio.wait([task])
    await database.close()
