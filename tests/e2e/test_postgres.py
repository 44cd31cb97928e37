"""`borne up --database-url postgresql://…`: one process, its database on a server."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import websockets

from tests.parity.teller import TELLERS, Moment
from tests.support.postgres import PostgresServer
from tests.support.process import ServerProcess, free_port
from tests.support.server import live_server
from tests.support.waiting import PATIENCE_S, patient_http
from tests.support.wire_station import VERSIONS, connected

FIRST, LAST = Moment("2026-01-05T12:00:00Z", 1000), Moment("2026-01-05T12:30:00Z", 5000)
START = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": "2026-05-01T10:00:00Z"}


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_charge_goes_on_over_a_restart(
    version: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    """Boot and start; the server is started anew; a start that comes again gets its first answer."""
    name = f"cp-{version}"
    with postgres.database() as url:
        answers: list[Any] = []
        for is_second in (False, True):
            async with live_server(tmp_path, database_url=url) as server:
                await server.add_token("T1")
                async with server.station(name, version, boots=False) as station:
                    teller = TELLERS[version](station, name)
                    assert (await teller.boot())["status"] == "Accepted"
                    answers.append(await start(teller, station, version))
                    if is_second:
                        await teller.stop("T1", LAST, "Local")
                await server.until_offline(name)
                found = server.rows("SELECT energy_wh, ended_at IS NOT NULL FROM transactions")
        assert answers[0] == answers[1]
        assert found == [(4000.0, True)]
    assert not (tmp_path / "borne.db").exists()


async def start(teller: Any, station: Any, version: str) -> dict[str, Any]:
    """The same message each time, under the same id."""
    if version == "1.6":
        payload = teller._start("T1", FIRST)
        answer: dict[str, Any] = await station.ask("StartTransaction", payload, message_id="start-1")
        teller.transaction_id = str(answer["transactionId"])
        return answer
    teller.transaction_id = f"t-{teller.name}"
    event = {
        "eventType": "Started",
        "timestamp": FIRST.at,
        "triggerReason": "Authorized",
        "seqNo": 0,
        "transactionInfo": {"transactionId": teller.transaction_id},
        "evse": {"id": 1, "connectorId": 1},
        "idToken": {"idToken": "T1", "type": "ISO14443"},
        "meterValue": [
            {
                "timestamp": FIRST.at,
                "sampledValue": [{"value": FIRST.register_wh, "context": "Transaction.Begin"}],
            }
        ],
    }
    answered: dict[str, Any] = await station.ask("TransactionEvent", event, message_id="start-1")
    return answered


async def until_ready(http: httpx.AsyncClient, status: int) -> dict[str, str]:
    """What /readyz says once its status is that."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = await http.get("/readyz")
            if answer.status_code == status:
                return dict(answer.json())
            await asyncio.sleep(0.1)  # another process: only looking tells


async def test_a_server_that_goes_away_is_told_everywhere_and_survived(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """503 at /readyz with why, 1013 and 503 for stations; when it is back, all works, and nothing is lost."""
    with postgres.database() as url:
        name = url.rsplit("/", 1)[1]
        options = ("--unknown", "accept", "--log-format", "json")
        async with ServerProcess(tmp_path / "var", *options, env={"BORNE_DATABASE_URL": url}) as server:
            headers = {"Authorization": f"Bearer {server.token}"}
            async with patient_http(base_url=server.http_url, headers=headers) as http:
                assert (await http.put("/api/v1/tokens/T1", json={"status": "Accepted"})).is_success
                async with connected(f"{server.ocpp_url}/cp1") as station:
                    shut = f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'
                    kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                    postgres.run(shut, kill)
                    with pytest.raises(ConnectionError):
                        await station.call("StartTransaction", START)
                    assert (await station.until_closed())[0] == 1013
                problem = await until_ready(http, 503)
                assert "database server" in problem["detail"]
                with pytest.raises(websockets.InvalidStatus, match="503"):
                    async with connected(f"{server.ocpp_url}/cp2"):
                        pass
                postgres.run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
                assert await until_ready(http, 200) == {"status": "ready"}
                async with connected(f"{server.ocpp_url}/cp1") as station:
                    assert (await station.ask("StartTransaction", START))["transactionId"] == 1
        assert postgres.server["password"] not in server.log
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM transactions").fetchone() == (1,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "s3cr3t"}, "refuses the user"),
        ({"port": None, "password": "s3cr3t"}, "does not answer"),
    ],
    ids=["wrong password", "server away"],
)
async def test_why_it_cannot_start_is_one_line_without_the_password(
    changes: dict[str, Any], words: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    """As for a file that cannot be opened."""
    if "port" in changes:
        changes = changes | {"port": free_port()}
    url = postgres.url("postgres", **changes)
    with pytest.raises(AssertionError) as caught:
        async with ServerProcess(tmp_path / "var", env={"BORNE_DATABASE_URL": url, "LANG": "C"}):
            pass
    told = str(caught.value)
    assert words in told
    assert "s3cr3t" not in told
    assert "Traceback" not in told


async def test_nul_in_what_people_and_stations_write_fails_nothing(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """SQLite keeps it; here it is shown as a sign, and found again by whoever writes it."""
    with postgres.database() as url:
        async with live_server(tmp_path, database_url=url) as server:
            for path in ("/stations/a%00b", "/transactions?station=%00", "/transactions?id_token=%00"):
                assert (await server.api.get(path)).status_code < 500, path
            note = {"status": "Accepted", "note": "a\x00b"}
            assert (await server.api.put("/tokens/T%00x", json=note)).is_success
            async with server.station("cp1") as station:
                await station.ws.close(1000, "a\x00b")
            await server.until_offline("cp1")
            assert server.rows("SELECT reason FROM links") == [("1000 a\u2400b",)]
            assert server.rows("SELECT value, note FROM tokens") == [("T\u2400x", "a\u2400b")]
