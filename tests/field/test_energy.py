"""Energy and money of the field's cases, played on a real socket."""

from typing import Any

import pytest

from tests.field.cases import CASES
from tests.support.server import LiveServer, server
from tests.support.wire_station import WireStation

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-01-05T12:{:02}:00Z"


async def transaction(server: LiveServer, station_id: str) -> dict[str, Any]:
    """The only transaction of a station."""
    (one,) = await server.get("/transactions", station=station_id)
    return dict(one)


async def start16(station: WireStation, meter_wh: int = 1000, at: str = AT.format(0)) -> int:
    """A 1.6 start on connector 1; the number it got."""
    payload = {"connectorId": 1, "idTag": "FIELD", "meterStart": meter_wh, "timestamp": at}
    return int((await station.ask("StartTransaction", payload))["transactionId"])


async def values16(station: WireStation, number: int, *samples: dict[str, Any], minute: int = 5) -> None:
    """A 1.6 MeterValues with one meter value."""
    value = {"timestamp": AT.format(minute), "sampledValue": list(samples)}
    await station.ask("MeterValues", {"connectorId": 1, "transactionId": number, "meterValue": [value]})


async def event(
    station: WireStation, kind: str, seq_no: int, samples: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """A TransactionEvent of transaction T; the answer."""
    info = {"transactionId": f"T-{station.version}"} | more.pop("info", {})
    at = more.pop("at", AT.format(seq_no))
    payload = {
        "eventType": kind,
        "timestamp": at,
        "triggerReason": "MeterValuePeriodic",
        "seqNo": seq_no,
        "transactionInfo": info,
    }
    if samples:
        payload["meterValue"] = [{"timestamp": at, "sampledValue": samples}]
    if kind == "Started":
        payload |= {"evse": {"id": 1, "connectorId": 1}, "idToken": {"idToken": "FIELD", "type": "ISO14443"}}
    return await station.ask("TransactionEvent", payload | more)


def read(value: float, context: str | None = None, **more: Any) -> dict[str, Any]:
    """A sampled value of 2.x."""
    return {"value": value} | ({"context": context} if context else {}) | more


def read16(value: float, context: str | None = None, **more: Any) -> dict[str, Any]:
    """A sampled value of 1.6."""
    return read(value, context, **more) | {"value": f"{value}"}


@pytest.mark.parametrize("is_reversed", [False, True])
async def test_m1_the_register_of_the_start_beside_the_current_one(
    server: LiveServer, *, is_reversed: bool
) -> None:
    """The current register counts, whatever the order; 2.x alike, up to the end."""
    assert CASES["M1"]["right"].startswith("current register 7190 → 6190 Wh")
    order = slice(None, None, -1 if is_reversed else 1)
    name = f"m1-{is_reversed}".lower()
    async with server.station(name) as station:
        number = await start16(station)
        samples = [read16(7190, "Sample.Periodic"), read16(1000, "Transaction.Begin")]
        await values16(station, number, *samples[order])
        assert (await transaction(server, name))["energy_wh"] == 6190
    async with server.station(f"{name}-2x", "2.0.1") as station:
        await event(station, "Started", 0, [read(1000, "Transaction.Begin")])
        ended = [read(11_000, "Transaction.End"), read(1000, "Transaction.Begin")]
        await event(station, "Ended", 1, ended[order])
        assert (await transaction(server, f"{name}-2x"))["energy_wh"] == 10_000


@pytest.mark.parametrize("form", ["L{}", "L{}-N"])
async def test_m3_power_and_energy_per_phase(server: LiveServer, form: str) -> None:
    """Marked L1 or L1-N, it is the same sum."""
    assert CASES["M3"]["right"].startswith("3600 W")
    name = "m3-" + form.format(1).lower()
    phases = [form.format(number) for number in (1, 2, 3)]
    async with server.station(name) as station:
        number = await start16(station, 0)
        power = [
            read16(1000 + 100 * n, phase=phase, measurand="Power.Active.Import", unit="W")
            for n, phase in enumerate(phases, 1)
        ]
        energy = [read16(100 * n, phase=phase, unit="Wh") for n, phase in enumerate(phases, 1)]
        await values16(station, number, *power, *energy)
        found = await transaction(server, name)
        assert (found["power_w"], found["energy_wh"]) == (3600, 600)
