"""How a station fetches and sends files: over HTTP, for real, or however a test hands it in."""

import ssl
from typing import Protocol
from urllib.parse import urlsplit

import httpx

FETCHED_BYTES_MOST = 64 << 20
"""A simulated station has room for so much."""
SILENCE_S = 60.0


class FileTransferError(Exception):
    """A file could not be fetched or sent; the text says why, without the secrets of its URL."""


class FileClient(Protocol):
    """The way of files."""

    async def fetch(self, url: str) -> bytes:
        """The file. Raises FileTransferError."""
        ...

    async def send(self, url: str, name: str, content: bytes) -> None:
        """Send a file. Raises FileTransferError."""
        ...


class HttpFiles:
    """Over HTTP: GET, and PUT with the file's name (2.x N01.FR.18, .19). Connects anew for each file."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls

    async def fetch(self, url: str) -> bytes:
        """The file."""
        received = bytearray()
        try:
            async with self._client(url) as client, client.stream("GET", url) as answer:
                _check(answer)
                async for chunk in answer.aiter_bytes():
                    received += chunk
                    if len(received) > FETCHED_BYTES_MOST:
                        break
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FileTransferError(_why(url, error)) from None
        if len(received) > FETCHED_BYTES_MOST:
            raise FileTransferError(f"the file has more than {FETCHED_BYTES_MOST} bytes")
        return bytes(received)

    async def send(self, url: str, name: str, content: bytes) -> None:
        """Send it."""
        headers = {
            "content-type": "application/octet-stream",
            "content-disposition": f'form-data; name="uploadfile"; filename="{name}"',
        }
        try:
            async with self._client(url) as client:
                _check(await client.put(url, content=content, headers=headers))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FileTransferError(_why(url, error)) from None

    def _client(self, url: str) -> httpx.AsyncClient:
        is_secure = url.startswith("https:")
        verify: ssl.SSLContext | bool = (self._tls or True) if is_secure else False
        return httpx.AsyncClient(timeout=SILENCE_S, trust_env=False, verify=verify)


def _check(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise FileTransferError(f"{answer.url.host} answered {answer.status_code}")


def _why(url: str, error: Exception) -> str:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    return f"{host or 'the address'}: {type(error).__name__}"
