"""The API client finds its token, and turns problems into sentences."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime import client
from runtime.client import (
    DROPPED,
    ApiClient,
    ApiRefused,
    ApiUnreachable,
    ServerEvent,
    find_token,
    log_in,
)
from tests.support.tls_files import self_signed
from tests.support.waiting import PATIENCE_S

REFUSAL = (
    b"HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n"
    b"Connection: close\r\n\r\n%s"
)


async def _serve(answer: bytes) -> tuple[asyncio.Server, str, list[bytes]]:
    seen: list[bytes] = []

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen


async def test_problem_becomes_a_sentence_with_its_way_out() -> None:
    """What, the stable code, and what to do."""
    body = b'{"code": "station_offline", "detail": "station a has no link", "way_out": "power it up"}'
    server, url, seen = await _serve(REFUSAL % (len(body), body))
    async with server, ApiClient(url, "secret-token") as api:
        with pytest.raises(ApiRefused) as caught:
            await api.post("/stations/a/calls", {"action": "Reset"})
    assert str(caught.value) == "station a has no link (station_offline) - power it up"
    assert (caught.value.status, caught.value.code) == (409, "station_offline")
    assert seen[0].startswith(b"POST /api/v1/stations/a/calls ")
    assert b"authorization: bearer secret-token" in seen[0].lower()


async def test_that_wrong_fields_are_to_be_corrected_goes_without_saying() -> None:
    """The sentence names them; the list that the answer's way out speaks of is not shown."""
    body = b'{"code": "invalid_request", "detail": "body.role: required", "way_out": "Correct `errors`"}'
    server, url, _ = await _serve(REFUSAL % (len(body), body))
    async with server, ApiClient(url) as api:
        with pytest.raises(ApiRefused) as caught:
            await api.post("/tokens", {})
    assert str(caught.value) == str(caught.value.words) == "body.role: required (invalid_request)"
    assert caught.value.words.fr == "body.role: required (invalid_request)"


async def test_refusal_without_a_problem_body_is_still_a_sentence() -> None:
    """A proxy's page in between does not crash the client."""
    server, url, _ = await _serve(
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops"
    )
    async with server, ApiClient(url) as api:
        with pytest.raises(ApiRefused, match="oops"):
            await api.get("/stations")


async def test_nobody_there_says_how_to_start_a_server() -> None:
    """The error names the address and the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port meanwhile
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with ApiClient(url) as api:
            with pytest.raises(ApiUnreachable, match=r"no server at .*borne up"):
                await api.get("/stations")


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
async def test_a_certificate_that_nobody_trusts_is_refused(tmp_path: Path, scheme: str) -> None:
    """However the address is spelled; without TLS there is none to refuse."""
    files = self_signed(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(files.certificate, files.key)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=tls)
    url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, ApiClient(url) as api:
        with pytest.raises(ApiUnreachable, match="self-signed certificate"):
            await api.get("/stations")
        with pytest.raises(ApiUnreachable, match="self-signed certificate"):
            await log_in(url, "Ann", "a password")


def test_token_from_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`BORNE_TOKEN`, then the file, then none."""
    file = tmp_path / "token"
    monkeypatch.delenv("BORNE_TOKEN", raising=False)
    assert find_token(file) is None
    file.write_text("from-file\n")
    assert find_token(file) == "from-file"
    monkeypatch.setenv("BORNE_TOKEN", "from-env")
    assert find_token(file) == "from-env"


STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n%s\r\n%s"
DROP = b'event: dropped\ndata: {"count": 3}\n\n'
FRAME = b'id: 7\nevent: frame\ndata: {"raw": "data:\xe2\x82\xac"}\n\n'
EVENTS = b": alive\n\n" + DROP + FRAME


@asynccontextmanager
async def _open_stream(begins: bytes) -> AsyncIterator[ApiClient]:
    """A server that begins an answer and then says nothing more."""
    done = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(begins)
        await done.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, ApiClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as api:
        yield api
        done.set()


async def test_events_come_with_their_names_until_the_server_ends_the_stream() -> None:
    """Signs of life are none; the query says where to go on."""
    server, url, seen = await _serve(STREAM % (b"Connection: close\r\n", EVENTS))
    async with server, ApiClient(url) as api:
        heard = [each async for each in api.events("/stations/a/messages/stream", since=6)]
    assert heard == [ServerEvent(DROPPED, {"count": 3}), ServerEvent("frame", {"raw": "data:€"})]
    assert seen[0].startswith(b"GET /api/v1/stations/a/messages/stream?since=6 ")


async def test_stream_without_a_sign_of_life_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before it fell silent is told; then it is as if nobody were there."""
    monkeypatch.setattr(client, "SILENCE_S", 0.05)
    async with asyncio.timeout(PATIENCE_S), _open_stream(STREAM % (b"", EVENTS)) as api:
        events = api.events("/events")
        assert [(await anext(events)).name for _ in range(2)] == [DROPPED, "frame"]
        with pytest.raises(ApiUnreachable, match="silent for"):
            await anext(events)


async def test_stream_that_breaks_is_nobody_there() -> None:
    """An answer that is cut off in the middle."""
    server, url, _ = await _serve(STREAM % (b"Transfer-Encoding: chunked\r\n", b"5\r\n: al"))
    async with server, ApiClient(url) as api:
        with pytest.raises(ApiUnreachable):
            await anext(api.events("/events"))


async def test_stream_that_is_refused_is_a_refusal() -> None:
    """With the problem's code."""
    body = b'{"code": "unauthorized", "detail": "who asks?"}'
    server, url, _ = await _serve(REFUSAL % (len(body), body))
    async with server, ApiClient(url) as api:
        with pytest.raises(ApiRefused, match="who asks"):
            await anext(api.events("/events"))
