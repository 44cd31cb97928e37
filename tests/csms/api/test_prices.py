"""/transactions/{id}/price on a real server: line by line, so far, decided by a person, and none."""

from typing import Any

import pytest

from tests.field.test_energy import start16, stop16
from tests.field.test_prices import sold_at
from tests.support.server import LiveServer, server

__all__ = ["server"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
TAXES = [{"name": "TPS", "rate_millipercent": 5000}, {"name": "TVQ", "rate_millipercent": 9975}]


async def price(server: LiveServer, name: str, number: int) -> dict[str, Any]:
    """Of one transaction."""
    found: dict[str, Any] = await server.get(f"/transactions/{number}/price", station=name)
    return found


async def test_a_price_line_by_line(server: LiveServer) -> None:
    """10 kWh at 0.30 and 0.50 once, with two taxes: what is stored, and why."""
    async with server.station("price-lines") as station:
        await sold_at(
            server, station, "price-lines", energy_micro_per_kwh=300_000, session_micro=500_000, taxes=TAXES
        )
        number = await start16(station, 1000)
        so_far = await price(server, "price-lines", number)
        assert (so_far["cost_micro"], so_far["is_provisional"]) == (None, True)
        await stop16(station, number, 11_000, "2026-01-05T12:30:00Z")
        found = await price(server, "price-lines", number)
    told = ("quantity", "unit", "net_micro")
    lines = {each["component"]: tuple(each[name] for name in told) for each in found["lines"]}
    assert lines == {"energy": (10_000.0, "Wh", 3_000_000), "session": (1.0, "once", 500_000)}
    assert [(each["name"], each["micro"]) for each in found["taxes"]] == [("TPS", 175_000), ("TVQ", 349_125)]
    assert found["net_micro"] == 3_500_000
    assert found["total_micro"] == found["cost_micro"] == 4_024_125
    assert (found["total_fr"], found["total_en"]) == ("4,02 $", "$4.02")
    assert "0,30 $" in found["price_fr"]
    assert (found["limits"], found["is_decided"]) == ([], False)
    assert sum(each["micro"] for each in found["spans"]) == found["net_micro"]


async def test_what_a_person_decided_is_told_beside_it(server: LiveServer) -> None:
    """The lines stay those of the price: the cost is the person's."""
    async with server.station("price-decided") as station:
        await sold_at(server, station, "price-decided", energy_micro_per_kwh=300_000)
        number = await start16(station, 1000)
        await stop16(station, number, 11_000, "2026-01-05T12:30:00Z")
        path = f"/transactions/{number}/review?station=price-decided"
        await server.post(path, {"decision": "correct", "reason": "a gift", "cost_micro": 1_000_000})
        found = await price(server, "price-decided", number)
    assert (found["cost_micro"], found["total_micro"], found["is_decided"]) == (1_000_000, 3_000_000, True)


async def test_there_may_be_no_price(server: LiveServer) -> None:
    """Without a tariff; and of a transaction that nobody knows."""
    async with server.station("price-none") as station:
        number = await start16(station, 1000)
        answer = await server.api.get(f"/transactions/{number}/price")
        assert (answer.status_code, answer.json()["code"]) == (404, "price_unknown")
        unknown = await server.api.get("/transactions/nobodys/price")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "transaction_unknown")
