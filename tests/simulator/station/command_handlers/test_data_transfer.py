"""Costs in vendor messages of 1.6: RunningCost, FinalCost, SetUserPrice."""

import json
from typing import Any

import pytest

from ocppj.model.data_transfer import COSTS_VENDOR
from simulator.station.cost_display import ShownCost
from tests.simulator.station.test_cost_display import shown
from tests.support.simulated import Stage, changed_template, simulated


async def told(stage: Stage, message_id: str, data: Any, vendor: str = COSTS_VENDOR) -> str:
    """DataTransfer; the status."""
    text = data if isinstance(data, str) else json.dumps(data)
    payload = {"vendorId": vendor, "messageId": message_id, "data": text}
    return str((await stage.ask("DataTransfer", payload)).status)


def running(transaction_id: int, cost: float) -> dict[str, Any]:
    """The data of a RunningCost, with what else may be in it."""
    when = {"timestamp": "2026-01-05T12:00:00Z", "meterValue": 1500, "state": "Charging"}
    prices = {"chargingPrice": {"kWhPrice": 0.3, "hourPrice": 0, "flatFee": 0}}
    return {"transactionId": transaction_id, "cost": cost} | when | prices


async def charging16(stage: Stage) -> None:
    """A driver charges; the central system calls it 7."""
    await stage.boot()
    stage.station.plug()
    await stage.meanwhile(stage.station.present("TAG1"))
    await stage.rest()


async def test_a_cost_so_far_and_in_all() -> None:
    """Of the transaction that runs; then of the one that has ended, with its text."""
    async with simulated("ac-16") as stage:
        await charging16(stage)
        assert await told(stage, "RunningCost", running(7, 1.5)) == "Accepted"
        assert shown(stage) == ShownCost(1_500_000, "$1.50 so far")
        assert await told(stage, "RunningCost", running(8, 9)) == "Rejected"
        assert await told(stage, "FinalCost", {"transactionId": 7, "cost": 2}) == "Rejected"
        stage.station.unplug()
        await stage.meanwhile(stage.station.present("TAG1"))
        await stage.rest()
        assert await told(stage, "RunningCost", running(7, 3)) == "Rejected"
        final = {"transactionId": 7, "cost": 2.25, "priceText": "0.30 $/kWh"}
        assert await told(stage, "FinalCost", final | {"transactionId": 6}) == "Rejected"
        assert await told(stage, "FinalCost", final) == "Accepted"
        assert shown(stage) == ShownCost(2_250_000, "$2.25 in all: 0.30 $/kWh", is_final=True)


async def test_a_drivers_own_price() -> None:
    """Of a token, or of whoever charges."""
    async with simulated("ac-16") as stage:
        await stage.boot()
        assert await told(stage, "SetUserPrice", {"priceText": "free"}) == "Rejected"
        assert await told(stage, "SetUserPrice", {"priceText": "free", "idToken": "TAG1"}) == "Accepted"
        assert "the price for TAG1: free" in stage.message_store


@pytest.mark.parametrize("data", ["", "{", "[]", '{"transactionId": "7", "cost": 1}', '{"cost": 1}'])
async def test_data_that_cannot_be_read(data: str) -> None:
    """Rejected; nothing is shown, and the station goes on."""
    async with simulated("ac-16") as stage:
        await charging16(stage)
        assert await told(stage, "RunningCost", data) == "Rejected"
        assert shown(stage) is None


async def test_a_station_that_shows_no_cost() -> None:
    """It has not the key: the vendor is not known; nor is another message, or another vendor."""
    async with simulated(changed_template("ac-16", shows_price=False)) as stage:
        await charging16(stage)
        assert await told(stage, "RunningCost", running(7, 1)) == "UnknownVendorId"
    async with simulated("ac-16") as stage:
        await charging16(stage)
        assert await told(stage, "SetColour", {}) == "UnknownVendorId"
        assert await told(stage, "RunningCost", running(7, 1), vendor="acme") == "UnknownVendorId"
