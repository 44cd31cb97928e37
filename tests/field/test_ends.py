"""Readings without a number, ends that never come, tokens of two types: on a real socket."""

from pathlib import Path
from typing import Any

import pytest

from console.station_values import connector_row
from console.words import Words
from csms.api.inventory_views import ConnectorAnswer
from tests.field.cases import CASES
from tests.field.test_energy import event, read, start16
from tests.support.server import LiveServer, live_server, server

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-01-05T12:{:02}:00Z"


async def transactions(server: LiveServer, station_id: str, **query: Any) -> list[dict[str, Any]]:
    """The transactions of a station, newest first."""
    return list(await server.get("/transactions", station=station_id, **query))


def clock_values(register: int, number: int | None, minute: int = 5) -> dict[str, Any]:
    """A clock-aligned 1.6 MeterValues of connector 1."""
    sample = {"value": str(register), "context": "Sample.Clock"}
    payload: dict[str, Any] = {"connectorId": 1}
    payload["meterValue"] = [{"timestamp": AT.format(minute), "sampledValue": [sample]}]
    return payload | ({"transactionId": number} if number is not None else {})


@pytest.mark.parametrize("number", [None, 0, -1, -16, 4294967295, 77])
async def test_m7_clock_aligned_values_without_their_transaction(
    server: LiveServer, number: int | None
) -> None:
    """They are of the only transaction open on that connector."""
    assert CASES["M7"]["right"] == "linked to the only open transaction on that connector"
    name = f"m7-{number}".replace("--", "-minus-")
    async with server.station(name) as station:
        await start16(station, 1000)
        await station.ask("MeterValues", clock_values(3000, number))
        (one,) = await transactions(server, name)
        assert (one["energy_wh"], one["is_open"]) == (2000, True)
        detail = await server.get(f"/transactions/{one['transaction_id']}", station=name)
        assert [each["value"] for each in detail["samples"]] == [3000]


async def test_values_of_an_unknown_number_leave_nothing_open(server: LiveServer) -> None:
    """With nothing open on the connector, they make no transaction that goes on."""
    async with server.station("m7-orphan") as station:
        await station.ask("MeterValues", clock_values(3000, 77))
        assert await transactions(server, "m7-orphan", open="true") == []
        (one,) = await transactions(server, "m7-orphan")
        assert "orphan" in one["flags"]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_transaction_of_a_client_that_crashed_ends_with_the_next_start(
    server: LiveServer, version: str
) -> None:
    """Seen: `is_open: true, flags: []` for ever."""
    name = f"crash-{version}"
    async with server.station(name, version) as station:
        await event(station, "Started", 0, [read(1000)])
        await event(station, "Updated", 1, [read(1700)])
        await event(station, "Started", 0, [read(1700)], at=AT.format(30), info={"transactionId": "NEXT"})
        newest, first = await transactions(server, name)
        assert (newest["transaction_id"], newest["is_open"]) == ("NEXT", True)
        assert (first["is_open"], first["energy_wh"]) == (False, 700)
        assert "superseded" in first["flags"]
        assert [each["transaction_id"] for each in await transactions(server, name, open="true")] == ["NEXT"]


async def test_t10_one_value_under_two_types(server: LiveServer) -> None:
    """Two tokens, each with its own verdict; 1.6 tells no type and gets the stricter one."""
    assert CASES["T10"]["right"] == "two tokens (2.0.1 IdTokenType: value and type)"
    await server.post("/tokens", {"value": "DUAL01", "type": "ISO14443"}, 201)
    await server.post("/tokens", {"value": "DUAL01", "type": "Central"}, 201)
    blocked = await server.api.put("/tokens/DUAL01", json={"type": "Central", "status": "Blocked"})
    assert blocked.status_code == 200
    for version in ("2.0.1", "2.1"):
        async with server.station(f"t10-{version}", version) as station:
            for kind, status in (("ISO14443", "Accepted"), ("Central", "Blocked"), ("KeyCode", "Unknown")):
                token = {"idToken": "dual01", "type": kind}
                answer = await station.ask("Authorize", {"idToken": token})
                assert answer["idTokenInfo"]["status"] == status
    async with server.station("t10-16") as station:
        answer = await station.ask("Authorize", {"idTag": "DUAL01"})
        assert answer["idTagInfo"]["status"] == "Blocked"


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_what_is_metered_outside_of_a_transaction_is_seen(server: LiveServer, version: str) -> None:
    """The connector's register and power, in the view of the station and on its page."""
    name = f"idle-{version.replace('.', '-')}"
    async with server.station(name, version) as station:
        power: dict[str, Any] = {"measurand": "Power.Active.Import"}
        if version == "1.6":
            status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
            samples = [{"value": "3000"}, power | {"value": "40", "unit": "W"}]
            where: dict[str, Any] = {"connectorId": 1}
        else:
            status = {"evseId": 1, "connectorId": 1, "connectorStatus": "Available"} | {
                "timestamp": AT.format(0)
            }
            samples = [{"value": 3000}, power | {"value": 40, "unitOfMeasure": {"unit": "W"}}]
            where = {"evseId": 1}
        await station.ask("StatusNotification", status)
        values = [{"timestamp": AT.format(1), "sampledValue": samples}]
        await station.ask("MeterValues", where | {"meterValue": values})
        (connector,) = (await server.get(f"/stations/{name}"))["connectors"]
        assert (connector["register_wh"], connector["power_w"]) == (3000, 40)
        words = Words("fr")
        row = connector_row(ConnectorAnswer(**connector), words)
        assert (row["power"], row["register"]) == (words.power(40), words.energy(3000))


async def test_a_transaction_is_ended_by_hand_and_by_its_late_stop(server: LiveServer) -> None:
    """Who, when and why stand with it; it counts as open nowhere; the real end corrects it."""
    async with server.station("by-hand") as station:
        number = await start16(station, 1000)
        await server.post(f"/transactions/{number}/end", {"reason": "cable found on the floor"})
        assert await transactions(server, "by-hand", open="true") == []
        detail = await server.get(f"/transactions/{number}")
        (decided,) = detail["reviews"]
        assert (decided["decision"], decided["reason"]) == ("end", "cable found on the floor")
        assert "ended-by-hand" in detail["flags"]
        stop = {"transactionId": number, "meterStop": 3000, "timestamp": AT.format(30)}
        await station.ask("StopTransaction", stop)
        (one,) = await transactions(server, "by-hand")
        assert (one["energy_wh"], one["ended_at"]) == (2000, AT.format(30))


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_an_id_that_comes_again_is_another_transaction(server: LiveServer, version: str) -> None:
    """The station's counter began anew: each has its energy, and a number of ours tells them apart."""
    name = f"again-{version}"
    async with server.station(name, version) as station:
        for start, register in ((0, 1000), (30, 5000)):
            await event(station, "Started", 0, [read(register)], at=AT.format(start))
            await event(station, "Ended", 1, [read(register + 700)], at=AT.format(start + 9))
        second, first = await transactions(server, name)
        assert [each["energy_wh"] for each in (first, second)] == [700, 700]
        path = f"/transactions/{first['transaction_id']}"
        ambiguous = await server.api.get(path, params={"station": name})
        assert (ambiguous.status_code, ambiguous.json()["code"]) == (409, "transaction_ambiguous")
        one = await server.get(path, station=name, number=first["number"])
        assert [each["value"] for each in one["samples"]] == [1000, 1700]
    quarantine = await server.get("/quarantine", station=name)
    assert quarantine == []


async def test_t3_one_tag_at_two_connectors_and_two_stations(tmp_path: Path) -> None:
    """Where policy says one at a time: its retry is the same transaction, its second is ConcurrentTx."""
    assert CASES["T3"]["right"] == "retry: same id; second: ConcurrentTx where policy says so (1.6 §7.2)"
    start = {"connectorId": 1, "idTag": "GOOD1", "meterStart": 0, "timestamp": AT.format(0)}
    async with live_server(tmp_path, concurrent_transactions=1, concurrent_group_transactions=2) as server:
        await server.post("/tokens", {"value": "GOOD1", "group_id_token": "FLEET"}, 201)
        await server.post("/tokens", {"value": "GOOD2", "group_id_token": "fleet"}, 201)
        await server.post("/tokens", {"value": "GOOD3", "group_id_token": "FLEET"}, 201)
        async with server.station("t3-a") as one, server.station("t3-b") as other:
            first = await one.ask("StartTransaction", start)
            assert first["idTagInfo"]["status"] == "Accepted"
            assert await one.ask("StartTransaction", start) == first
            for station in (one, other):
                refused = await station.ask("StartTransaction", start | {"connectorId": 2})
                assert refused["idTagInfo"]["status"] == "ConcurrentTx"
                assert refused["transactionId"] != first["transactionId"]
            for name, connector, status in (("GOOD2", 3, "Accepted"), ("GOOD3", 4, "ConcurrentTx")):
                answer = await other.ask(
                    "StartTransaction", start | {"connectorId": connector, "idTag": name.lower()}
                )
                assert answer["idTagInfo"]["status"] == status
        async with server.station("t3-c", "2.0.1") as station:
            token: Any = {"idToken": {"idToken": "good1", "type": "ISO14443"}}
            asked = await station.ask("Authorize", token)
            assert asked["idTokenInfo"]["status"] == "Accepted", "only a start is ConcurrentTx"
            answer = await event(station, "Started", 0, [read(0)], info={"transactionId": "C"}, **token)
            assert answer["idTokenInfo"]["status"] == "ConcurrentTx"
        (found,) = await transactions(server, "t3-c")
        assert "token-refused" in found["flags"]


async def test_without_a_policy_a_tag_charges_where_it_likes(server: LiveServer) -> None:
    """The limit is off unless somebody sets it."""
    await server.post("/tokens", {"value": "FREE"}, 201)
    for name in ("free-a", "free-b"):
        async with server.station(name) as station:
            start = {"connectorId": 1, "idTag": "FREE", "meterStart": 0, "timestamp": AT.format(0)}
            assert (await station.ask("StartTransaction", start))["idTagInfo"]["status"] == "Accepted"
