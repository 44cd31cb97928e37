"""A report over the API of a real server, of a station that charged before it came to its place."""

from typing import Any

import pytest
import pytest_asyncio

from tests.support.server import LiveServer, server

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOKEN = "04A1B2C3D4E5F6"
DAYS = {"since": "2026-01-01", "until": "2026-01-31"}


async def charge(station: Any, meter: int, starts: str, ends: str) -> None:
    """From `meter` 1.2345 kWh more."""
    start = {"connectorId": 1, "idTag": TOKEN, "meterStart": meter, "timestamp": starts}
    answer = await station.ask("StartTransaction", start)
    stop = {"transactionId": answer["transactionId"], "meterStop": meter + 1234, "timestamp": ends}
    await station.ask("StopTransaction", stop)


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def charged(server: LiveServer) -> str:
    """A site with a name like a formula, and three sessions on two of its days; its id."""
    tariff = await server.post(
        "/tariffs", {"name": "Day", "currency": "CAD", "energy_micro_per_kwh": 500_000}, 201
    )
    site = await server.post(
        "/sites", {"name": "=Port", "zone": "America/Montreal", "tariff_id": tariff["tariff_id"]}, 201
    )
    await server.add_token(TOKEN)
    async with server.station("cp-report") as station:
        await charge(station, 0, "2026-01-05T12:00:00Z", "2026-01-05T13:00:00Z")
        await charge(station, 2000, "2026-01-06T03:30:00Z", "2026-01-06T04:00:00Z")
        await charge(station, 4000, "2026-01-06T12:00:00Z", "2026-01-06T12:30:00Z")
    position = {"site_id": site["site_id"], "name": "P1", "latitude": 45.5, "longitude": -73.6}
    await server.post("/adoptions", {"station_id": "cp-report", "position": position}, 201)
    return str(site["site_id"])


async def test_a_site_in_a_month(server: LiveServer, charged: str) -> None:
    """With what the energy cost and what it avoided, by a factor whose source is named."""
    factor = {"avoided_g_per_kwh": "600", "avoided_source": "Example table 2026"}
    report = await server.get("/reports/usage", **DAYS, **factor, energy_price_micro="100000", site=charged)
    assert (report["avoided_g_per_kwh"], report["avoided_source"]) == (600, "Example table 2026")
    (line,) = report["lines"]
    assert (line["id"], line["name"], line["begins"]) == (charged, "=Port", "2026-01-01")
    assert (line["sessions"], line["energy_wh"], line["seconds"]) == (3, 3702, 7200)
    assert (line["energy_cost_micro"], line["avoided_g"]) == (370_200, 2221)
    listed = await server.get("/transactions", station="cp-report")
    earned = sum(each["cost_micro"] or 0 for each in listed)
    assert line["revenue"] == ([{"currency": "CAD", "micro": earned}] if earned else [])


async def test_days_are_those_of_the_site(server: LiveServer) -> None:
    """03:30 UTC on the 6th is the 5th in Montréal."""
    report = await server.get("/reports/usage", **DAYS, by="station", period="day", station="cp-report")
    assert [(each["begins"], each["sessions"]) for each in report["lines"]] == [
        ("2026-01-05", 2),
        ("2026-01-06", 1),
    ]


async def test_the_same_for_a_spreadsheet(server: LiveServer, charged: str) -> None:
    """A name that begins like a formula is none; other sites are in no line."""
    answer = await server.api.get("/reports/usage", params=DAYS | {"format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="usage-2026-01-01-2026-01-31.csv"' in answer.headers["content-disposition"]
    heading, row = answer.text.splitlines()
    assert heading.startswith("id,name,begins,sessions,provisional,energy_wh,seconds,currency,revenue_micro")
    assert row.startswith(f"{charged},'=Port,2026-01-01,3,0,3702,7200,")
    other = await server.get("/reports/usage", **DAYS, site="none")
    assert other["lines"] == []


async def test_what_cannot_be_is_refused(server: LiveServer) -> None:
    """A factor without its source; days that are none; a station that is not there."""
    for wrong, code in (
        ({"avoided_g_per_kwh": "1"}, "avoided_source_missing"),
        ({"avoided_source": "x"}, "avoided_source_missing"),
        ({"since": "yesterday"}, "invalid_request"),
        ({"by": "town"}, "invalid_request"),
    ):
        answer = await server.api.get("/reports/usage", params=DAYS | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
