"""The running server from outside: who comes in and how it is shown, what is kept, what a bad disk does."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import websockets

from tests.support.payloads import AT, EVENT, START
from tests.support.server import LiveServer, live_server
from tests.support.tls_files import CertificateFiles, self_signed
from tests.support.waiting import patient_http, until
from tests.support.websocket import WAIT_S
from tests.support.wire_station import AGREED, VERSIONS, Answer, basic, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = b"\x8fcorrect:horse\xff"
MAC = "0024b1000001"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def secured(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[LiveServer, CertificateFiles]]:
    """A server with TLS that knows the secrets of two stations."""
    files = self_signed(tmp_path_factory.mktemp("tls"))
    async with live_server(
        tmp_path_factory.mktemp("secured"),
        secrets={"safe": SECRET, MAC: SECRET},
        tls_certificate=files.certificate,
        tls_key=files.key,
    ) as live:
        yield live, files


# --- Coming in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
async def test_tls_with_a_password(secured: tuple[LiveServer, CertificateFiles], version: str) -> None:
    """Security profile 2: wss on the port with TLS, Basic auth, and it is shown as what it is."""
    server, files = secured
    port = next(each.port for each in server.running.listening if each.is_secure)
    url = f"wss://127.0.0.1:{port}/ocpp/safe"
    trust = ssl.create_default_context(cafile=str(files.certificate))
    async with connected(url, version, ssl=trust, additional_headers=basic("safe", SECRET)) as station:
        assert (await station.ask("Heartbeat"))["currentTime"]
        link = await server.link("safe")
        assert link is not None
        assert (link["security"], link["is_unauthenticated"]) == ("tls_basic_auth", False)
    await server.until_offline("safe")


@pytest.mark.parametrize(
    "url", ["00%3A24%3AB1%3A00%3A00%3A01", "00:24:b1:00:00:01", "00-24-B1-00-00-01", "0024B1000001"]
)
async def test_a_mac_in_any_spelling_with_colons_everywhere(
    secured: tuple[LiveServer, CertificateFiles], url: str
) -> None:
    """Quirks 11, 12: the username is split off by the identity, not at the first colon; one name for all."""
    server, _ = secured
    username = url.replace("%3A", ":")
    async with server.station(url, additional_headers=basic(username, SECRET)) as station:
        assert (await station.ask("Heartbeat"))["currentTime"]
        assert (await server.get(f"/stations/{MAC}"))["is_online"]
        link = await server.link(MAC)
        assert link is not None
        assert link["security"] == "basic_auth"
    await server.until_offline(MAC)


@pytest.mark.parametrize(
    "headers",
    [{}, basic("safe", b"wrong"), basic("safe", b""), basic("other", SECRET), {"Authorization": "Basic ?"}],
    ids=["missing", "wrong", "empty", "other name", "unreadable"],
)
async def test_refusals_do_not_tell_who_exists(
    secured: tuple[LiveServer, CertificateFiles], headers: dict[str, str]
) -> None:
    """SEC-01, SEC-12: the same 401 for each way to be wrong; the operator sees which it was."""
    server, _ = secured
    url = f"http://127.0.0.1:{server.port}/ocpp/"
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Sec-WebSocket-Protocol": "ocpp1.6",
    }
    async with patient_http() as client:
        known = await client.get(url + "safe", headers=upgrade | headers)
        never_a_name = await client.get(url + "no:mac", headers=upgrade | headers)
    assert (
        (known.status_code, known.text) == (never_a_name.status_code, never_a_name.text) == (401, known.text)
    )
    assert dict(known.headers) | {"date": ""} == dict(never_a_name.headers) | {"date": ""}
    (attempt, *_) = await server.attempts("safe")
    assert (attempt["status"], attempt["reason"]) == (401, "refused")
    assert attempt["cause"]
    assert "wrong" not in attempt["first_bytes"]


async def test_without_a_password_it_is_marked(server: LiveServer) -> None:
    """A link that proved nothing says so, in the list and at the station."""
    async with server.station("open-door"):
        listed = {each["station_id"]: each for each in await server.get("/stations")}
        assert listed["open-door"]["link"]["is_unauthenticated"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Last failed attempts"), ("fr-CA,en;q=0.5", "Derniers essais")]
)
async def test_a_browser_is_told_what_to_type(server: LiveServer, language: str, words: str) -> None:
    """GET /ocpp/<anything>: the identity as it was read, the exact string, and what failed last."""
    url = f"http://127.0.0.1:{server.port}"
    async with patient_http(headers={"Accept-Language": language}) as browser:
        page = await browser.get(f"{url}/ocpp/Box%2D1")
        nothing = await browser.get(f"{url}/anything")
    assert page.status_code == nothing.status_code == 200
    assert words in page.text
    assert "<code>Box-1</code>" in page.text
    assert f"<code>ws://127.0.0.1:{server.port}/ocpp/Box%2D1</code>" in page.text
    assert "/ocpp/" in nothing.text


# --- What is said and kept ----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_secret_is_nowhere_but_on_the_wire(server: LiveServer, version: str) -> None:
    """SEC-10: neither in the wire log, nor in the commands, nor in any other row or file."""
    station_id, canary = f"canary-{version}", f"Kanarienvogel{version.replace('.', ''):0>5}"
    answers: dict[str, Answer] = {
        "ChangeConfiguration": {"status": "Accepted"},
        "SetVariables": {
            "setVariableResult": [
                {
                    "attributeStatus": "Accepted",
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                }
            ]
        },
    }
    name = {"component": "SecurityCtrlr", "variable": "BasicAuthPassword"}
    async with server.station(station_id, version, answers=answers) as station:
        body = {"variables": [name | {"value": canary, "is_secret": True}]}
        assert (await server.command(station_id, "set-variables", **body))["is_accepted"]
        assert canary in str(station.asked) or canary.encode().hex() in str(station.asked).lower()
        logged = str(await server.messages(station_id))
        assert "***" in logged
        assert canary not in logged
    await server.until_offline(station_id)
    for row in server.rows("SELECT * FROM commands"):
        assert canary not in str(row)
    assert canary not in str(server.logs)
    for file in server.var.iterdir():
        assert canary.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_thousand_pipelined_messages_are_answered_in_order(server: LiveServer, version: str) -> None:
    """RES-04 on the real database: all answered, all stored, in the order in which they came."""
    station_id = f"flood-{version}"
    async with server.station(station_id, version) as station:
        value = {"timestamp": AT, "sampledValue": [{"value": 0}]}
        target = {"connectorId": 1} if version == "1.6" else {"evseId": 1}
        answers = []
        for number in range(1000):
            value["sampledValue"] = [{"value": str(number) if version == "1.6" else number}]
            answers.append(
                await station.post("MeterValues", target | {"meterValue": [value]}, message_id=f"m{number}")
            )
        assert {(await answer)[0] for answer in answers} == {3}
        assert [frame[1] for frame in station.frames[1:]] == [f"m{number}" for number in range(1000)]
    rows = server.rows("SELECT value FROM meter_samples WHERE station_id = ? ORDER BY sample_id", station_id)
    assert [row[0] for row in rows] == [float(number) for number in range(1000)]


@pytest.mark.parametrize("version", VERSIONS)
async def test_invalid_billing_data_is_in_quarantine(server: LiveServer, version: str) -> None:
    """Rule 4: the CALLERROR of the version, and the message as it came in the database."""
    station_id = f"invalid-{version}"
    action = "StartTransaction" if version == "1.6" else "TransactionEvent"
    async with server.station(station_id, version) as station:
        frame = await station.call(action, {"seqNo": "many", "meterStart": {}})
        assert frame[0] == 4
    ((raw, reason),) = server.rows("SELECT raw, reason FROM quarantine WHERE station_id = ?", station_id)
    assert b'"seqNo": "many"' in raw
    assert reason.startswith(frame[2])


async def test_a_retry_gets_the_first_answer_again(server: LiveServer) -> None:
    """DUR-05, DUR-06: the same message id or a new one, on this connection or the next; one transaction."""
    async with server.station("again") as station:
        first = await station.ask("StartTransaction", START, message_id="one")
        assert await station.ask("StartTransaction", START, message_id="one") == first
        assert await station.ask("StartTransaction", START, message_id="two") == first
    await server.until_offline("again")
    async with server.station("again", boots=False) as station:
        assert await station.ask("StartTransaction", START, message_id="one") == first
    assert server.rows("SELECT count(*) FROM transactions WHERE station_id = 'again'") == [(1,)]


async def test_what_the_server_does_not_understand_it_says(server: LiveServer) -> None:
    """RPC-08: a refusal (A02.FR.12), a finding at the link, and a count among the metrics."""
    async with server.station("signer", "2.0.1") as station:
        assert (await station.ask("SignCertificate", {"csr": "x"}))["status"] == "Rejected"
        assert (await station.call("ClearCache", {}))[2] == "NotSupported"
        link = await server.link("signer")
        assert link is not None
        assert {"no-handler:SignCertificate", "no-handler:ClearCache"} <= set(link["findings"])
    metrics = await server.api.get(f"{server.running.http_url}/metrics")
    assert 'borne_findings_total{finding="no-handler:SignCertificate"}' in metrics.text


# --- Waiting to be accepted ---------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waiting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server that keeps unknown stations waiting."""
    async with live_server(
        tmp_path_factory.mktemp("waiting"), unknown="quarantine", pending_interval_s=7
    ) as live:
        yield live


@pytest.mark.parametrize("version", VERSIONS)
async def test_who_waits_may_boot_and_bill_and_answer(waiting: LiveServer, version: str) -> None:
    """CONF-03, B02: Pending with its interval, SecurityError for the rest, what was triggered is welcome."""
    station_id = f"waits-{version}"
    async with waiting.station(station_id, version, boots=False) as station:
        boot = await station.boot()
        assert (boot["status"], boot["interval"]) == ("Pending", 7)
        assert (await station.call("Heartbeat"))[2] == "SecurityError"
        assert (await waiting.call(station_id, "TriggerMessage", {"requestedMessage": "Heartbeat"}))[
            "outcome"
        ] == "result"
        assert (await station.call("Heartbeat"))[0] == 3
        billing = ("StartTransaction", START) if version == "1.6" else ("TransactionEvent", EVENT)
        frame = await station.call(*billing)
        if version == "1.6":
            assert frame[2]["transactionId"] > 0
            ((flags,),) = waiting.rows("SELECT flags FROM transactions WHERE station_id = ?", station_id)
            assert "before-accepted" in flags
        else:
            assert frame[2] == "SecurityError"
            assert waiting.rows("SELECT reason FROM quarantine WHERE station_id = ?", station_id) == [
                ("before-accepted",)
            ]
        start = await waiting.command(station_id, "remote-start", id_token="A", evse_id=1)
        assert start["outcome"] == "offline"  # 1.6 §4.2, 2.0.1 B02.FR.05: it starts nothing


# --- A disk that fails --------------------------------------------------------------------------------------

BROKEN = ("transactions", "quarantine")


async def test_a_database_that_refuses_closes_sockets_and_recovers(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """DBX-01, DBX-05: 1013 without an answer, 503 for newcomers, the neighbour stays; then all goes on."""
    folder = tmp_path_factory.mktemp("broken")
    async with live_server(folder) as server, server.station("neighbour") as neighbour:
        async with server.station("charges") as station:
            for table in BROKEN:
                server.write(
                    f"CREATE TRIGGER broken_{table} BEFORE INSERT ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END"
                )
            answer = await station.post("StartTransaction", START)
            assert (await station.until_closed())[0] == 1013
            assert isinstance(answer.exception(), ConnectionError)
        with pytest.raises(websockets.InvalidStatus) as refused:
            await start_again(server)
        assert refused.value.response.status_code == 503
        assert int(refused.value.response.headers["Retry-After"]) > 0
        assert (await neighbour.ask("Heartbeat"))["currentTime"]
        for table in BROKEN:
            server.write(f"DROP TRIGGER broken_{table}")
        assert (await until_let_in(server))["transactionId"] > 0
        assert (await neighbour.ask("Heartbeat"))["currentTime"]
        assert server.rows("SELECT count(*) FROM transactions") == [(1,)]


async def start_again(server: LiveServer) -> dict[str, Any]:
    """The answer to the start, on a new connection."""
    async with server.station("charges") as station:
        return await station.ask("StartTransaction", START)


async def until_let_in(server: LiveServer) -> dict[str, Any]:
    """What a station does after a 503: it comes again."""
    async with asyncio.timeout(WAIT_S):
        while True:
            with contextlib.suppress(websockets.InvalidStatus):
                return await start_again(server)
            await asyncio.sleep(0.1)  # as a station would: nothing tells it when


# --- Commands -----------------------------------------------------------------------------------------------


async def test_every_way_a_command_can_end(server: LiveServer) -> None:
    """CMD-01: result, error, timeout, offline, unknown, unsupported, busy: each once, and each stored.

    `replaced` is told among the quirks.
    """
    answers: dict[str, Answer] = {
        "Reset": AGREED,
        "ClearCache": ("InternalError", "no"),
        "UnlockConnector": None,
    }
    async with server.station("ends", answers=answers) as station:

        async def outcome(command: str, **body: Any) -> str:
            return str((await server.command("ends", command, **body))["outcome"])

        assert await outcome("reset") == "result"
        assert await outcome("clear-cache") == "error"
        assert await outcome("unlock-connector", evse_id=1, timeout_s=0.2) == "timeout"
        lacking = await server.api.post("/stations/ends/commands/get-base-report", json={})
        assert (lacking.status_code, lacking.json()["code"]) == (409, "command_unsupported")
        unlocks = [asyncio.create_task(outcome("unlock-connector", evse_id=1)) for _ in range(40)]
        done, _ = await asyncio.wait(unlocks, return_when=asyncio.FIRST_COMPLETED)
        assert {each.result() for each in done} == {"busy"}
        await station.until_asked("UnlockConnector", 2)
        station.ws.transport.abort()
        outcomes = [await each for each in unlocks]
    assert await outcome("reset") == "offline"
    stored = "FROM commands WHERE station_id = 'ends' AND outcome IS NOT NULL"
    await until(lambda: server.rows(f"SELECT count(*) {stored}") == [(3 + len(unlocks) + 1,)])
    ended = server.rows(f"SELECT outcome, count(*) {stored} GROUP BY outcome")
    assert dict(ended) == {
        "result": 1,
        "error": 1,
        "timeout": 1,
        "unknown": 1,
        "busy": outcomes.count("busy"),
        "offline": outcomes.count("offline") + 1,
    }
    assert len(outcomes) == outcomes.count("busy") + outcomes.count("offline") + 1
