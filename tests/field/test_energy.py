"""Energy and money of the field's cases, played on a real socket."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from charging.tariff import Tariff
from ocppj.vocabulary import StationId
from provisioning.pricing import SitePrices
from tests.field.cases import CASES
from tests.support.server import LiveServer, server
from tests.support.wire_station import WireStation

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-01-05T12:{:02}:00Z"
PRICES = {
    "h": Tariff("h", "EUR", time_micro_per_h=2_000_000),
    "k": Tariff("k", "EUR", energy_micro_per_kwh=500_000),
    "i": Tariff("i", "EUR", energy_micro_per_kwh=1_000_000, idle_micro_per_h=6_000_000),
}
"""By the last letter of a station's name."""


@pytest.fixture(autouse=True)
def prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """The price at a station goes by its name."""

    async def tariff_for(_: SitePrices, station_id: StationId) -> Tariff | None:
        return PRICES.get(station_id[-1])

    monkeypatch.setattr(SitePrices, "tariff_for", tariff_for)


def ago(minutes: float) -> str:
    """So long before now, as stations write it."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


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
    station: WireStation,
    kind: str,
    seq_no: int,
    samples: list[dict[str, Any]],
    *,
    has_token: bool = True,
    **more: Any,
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
        payload["evse"] = {"id": 1, "connectorId": 1}
        if has_token:
            payload["idToken"] = {"idToken": "FIELD", "type": "ISO14443"}
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


async def stop16(station: WireStation, number: int, meter_wh: int, at: str) -> None:
    """A 1.6 stop."""
    await station.ask("StopTransaction", {"transactionId": number, "meterStop": meter_wh, "timestamp": at})


async def test_m9_a_lifetime_register_is_no_energy_of_a_session(server: LiveServer) -> None:
    """-1, 0, and a spike: what is plausible is priced, and a person is asked."""
    assert CASES["M9"]["right"].startswith("880 Wh, or flagged")
    async with server.station("m9-k") as station:
        number = await start16(station, -1)
        await values16(station, number, read16(936_120, "Transaction.Begin"), minute=1)
        await stop16(station, number, 937_000, AT.format(10))
        found = await transaction(server, "m9-k")
        assert (found["energy_wh"], found["cost_micro"], found["review"]) == (880, 440_000, "held")
        assert "meter-implausible" in found["flags"]
    async with server.station("m9-2x-k", "2.0.1") as station:
        await event(station, "Started", 0, [read(0, "Transaction.Begin")])
        assert "totalCost" not in await event(station, "Updated", 1, [read(936_120)])
        ended = await event(station, "Ended", 10, [read(937_000, "Transaction.End")])
        assert "totalCost" not in ended
        found = await transaction(server, "m9-2x-k")
        assert (found["energy_wh"], found["is_provisional"]) == (880, True)
    async with server.station("m9-spike-k", "2.1") as station:
        await event(station, "Started", 0, [read(1000, "Transaction.Begin")])
        await event(station, "Updated", 1, [read(2000)])
        assert "totalCost" not in await event(station, "Ended", 2, [read(16e9, "Transaction.End")])
        assert (await transaction(server, "m9-spike-k"))["energy_wh"] == 1000


@pytest.mark.parametrize(
    ("name", "start_at", "stop_at"),
    [
        ("p1-stop-h", None, "2037-01-01T00:00:00Z"),
        ("p1-start-h", "2013-01-01T00:00:00Z", None),
        ("p1-zone-h", -300, None),  # local time marked Z, corrected on the way
    ],
)
async def test_p1_a_clock_that_cannot_be_right_makes_no_bill(
    server: LiveServer, name: str, start_at: str | int | None, stop_at: str | None
) -> None:
    """Both messages come within seconds: so long was the charge."""
    assert CASES["P1"]["right"].startswith("no bill from a clock that cannot be right")
    started = start_at if isinstance(start_at, str) else ago(start_at or 0)
    async with server.station(name) as station:
        number = await start16(station, 1000, started)
        await stop16(station, number, 1100, stop_at or ago(0))
        found = await transaction(server, name)
        assert found["cost_micro"] < 100_000
        assert (found["review"], found["is_provisional"]) == ("held", True)


async def test_p1_no_display_is_told_such_a_bill(server: LiveServer) -> None:
    """2.0.1: a start of 2016, an update of 2036."""
    async with server.station("p1-2x-h", "2.0.1") as station:
        await event(station, "Started", 0, [read(1000)], at="2016-01-01T00:00:00Z")
        assert "totalCost" not in await event(station, "Updated", 1, [read(1050)], at="2036-01-01T00:00:00Z")
        assert "totalCost" not in await event(station, "Ended", 2, [read(1100)], at=ago(0))
        found = await transaction(server, "p1-2x-h")
        assert found["cost_micro"] < 100_000
        assert set(found["flags"]) >= {"clock-ahead", "clock-behind"}


async def test_p1_a_person_decides_what_it_costs(server: LiveServer) -> None:
    """It is listed, corrected with a reason, told as an event, and stays as it was decided."""
    async with server.station("p1-review-h") as station:
        number = await start16(station, 1000, "2013-01-01T00:00:00Z")
        await stop16(station, number, 1100, ago(0))
        held = await server.get("/transactions", station="p1-review-h", review="held")
        assert [each["transaction_id"] for each in held] == [str(number)]
        body = {"decision": "correct", "reason": "seen on site", "started_at": ago(30), "ended_at": ago(0)}
        path = f"/transactions/{number}/review?station=p1-review-h"
        decided = await server.post(path, body)
        assert (decided["cost_micro"], decided["review"]) == (1_000_000, "corrected")
        assert await server.post(path, body) == decided
        await values16(station, number, read16(1090))
    found = await server.get(f"/transactions/{number}", station="p1-review-h")
    assert (found["cost_micro"], found["is_provisional"]) == (1_000_000, False)
    (review,) = found["reviews"]
    assert (review["decision"], review["reason"], review["decided_by"]) == (
        "correct",
        "seen on site",
        "first",
    )
    assert (review["before"]["review"], review["after"]["cost_micro"]) == ("held", 1_000_000)


async def test_p2_an_idle_fee_on_1_6(server: LiveServer) -> None:
    """Its SuspendedEV status tells the time: 10 kWh at 1, and an hour at 6."""
    assert CASES["P2"]["right"].startswith("16.00")
    async with server.station("p2-i") as station:
        number = await start16(station, 0, ago(120))
        for word, minutes in (("Charging", 119), ("SuspendedEV", 60)):
            status = {"connectorId": 1, "errorCode": "NoError", "status": word, "timestamp": ago(minutes)}
            await station.ask("StatusNotification", status)
        await stop16(station, number, 10_000, ago(0))
        found = await transaction(server, "p2-i")
        assert found["cost_micro"] == pytest.approx(16_000_000, abs=10_000)
        assert found["unmeasured"] == []
    async with server.station("p2-before-i") as station:  # told before the start, and not again
        status = {"connectorId": 1, "errorCode": "NoError", "status": "SuspendedEV", "timestamp": ago(61)}
        await station.ask("StatusNotification", status)
        number = await start16(station, 0, ago(60))
        await stop16(station, number, 10_000, ago(0))
        found = await transaction(server, "p2-before-i")
        assert found["cost_micro"] == pytest.approx(16_000_000, abs=10_000)
        assert found["unmeasured"] == []
    async with server.station("p2-silent-i") as station:
        number = await start16(station, 0, ago(120))
        await stop16(station, number, 10_000, ago(0))
        assert (await transaction(server, "p2-silent-i"))["unmeasured"] == ["idle"]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_p9_what_the_station_holds_back_is_not_idle(server: LiveServer, version: str) -> None:
    """Decided: time in SuspendedEVSE or before the authorization is not idle."""
    assert "SuspendedEVSE" in CASES["P9"]["what"]
    async with server.station(f"p9-{version}-i", version) as station:
        states = ["EVConnected", "Charging", "SuspendedEVSE", "Charging", "SuspendedEV"]
        for number, state in enumerate(states):
            kind = "Started" if number == 0 else "Updated"
            more: dict[str, Any] = {"info": {"chargingState": state}, "at": ago(150 - 30 * number)}
            if number == 1:
                more["idToken"] = {"idToken": "FIELD", "type": "ISO14443"}
            await event(station, kind, number, [read(0)] if number == 0 else [], has_token=False, **more)
        await event(station, "Ended", len(states), [read(10_000, "Transaction.End")], at=ago(0))
        found = await transaction(server, f"p9-{version}-i")
        assert found["cost_micro"] == pytest.approx(13_000_000, abs=10_000)


SIGNED = 'OCMF|{"FV":"1.0","PG":"T1"}|{"SD":"3045"}'


async def test_m14_signed_values_are_kept_for_the_driver(server: LiveServer) -> None:
    """The raw value counts, the signed one is read with the transaction, every character of it."""
    assert CASES["M14"]["right"] == "raw counts, signed kept for the driver"
    async with server.station("m14") as station:
        number = await start16(station)
        signed = {"value": SIGNED, "format": "SignedData", "context": "Transaction.End"}
        await values16(station, number, read16(2000), signed)
        found = await server.get(f"/transactions/{number}", station="m14")
    assert found["energy_wh"] == 1000
    (kept,) = found["attachments"]
    assert (kept["kind"], json.loads(kept["content"])["sampledValue"]) == ("signed-value", signed)


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_m14_signed_values_and_cost_details_of_2x(server: LiveServer, version: str) -> None:
    """What the station computed (2.1 I12.FR.01) is read as it was written."""
    name = f"m14-{version}"
    signed = {
        "signedMeterData": SIGNED,
        "signingMethod": "ECDSA-secp256r1-SHA256",
        "encodingMethod": "OCMF",
        "publicKey": "3059",
    }
    details = {
        "totalCost": {"currency": "EUR", "typeOfCost": "NormalCost", "total": {"inclTax": 2.5}},
        "totalUsage": {"energy": 2500, "chargingTime": 60, "idleTime": 0},
    }
    async with server.station(name, version) as station:
        await event(station, "Started", 0, [read(1000)])
        more: dict[str, Any] = {"costDetails": details} if version == "2.1" else {}
        await event(station, "Ended", 1, [read(3500, "Transaction.End", signedMeterValue=signed)], **more)
        found = await server.get(f"/transactions/T-{version}", station=name)
    assert found["energy_wh"] == 2500
    kept = {each["kind"]: json.loads(each["content"]) for each in found["attachments"]}
    assert kept["signed-value"]["sampledValue"]["signedMeterValue"] == signed
    assert kept.get("cost-details") == more.get("costDetails")
