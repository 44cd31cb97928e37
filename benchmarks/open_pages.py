"""Console pages that stay open, as a browser has them: the page is fetched, its socket answers and receives.

python -m benchmarks.open_pages URL TOKEN PATH...: prints `open` once all are; what they received, when ended.
"""

import ast
import asyncio
import json
import re
import signal
import sys
from collections import Counter
from uuid import uuid4

import aiohttp
import socketio  # type: ignore[import-untyped]

QUERY = re.compile(r"query: (\{.*?\}),\n")
SOCKET = "/_nicegui_ws/socket.io"


class OpenPage:
    """One page."""

    def __init__(self, url: str, token: str, path: str) -> None:
        self._url, self._path = url, path
        self._headers = {"Authorization": f"Bearer {token}"}
        self._socket = socketio.AsyncClient(reconnection=False)
        self.received: Counter[str] = Counter()
        self._socket.on("*", self._hear)

    async def open(self) -> None:
        """Fetch it and shake hands."""
        async with (
            aiohttp.ClientSession(headers=self._headers) as http,
            http.get(f"{self._url}{self._path}") as response,
        ):
            html = await response.text()
        found = QUERY.search(html)
        if response.status != 200 or found is None:
            sys.exit(f"{self._path} is no page: {response.status} {html[:300]}")
        query = ast.literal_eval(found[1]) | {"tab_id": str(uuid4()), "document_id": str(uuid4())}
        query.pop("implicit_handshake", None)
        target = f"{self._url}?client_id={query['client_id']}"
        await self._socket.connect(
            target, headers=self._headers, socketio_path=SOCKET, transports=["websocket"]
        )
        if not await self._socket.call("handshake", query):
            sys.exit(f"{self._path} did not take its socket")

    async def close(self) -> None:
        """As when its tab is closed."""
        await self._socket.disconnect()

    async def _hear(self, event: str, *arguments: object) -> None:
        self.received[event] += 1
        self.received["bytes"] += len(json.dumps(arguments))


async def run(url: str, token: str, paths: list[str]) -> None:
    """Until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    pages = [OpenPage(url, token, path) for path in paths]
    for page in pages:
        await page.open()
    print("open", flush=True)
    await ended.wait()
    print(json.dumps([page.received for page in pages]), flush=True)
    for page in pages:
        await page.close()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], sys.argv[3:]))
