"""Files over HTTP: fetched and sent for real, and what is told of those that fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import Response

from runtime.serving import serve
from simulator.connection.file_client import FETCHED_BYTES_MOST, FileTransferError, HttpFiles


@asynccontextmanager
async def shelf(status: int = 200, content: bytes = b"content") -> AsyncIterator[tuple[str, list[Request]]]:
    """A server that has one file and takes any."""
    asked: list[Request] = []

    async def app(scope: object, receive: object, send: object) -> None:
        request = Request(scope, receive)  # type: ignore[arg-type] # ASGI
        request.state.body = await request.body()
        asked.append(request)
        await Response(content, status)(scope, receive, send)  # type: ignore[arg-type] # ASGI

    server = await serve(app, "127.0.0.1", 0)  # type: ignore[arg-type] # ASGI
    try:
        yield f"http://127.0.0.1:{server.port}/file?token=secret", asked
    finally:
        await server.stop()


async def test_a_file_is_fetched_and_sent() -> None:
    """GET; PUT with its name (2.x N01.FR.19)."""
    async with shelf() as (url, asked):
        assert await HttpFiles().fetch(url) == b"content"
        await HttpFiles().send(url, "a.log", b"lines")
        got, put = asked
        assert (got.method, put.method, put.state.body) == ("GET", "PUT", b"lines")
        assert put.headers["content-disposition"] == 'form-data; name="uploadfile"; filename="a.log"'


async def test_what_fails_is_told_without_the_secret() -> None:
    """A refusal, a server that is not there, an address that is none."""
    files = HttpFiles()
    async with shelf(404) as (url, _):
        for work in (files.fetch(url), files.send(url, "a", b"")):
            with pytest.raises(FileTransferError, match=r"127\.0\.0\.1 answered 404"):
                await work
    for gone in (url, "ftp://x/y", "http://[::1", "nothing"):
        for work in (files.fetch(gone), files.send(gone, "a", b"")):
            with pytest.raises(FileTransferError) as raised:
                await work
            assert "secret" not in str(raised.value)


async def test_a_file_without_an_end_is_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulated station has no room for more."""
    monkeypatch.setattr("simulator.connection.file_client.FETCHED_BYTES_MOST", 3)
    async with shelf() as (url, _):
        with pytest.raises(FileTransferError, match="more than 3 bytes"):
            await HttpFiles().fetch(url)
    assert FETCHED_BYTES_MOST > 3
