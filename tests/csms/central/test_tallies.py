"""What stations do now is counted by the news, and begins with what is stored."""

from pathlib import Path

import pytest

from tests.field.test_energy import event, read
from tests.support.server import LiveServer, live_server
from tests.support.waiting import patient_http

BEGIN = {"value": "936120", "context": "Transaction.Begin"}
START = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": "2026-05-01T10:00:00Z"}


async def numbers(server: LiveServer) -> dict[str, float]:
    """The tallies among the metrics, and those with labels."""
    headers = {"Authorization": f"Bearer {server.running.token}"}
    async with patient_http(headers=headers) as http:
        text = (await http.get(f"{server.running.http_url}/metrics")).text
    rows = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in rows}


async def test_faults_charges_and_energy_are_counted_over_a_restart(tmp_path: Path) -> None:
    """What was going on is going on; energy is that of transactions that ended since the start."""
    async with live_server(tmp_path) as server:
        await server.add_token("T1")
        async with server.station("cp1") as station:
            await station.ask("StartTransaction", START)
            for connector in (1, 2):
                fault = {"connectorId": connector, "errorCode": "GroundFailure", "status": "Faulted"}
                await station.ask("StatusNotification", fault)
            told = await numbers(server)
            assert told["borne_transactions_open"] == 1
            assert told["borne_connectors_faulted"] == 2
    async with live_server(tmp_path) as server, server.station("cp1") as station:
        told = await numbers(server)
        assert (told["borne_transactions_open"], told["borne_connectors_faulted"]) == (1, 2)
        fine = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
        await station.ask("StatusNotification", fine)
        stop = {"transactionId": 1, "meterStop": 1500, "timestamp": "2026-05-01T11:00:00Z"}
        await station.ask("StopTransaction", stop)
        told = await numbers(server)
        assert (told["borne_transactions_open"], told["borne_connectors_faulted"]) == (0, 1)
        assert told["borne_energy_wh"] == 1500
        assert told["borne_ready"] == 1
        assert told["process_resident_memory_bytes"] > 1e6


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_charge_under_an_id_that_came_again_is_counted(tmp_path: Path, version: str) -> None:
    """The late end of the first transaction of the id is not that of the second."""
    async with live_server(tmp_path) as server, server.station("cp1", version) as station:
        await event(station, "Started", 0, [read(0)], at="2026-05-01T10:00:00Z")
        await event(station, "Started", 0, [read(900)], at="2026-05-01T11:00:00Z")
        assert (await numbers(server))["borne_transactions_open"] == 1
        await event(station, "Ended", 5, [read(800)], at="2026-05-01T10:30:00Z")
        assert (await numbers(server))["borne_transactions_open"] == 1
        await event(station, "Ended", 1, [read(1000)], at="2026-05-01T11:30:00Z")
        assert (await numbers(server))["borne_transactions_open"] == 0


async def test_lifecycle_states_and_blockers_are_counted(tmp_path: Path) -> None:
    """As stations move, without counting them anew; one that is forgotten counts no more."""
    async with live_server(tmp_path, unknown="quarantine") as server:
        async with server.station("0024b1000001", boots=False) as station:
            await station.ask("BootNotification", {"chargePointVendor": "A", "chargePointModel": "B"})
            told = await numbers(server)
            assert told['borne_stations{state="quarantine"}'] == 1
            assert told['borne_stations_blocked{code="E_NOT_ORDERED"}'] == 1
        await server.post("/adoptions", {"station_id": "0024b1000001"}, 201)
        told = await numbers(server)
        assert told['borne_stations{state="quarantine"}'] == 0
        assert told['borne_stations_blocked{code="E_NOT_ORDERED"}'] == 0
        assert sum(count for name, count in told.items() if name.startswith("borne_stations{")) == 1


async def test_energy_counts_once_a_person_has_decided(tmp_path: Path) -> None:
    """What is held is provisional, over a restart too; what was decided counts once, as it was decided."""
    async with live_server(tmp_path) as server, server.station("cp1") as station:
        begin = {"timestamp": "2026-05-01T10:01:00Z", "sampledValue": [BEGIN]}
        for meter_start, meter_stop in ((-1, 937_000), (0, 1500)):  # 880 Wh of the first are plausible
            started = await station.ask("StartTransaction", START | {"meterStart": meter_start})
            number = started["transactionId"]
            if meter_start < 0:
                values = {"connectorId": 1, "transactionId": number, "meterValue": [begin]}
                await station.ask("MeterValues", values)
            stop = {"transactionId": number, "meterStop": meter_stop, "timestamp": "2026-05-01T11:00:00Z"}
            await station.ask("StopTransaction", stop)
        (held,) = await server.get("/transactions", review="held")
        assert (held["is_provisional"], held["energy_wh"]) == (True, 880)
        assert (await numbers(server))["borne_energy_wh"] == 1500
    async with live_server(tmp_path) as server:
        path = f"/transactions/{held['transaction_id']}/review?station=cp1"
        for energy_wh in (700, 800):
            await server.post(path, {"decision": "correct", "reason": "seen", "energy_wh": energy_wh})
        assert (await numbers(server))["borne_energy_wh"] == 700
