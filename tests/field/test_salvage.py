"""Billing messages with a part that cannot be read: answered, the rest used, what was lost kept and said."""

from typing import Any

import pytest

from tests.field.cases import CASES
from tests.support.server import LiveServer
from tests.support.wire_station import VERSIONS, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT, LATER = "2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"
VALUE = {"timestamp": LATER, "sampledValue": [{"value": "2500"}]}


async def start_v16(station: WireStation, connector: int = 1) -> int:
    """A transaction from 1000 Wh on; its number."""
    payload = {"connectorId": connector, "idTag": "A", "meterStart": 1000, "timestamp": AT}
    return int((await station.ask("StartTransaction", payload))["transactionId"])


async def stopped(server: LiveServer, station_id: str, number: int) -> dict[str, Any]:
    """A transaction as the API tells it."""
    found: dict[str, Any] = await server.get(f"/transactions/{number}", station=station_id)
    return found


async def findings(server: LiveServer, station_id: str) -> list[str]:
    """What stands at the link."""
    link = await server.link(station_id)
    assert link is not None
    return list(link["findings"])


def kept(server: LiveServer, station_id: str) -> list[tuple[bytes, str]]:
    """What is in quarantine."""
    return server.rows("SELECT raw, reason FROM quarantine WHERE station_id = ?", station_id)


@pytest.mark.parametrize(("meter_stop", "wh"), [(3000.7, 2000.7), ("3000.7", 2000.7), ("3,5 kWh", 2500.0)])
async def test_m12_a_fraction_of_a_meter_reading_ends_the_transaction(
    server: LiveServer, meter_stop: Any, wh: float
) -> None:
    """Answered and ended (1.6 §4.10), with the fraction: it is energy."""
    assert CASES["M12"]["input"] == "StopTransaction meterStop 3000.7"
    name = f"m12-{wh:.0f}-{type(meter_stop).__name__}"
    async with server.station(name) as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "meterStop": meter_stop, "timestamp": LATER}
        first = await station.ask("StopTransaction", stop)
        assert await station.ask("StopTransaction", stop) == first
        found = await stopped(server, name, number)
        assert (found["is_open"], found["energy_wh"]) == (False, pytest.approx(wh))
        slug = "odd-number" if meter_stop == "3,5 kWh" else "fraction-for-integer"
        assert slug in found["flags"]
        assert slug in await findings(server, name)
        assert kept(server, name) == [], "nothing was lost"


@pytest.mark.parametrize("data", [VALUE, {}, {"0": VALUE}, [VALUE, 5], "x"], ids=str)
async def test_m13_an_object_for_a_list_ends_the_transaction(server: LiveServer, data: Any) -> None:
    """Ended and noted: an object is a list of one where it reads, else it is left out and kept as it came."""
    assert CASES["M13"]["input"] == "StopTransaction transactionData {…}"
    name = f"m13-{len(str(data))}"
    async with server.station(name) as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "meterStop": 3000, "timestamp": LATER, "transactionData": data}
        await station.ask("StopTransaction", stop)
        found = await stopped(server, name, number)
        assert (found["is_open"], found["energy_wh"]) == (False, 2000.0)
        reads = data == VALUE
        slug = "item-for-list" if reads else "part-left-out"
        assert slug in found["flags"]
        assert slug in await findings(server, name)
        assert [reason.startswith("partly-read: $.transactionData") for _, reason in kept(server, name)] == (
            [] if reads else [True]
        )


async def test_m13_meter_values_may_be_an_object_too(server: LiveServer) -> None:
    """The same in MeterValues, in every version: the value is stored."""
    for version in VERSIONS:
        name = f"m13-values-{version}"
        value = {"value": "2500" if version == "1.6" else 2500}
        payload: dict[str, Any] = {"meterValue": {"timestamp": AT, "sampledValue": value}}
        payload |= {"connectorId": 1} if version == "1.6" else {"evseId": 1}
        async with server.station(name, version) as station:
            assert await station.ask("MeterValues", payload) == {}
            assert await findings(server, name) == ["item-for-list"]
        assert server.rows("SELECT value FROM meter_samples WHERE station_id = ?", name) == [(2500.0,)]


async def test_m15_a_value_that_is_no_number_is_noted(server: LiveServer) -> None:
    """At the link, at the transaction and in the metrics, not only in a StopTransaction."""
    assert "NaN" in CASES["M15"]["input"]
    async with server.station("m15") as station:
        number = await start_v16(station)
        for value in ({"value": "NaN"}, {"value": "T0NNRg==", "format": "SignedData"}):
            payload = {
                "connectorId": 1,
                "transactionId": number,
                "meterValue": [{"timestamp": LATER, "sampledValue": [value]}],
            }
            assert await station.ask("MeterValues", payload) == {}
        wanted = {"sampled-value-not-a-number", "signed-value-not-read"}
        assert set(await findings(server, "m15")) == wanted
        assert wanted <= set((await stopped(server, "m15", number))["flags"])
    metrics = (await server.api.get(f"{server.running.http_url}/metrics")).text
    for slug in wanted:
        assert f'borne_findings_total{{finding="{slug}"}}' in metrics


@pytest.mark.parametrize(
    ("text", "wh"),
    [
        ("1700 Wh", 1700.0),
        ("1.7kWh", 1700.0),
        (" 1700 ", 1700.0),
        ("1700,5", 1700.5),
        ("1,700", None),
        ("1_700", None),
        ("1e400", None),
        ("", None),
        ("17 parrots", None),
    ],
)
async def test_odd_texts_of_a_value_are_read_or_left_out_and_noted(
    server: LiveServer, text: str, wh: float | None
) -> None:
    """A number that can mean one thing only is used, with its unit; all else is left out. Both are said."""
    name = f"text-{len(server.rows('SELECT 1 FROM stations'))}"
    async with server.station(name) as station:
        value = [{"timestamp": AT, "sampledValue": [{"value": text}]}]
        await station.ask("MeterValues", {"connectorId": 1, "meterValue": value})
        expected = "sampled-value-not-a-number" if wh is None else "odd-number"
        assert await findings(server, name) == [expected]
    stored = server.rows("SELECT value, unit FROM meter_samples WHERE station_id = ?", name)
    assert stored == ([] if wh is None else [(wh, "Wh")])


BAD_STOPS: dict[str, dict[str, Any]] = {
    "idTag": {"idTag": {}},
    "timestamp": {"timestamp": None},
    "phase": {"transactionData": [{"timestamp": LATER, "sampledValue": [{"value": "1", "phase": {}}]}]},
    "reason": {"reason": ["Local"]},
    "item": {"transactionData": [None, VALUE]},
}


@pytest.mark.parametrize("part", BAD_STOPS)
async def test_a_part_that_nobody_needs_is_left_out(server: LiveServer, part: str) -> None:
    """Rule 18: the stop is answered, the energy is right, and the message is kept as it came."""
    name = f"part-{part.lower()}"
    async with server.station(name) as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "meterStop": 3000, "timestamp": LATER} | BAD_STOPS[part]
        await station.ask("StopTransaction", stop)
        found = await stopped(server, name, number)
        assert (found["is_open"], found["energy_wh"]) == (False, 2000.0)
        slug = "required-unknown" if part == "timestamp" else "part-left-out"
        assert slug in found["flags"]
        ((raw, reason),) = kept(server, name)
        assert b"StopTransaction" in raw
        assert reason.startswith(f"partly-read: $.{part if part in stop else 'transactionData'}")


async def test_a_start_without_a_readable_token_gets_its_number(server: LiveServer) -> None:
    """Nobody is charged: the token is Invalid; but the stop that names the number finds its transaction."""
    async with server.station("token") as station:
        start = {"connectorId": 1, "idTag": {}, "meterStart": 1000, "timestamp": AT}
        answer = await station.ask("StartTransaction", start)
        assert answer["idTagInfo"]["status"] == "Invalid"
        stop = {"transactionId": answer["transactionId"], "meterStop": 1500, "timestamp": LATER}
        await station.ask("StopTransaction", stop)
        found = await stopped(server, "token", answer["transactionId"])
        assert (found["energy_wh"], found["id_token"]) == (500.0, None)
        assert {"required-unknown", "token-refused"} <= set(found["flags"])


async def test_a_stop_without_its_reading_takes_that_of_the_samples(server: LiveServer) -> None:
    """Not for ever open, and not for nothing: what was metered counts, and the flag says what was missing."""
    async with server.station("reading") as station:
        number = await start_v16(station)
        stop = {"transactionId": number, "timestamp": LATER, "transactionData": [VALUE]}
        await station.ask("StopTransaction", stop)
        found = await stopped(server, "reading", number)
        assert (found["is_open"], found["energy_wh"]) == (False, 1500.0)
        assert "required-unknown" in found["flags"]


async def test_a_stop_of_nobody_ends_the_only_open_transaction(server: LiveServer) -> None:
    """A transaction id that cannot be read is like none (quirk 36)."""
    async with server.station("nobody") as station:
        number = await start_v16(station)
        await station.ask("StopTransaction", {"transactionId": [], "meterStop": 3000, "timestamp": LATER})
        found = await stopped(server, "nobody", number)
        assert (found["is_open"], found["energy_wh"]) == (False, 2000.0)
        assert "matched" in found["flags"]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_an_event_with_unreadable_parts_belongs_to_its_transaction(
    server: LiveServer, version: str
) -> None:
    """Number, trigger, time and token unknown, a list an object: it is answered, and the energy is right."""
    name = f"event-{version}"

    def event(kind: str, seq_no: Any, at: Any, wh: Any, **more: Any) -> dict[str, Any]:
        info = {"transactionId": "T"}
        values = {"timestamp": at, "sampledValue": {"value": wh}}
        return {
            "eventType": kind,
            "timestamp": at,
            "triggerReason": "Authorized",
            "seqNo": seq_no,
            "transactionInfo": info,
            "meterValue": [values],
        } | more

    async with server.station(name, version) as station:
        await station.ask("TransactionEvent", event("Started", 0, AT, 1000))
        bad = event("Updated", [], AT, 2000, triggerReason={}, timestamp=None, idToken={"type": 5})
        assert await station.ask("TransactionEvent", bad) == await station.ask("TransactionEvent", bad)
        await station.ask("TransactionEvent", event("Ended", 2, LATER, 4000, evse={"id": "x"}))
        found: dict[str, Any] = await server.get("/transactions/T", station=name)
        assert (found["is_open"], found["energy_wh"]) == (False, 3000.0)
        assert {"required-unknown", "part-left-out", "item-for-list"} <= set(found["flags"])
    assert len(kept(server, name)) == 2


async def test_what_is_no_json_or_says_nothing_is_refused_as_ever(server: LiveServer) -> None:
    """Kept in quarantine first."""
    async with server.station("nothing") as station:
        for number, payload in enumerate(("{}", '{"meterStop":[]}', '{"meterStop":', "[]")):
            await station.send(f'[2,"x{number}","StopTransaction",{payload}]')
        frames = await station.until_frames(5)
        assert [frame[0] for frame in frames[1:]] == [4, 4, 4, 4]
    assert len(kept(server, "nothing")) == 4
