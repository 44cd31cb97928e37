"""The doctor asks a running server what it knows; whatever answers in its place is not mistaken for one."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from borne.doctor.remarks import Level
from borne.doctor.server import examine_attempts, examine_presence, examine_station_port, examine_stations
from borne.settings import ServerSettings
from runtime.serving import serve
from runtime.wording import Phrase
from tests.borne.doctor.test_words import attempt
from tests.support.central import ServedCentral, build_app
from tests.support.process import free_port
from tests.support.server import live_server


async def test_a_server_that_is_ready(api: ServedCentral) -> None:
    """No token is needed for that."""
    presence = await examine_presence(api.url)
    assert presence.is_there
    assert [each.level for each in presence.remarks] == [Level.GOOD]


async def test_a_server_that_cannot_serve(api: ServedCentral) -> None:
    """It runs, but stations are turned away."""
    http = await serve(build_app(api.central, lambda: Phrase("il ne peut pas", "it cannot")), "127.0.0.1", 0)
    try:
        presence = await examine_presence(f"http://127.0.0.1:{http.port}")
    finally:
        await http.stop()
    assert presence.is_there
    assert "cannot serve stations now" in presence.remarks[0].text


async def test_a_server_that_is_not_there() -> None:
    """The way out is to start one."""
    presence = await examine_presence(f"http://127.0.0.1:{free_port()}")
    assert not presence.is_there
    assert presence.remarks[0].way_out == "Start one: borne up"


def http_answer(status: str, body: str, kind: str = "application/json") -> bytes:
    """As a program that is no borne server gives it."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close"
    return f"{head}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    "answer",
    [
        http_answer("404 Not Found", "no", "text/html"),
        http_answer("200 OK", '{"a":1}'),
        http_answer("200 OK", "{,"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
async def test_another_program_in_its_place(answer: bytes) -> None:
    """Whatever it says."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(reply, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        presence = await examine_presence(f"http://127.0.0.1:{port}")
    assert not presence.is_there
    assert presence.remarks[0].level is Level.PROBLEM
    assert presence.remarks[0].way_out == "Name the server: BORNE_API=http://HOST:PORT"


async def test_the_port_for_stations(tmp_path: Path) -> None:
    """Open on this machine alone is worth a note; knocking leaves no failed attempt."""
    async with live_server(tmp_path) as server:
        settings = ServerSettings(ocpp_port=server.port)
        remarks = await examine_station_port(server.running.http_url, settings.ocpp_port)
        assert await server.get("/connection-attempts") == []
    assert remarks
    assert all(each.level is not Level.PROBLEM for each in remarks)


async def test_a_closed_port() -> None:
    """Nothing there, or something that is no station port."""
    (closed,) = await examine_station_port("http://127.0.0.1:1", free_port())
    assert closed.level is Level.PROBLEM
    async with await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        (strange,) = await examine_station_port("http://127.0.0.1:1", port)
    assert strange.level is Level.PROBLEM


def station(**changes: Any) -> dict[str, Any]:
    """Online, active, nothing in the way."""
    return {
        "station_id": "02b016000001",
        "mac": "02:B0:16:00:00:01",
        "macs": ["02:B0:16:00:00:01"],
        "link": {"connected_at": "2026-01-05T12:00:00Z"},
        "lifecycle": "active",
        "blocked_by": [],
        "last_seen_at": "2026-01-05T12:00:00Z",
    } | changes


def test_equal_attempts_are_counted_newest_first() -> None:
    """One line for each kind."""
    attempts = [attempt(at="2026-01-05T12:00:09Z"), attempt(identity="CP2"), attempt(), attempt()]
    first, second = examine_attempts(attempts, [])
    assert "CP1 from 192.0.2.7, 3 times" in first.text
    assert "CP2" in second.text


def test_an_attempt_that_succeeded_later_is_overcome() -> None:
    """Under any spelling of the MAC; one after the connection is not."""
    before = attempt(identity="02-B0-16-00-00-01", at="2026-01-05T11:59:00Z")
    after = before | {"at": "2026-01-05T12:01:00Z"}
    assert examine_attempts([before], [station()])[0].level is Level.GOOD
    assert examine_attempts([after], [station()])[0].level is Level.PROBLEM
    never_seen = station(link=None, last_seen_at=None)
    assert examine_attempts([before], [never_seen])[0].level is Level.PROBLEM
    assert examine_attempts([before], [station(link=None)])[0].level is Level.GOOD, "it left again"


def test_many_kinds_are_not_all_listed() -> None:
    """The rest is one command away."""
    attempts = [attempt(identity=f"CP{number}") for number in range(30)]
    remarks = examine_attempts(attempts, [])
    assert len(remarks) == 9
    assert remarks[-1].way_out == "borne ctl attempts"


def test_stations_that_wait_for_somebody_are_listed() -> None:
    """And active ones that are away."""
    blocker = {
        "code": "E_NOT_LOCALIZED",
        "text": "Not there.",
        "way_out": "Claim it.",
        "who_clears": "installer",
    }
    found = [
        station(),
        station(lifecycle="powered", blocked_by=[blocker]),
        station(link=None, remarks=[blocker | {"severity": "problem", "way_out": "Look."}]),
        station(remarks=[blocker | {"severity": "note"}]),
    ]
    counted, away, waiting = examine_stations(found)
    assert counted.text == "3 of 4 stations online"
    assert (waiting.level, waiting.way_out) == (Level.NOTE, "Claim it.")
    assert (away.level, away.way_out) == (Level.PROBLEM, "Look.")


def test_no_station_yet() -> None:
    """The first step is named."""
    (remark,) = examine_stations([])
    assert "No station has connected yet" in remark.text
