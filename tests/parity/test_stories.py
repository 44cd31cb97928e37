"""Each story is told once per OCPP version; what is stored of it is the same, whatever the words were."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.parity.teller import INTERVAL, TELLERS, Moment, Teller
from tests.support.server import LiveServer
from tests.support.wire_station import VERSIONS

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOLD = [
    Moment("2026-01-05T12:00:00Z", 1000),
    Moment("2026-01-05T12:10:00Z", 2500),
    Moment("2026-01-05T12:20:00Z", 4000),
    Moment("2026-01-05T12:30:00Z", 5000),
]
TRANSACTION = (
    "evse_id, connector_id, id_token, id_token_type, started_at, ended_at, energy_wh, power_w, "
    "meter_start_wh, meter_stop_wh, stopped_reason, cost_micro, flags"
)
SAMPLES = "evse_id, measurand, value, unit, at, phase, location"
Story = Callable[[Teller, LiveServer], Awaitable[Any]]


async def tell(server: LiveServer, title: str, story: Story) -> list[tuple[str, Any]]:
    """The story in each version, one after the other: (station id, what it came to)."""
    results = []
    for version in VERSIONS:
        name = f"{title}-{version}"
        async with server.station(name, version, boots=False) as station:
            teller = TELLERS[version](station, name)
            assert (await teller.boot())["status"] == "Accepted"
            results.append((name, await story(teller, server)))
        await server.until_offline(name)
    return results


def assert_alike(
    server: LiveServer, told: list[tuple[str, Any]], columns: str, table: str, more: str = ""
) -> Any:
    """The rows of the table are the same for each version; they are returned."""
    stored = [
        server.rows(f"SELECT {columns} FROM {table} WHERE station_id = ? {more}", name) for name, _ in told
    ]
    assert stored[0], f"nothing in {table}"
    for version, rows in zip(VERSIONS, stored, strict=True):
        assert rows == stored[0], f"{table} of {version}"
    return stored[0]


def assert_same_end(told: list[tuple[str, Any]]) -> Any:
    """The story came to the same in each version."""
    for name, end in told:
        assert end == told[0][1], name
    return told[0][1]


async def test_boot(server: LiveServer) -> None:
    """Who it is, what it was told, and that it left: the station, its link."""

    async def story(teller: Teller, _server: LiveServer) -> Any:
        return (await teller.boot())["interval"]

    told = await tell(server, "boot", story)
    assert assert_same_end(told) == 300
    columns = "vendor, model, serial_number, firmware_version, registration"
    assert assert_alike(server, told, columns, "stations") == [("Acme", "One", "S-1", "1.2.3", "Accepted")]
    assert_alike(server, told, "peer, security, findings, disconnected_at IS NOT NULL", "links")
    versions = [
        server.rows("SELECT version FROM stations WHERE station_id = ?", name)[0][0] for name, _ in told
    ]
    assert versions == list(VERSIONS)


async def test_status(server: LiveServer) -> None:
    """The five states; 1.6's nine map onto them."""
    for word in ("Available", "Occupied", "Reserved", "Unavailable", "Faulted"):

        async def story(teller: Teller, _server: LiveServer, word: str = word) -> None:
            await teller.status(word, TOLD[0].at)

        told = await tell(server, f"status-{word.lower()}", story)
        assert assert_alike(server, told, "evse_id, connector_id, status, at", "connectors")[0][:3] == (
            1,
            1,
            word,
        )


async def test_charge(server: LiveServer) -> None:
    """Authorize, start, two samples, stop: one transaction with its energy and all samples between."""
    await server.add_token("PARITY")

    async def story(teller: Teller, server: LiveServer) -> Any:
        verdicts = [await teller.authorize("PARITY"), await teller.start("PARITY", TOLD[0])]
        for moment, power in zip(TOLD[1:3], (9000, 7000), strict=True):
            await teller.meter(moment, power)
        running = await server.get(f"/transactions/{teller.transaction_id}", station=teller.name)
        await teller.stop("PARITY", TOLD[3], "EVDisconnected")
        return verdicts, running["is_open"], running["energy_wh"], running["power_w"]

    told = await tell(server, "charge", story)
    assert assert_same_end(told) == (["Accepted", "Accepted"], True, 3000.0, 7000.0)
    ((*_, reason, _cost, flags),) = assert_alike(server, told, TRANSACTION, "transactions")
    assert (reason, flags) == ("EVDisconnected", "")
    between = "AND context = 'Sample.Periodic' ORDER BY at, measurand"
    assert len(assert_alike(server, told, SAMPLES, "meter_samples", between)) == 4
    assert [row[0] for row in assert_alike(server, told, "energy_wh", "transactions")] == [4000.0]


async def test_authorize_refused(server: LiveServer) -> None:
    """A token that is blocked; the station charges all the same: kept, flagged, told again."""
    await server.add_token("STOLEN", "Blocked")

    async def story(teller: Teller, _server: LiveServer) -> Any:
        verdicts = [await teller.authorize("stolen"), await teller.start("stolen", TOLD[0])]
        await teller.stop("stolen", TOLD[3], "DeAuthorized")
        return verdicts

    told = await tell(server, "refused", story)
    assert assert_same_end(told) == ["Blocked", "Blocked"]
    ((*_, flags),) = assert_alike(server, told, TRANSACTION, "transactions")
    assert "token-refused" in flags


async def test_offline_replay(server: LiveServer) -> None:
    """DUR-05, DUR-06: an old transaction, each message twice: stored once, with the times of the station."""
    await server.add_token("PARITY")

    async def story(teller: Teller, _server: LiveServer) -> None:
        await teller.replay("PARITY", TOLD)

    told = await tell(server, "offline", story)
    assert len(assert_alike(server, told, TRANSACTION, "transactions")) == 1
    between = "AND context = 'Sample.Periodic' ORDER BY at, measurand"
    assert len(assert_alike(server, told, SAMPLES, "meter_samples", between)) == 4


async def test_remote_start_and_stop(server: LiveServer) -> None:
    """The same command through the API, the same question to the station, the same row of its end."""

    async def story(teller: Teller, server: LiveServer) -> Any:
        body = {"id_token": "PARITY", "evse_id": 1, "remote_start_id": 9}
        started = await server.command(teller.name, "remote-start", **body)
        await teller.start("PARITY", TOLD[0])
        stopped = await server.command(teller.name, "remote-stop", transaction_id=teller.transaction_id)
        assert teller.remote_stop_asked() == teller.transaction_id
        await teller.stop("PARITY", TOLD[3], "Remote")
        refused = await server.command(teller.name, "reset")
        return [each["answer"] for each in (started, stopped, refused)], teller.remote_start_asked()

    told = await tell(server, "remote", story)
    answers, asked = assert_same_end(told)
    assert [each["is_accepted"] for each in answers] == [True, True, False]
    assert asked == {"id_token": "PARITY", "evse_id": 1}
    ends = assert_alike(server, told, "command, outcome, status, error_code", "commands", "ORDER BY sent_at")
    assert [row[1:3] for row in ends] == [
        ("result", "Accepted"),
        ("result", "Accepted"),
        ("result", "Rejected"),
    ]
    assert_alike(server, told, TRANSACTION, "transactions")


async def test_local_list(server: LiveServer) -> None:
    """Two tokens, one of them blocked, under version 3."""

    async def story(teller: Teller, server: LiveServer) -> Any:
        entries = [{"id_token": "ONE"}, {"id_token": "TWO", "status": "Blocked"}]
        await server.command(teller.name, "send-local-list", version=3, entries=entries)
        version = await server.command(teller.name, "get-local-list-version")
        return teller.local_list_asked(), version["answer"]["local_list_version"]

    told = await tell(server, "list", story)
    assert assert_same_end(told) == (
        {"version": 3, "update": "Full", "tokens": {"ONE": "Accepted", "TWO": "Blocked"}},
        3,
    )
    assert_alike(server, told, "command, arguments, outcome, status", "commands", "ORDER BY sent_at")


async def test_variables(server: LiveServer) -> None:
    """One name in every version: 1.6's key is a view of it; what was read is stored."""

    async def story(teller: Teller, server: LiveServer) -> Any:
        await server.command(teller.name, "set-variables", variables=[INTERVAL | {"value": "42"}])
        read = await server.command(teller.name, "get-variables", variables=[INTERVAL])
        return [(each["name"], each["value"], each["status"]) for each in read["answer"]["variables"]]

    told = await tell(server, "variables", story)
    assert assert_same_end(told)[0][1:] == ("42", "Accepted")
    rows = assert_alike(server, told, "component, variable, value", "variables")
    assert rows == [("OCPPCommCtrlr", "HeartbeatInterval", "42")]


async def test_availability(server: LiveServer) -> None:
    """EVSE 1 out of service: the same command and end."""

    async def story(teller: Teller, server: LiveServer) -> Any:
        body = {"availability": "Inoperative", "evse_id": 1}
        return (await server.command(teller.name, "change-availability", **body))["answer"]["status"]

    told = await tell(server, "availability", story)
    assert assert_same_end(told) == "Accepted"
    assert_alike(server, told, "command, arguments, outcome", "commands")
