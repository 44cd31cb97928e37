"""Prices of the field's cases: by blocks, and by time of day, on a real socket and through the API."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.field.cases import CASES
from tests.field.test_energy import start16, stop16, transaction
from tests.field.test_price_remarks import give
from tests.support.server import LiveServer, server
from tests.support.wire_station import WireStation

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
MONTREAL = ZoneInfo("America/Montreal")


async def sold_at(server: LiveServer, station: WireStation, name: str, **tariff: Any) -> None:
    """The station is at a site of its own, in Montréal, under this tariff."""
    made = await server.post("/tariffs", {"name": name, "currency": "CAD"} | tariff, 201)
    site = {"name": name, "zone": "America/Montreal", "activates_on_claim": False}
    site_id = str((await server.post("/sites", site, 201))["site_id"])
    position = {"site_id": site_id, "name": "P1", "latitude": 45.5, "longitude": -73.6}
    await server.post("/adoptions", {"station_id": name, "position": position}, 201)
    await give(server, site_id, str(made["tariff_id"]))


def text(at: datetime) -> str:
    """As stations write it."""
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("step", "micro"), [(None, 28_750), (1, 28_750), (25, 31_250), (500, 125_000)], ids=str
)
async def test_p7_energy_is_billed_exactly_unless_a_step_is_set(
    server: LiveServer, step: int | None, micro: int
) -> None:
    """115 Wh at 0.25: OCPI's own numbers, on a register that counts whole Wh."""
    assert CASES["P7"]["right"] == "exact Wh unless a step is set"
    name = f"p7-{step}"
    element = {"component": "energy", "micro": 250_000} | ({"step": step} if step else {})
    async with server.station(name) as station:
        await sold_at(server, station, name, elements=[element])
        number = await start16(station, 1000)
        await stop16(station, number, 1115, "2026-01-05T12:30:00Z")
        assert (await transaction(server, name))["cost_micro"] == micro


async def test_p7_a_sample_has_parts_of_a_wh(server: LiveServer) -> None:
    """115.2 Wh: exactly, and as 116 in blocks of one Wh."""
    for step, micro in ((0, 28_800), (1, 29_000)):
        name = f"p7-2x-{step}"
        async with server.station(name, "2.0.1") as station:
            await sold_at(
                server, station, name, elements=[{"component": "energy", "micro": 250_000, "step": step}]
            )
            for seq_no, (kind, value) in enumerate((("Started", 0), ("Ended", 115.2))):
                at = f"2026-01-05T12:{seq_no:02}:00Z"
                payload: dict[str, Any] = {
                    "eventType": kind,
                    "timestamp": at,
                    "triggerReason": "Authorized",
                    "seqNo": seq_no,
                    "transactionInfo": {"transactionId": "T", "chargingState": "Charging"},
                    "evse": {"id": 1, "connectorId": 1},
                    "meterValue": [{"timestamp": at, "sampledValue": [{"value": value}]}],
                }
                await station.ask("TransactionEvent", payload)
            assert (await transaction(server, name))["cost_micro"] == micro


NIGHT = {
    "component": "energy",
    "micro": 100_000,
    "when": {"from_time": "01:30", "until_time": "02:00"},
}


@pytest.mark.parametrize(
    ("name", "starts", "hours", "micro"),
    [
        # 8 kW from 00:00 for two hours: half an hour of it at 0.10, the rest at 0.30.
        ("p8-plain", datetime(2026, 1, 5, 0, 0, tzinfo=MONTREAL), 2, 4_000_000),
        # The clocks go back at 02:00: 01:30 to 02:00 comes twice within three hours.
        ("p8-autumn", datetime(2026, 11, 1, 0, 0, tzinfo=MONTREAL), 3, 5_600_000),
        # They go forward: 01:30 to 02:00 is there, and then it is 03:00.
        ("p8-spring", datetime(2026, 3, 8, 0, 0, tzinfo=MONTREAL), 2, 4_000_000),
    ],
)
async def test_p8_prices_by_time_of_day_follow_the_wall_clock(
    server: LiveServer, name: str, starts: datetime, hours: int, micro: int
) -> None:
    """2.1 TariffConditions, I12.FR.37; energy between two readings flowed evenly while it charged."""
    assert "I12.FR.37" in CASES["P8"]["right"]
    begins = starts.astimezone(ZoneInfo("UTC"))
    async with server.station(name) as station:
        await sold_at(server, station, name, energy_micro_per_kwh=300_000, elements=[NIGHT])
        number = await start16(station, 0, text(begins))
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Charging", "timestamp": text(begins)}
        await station.ask("StatusNotification", status)
        await stop16(station, number, hours * 8000, text(begins + timedelta(hours=hours)))
        found = await transaction(server, name)
        assert (found["cost_micro"], found["unmeasured"]) == (micro, [])


async def test_p8_prices_by_duration(server: LiveServer) -> None:
    """The first hour at 1, then 3 an hour, from plug-in to plug-out."""
    first = {"component": "time", "micro": 1_000_000, "when": {"max_duration_s": 3600}}
    async with server.station("p8-duration") as station:
        await sold_at(server, station, "p8-duration", time_micro_per_h=3_000_000, elements=[first])
        number = await start16(station, 0, "2026-01-05T12:00:00Z")
        await stop16(station, number, 8000, "2026-01-05T14:00:00Z")
        assert (await transaction(server, "p8-duration"))["cost_micro"] == 4_000_000
