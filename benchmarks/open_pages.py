"""Console pages that stay open, as five browsers have them: the page, its stream, its parts when they change.

python -m benchmarks.open_pages URL TOKEN PATH...: prints `open` once all are; what they received, when ended.
"""

import asyncio
import json
import re
import signal
import sys
from collections import Counter
from contextlib import AsyncExitStack

import httpx

PART = re.compile(r'data-part="([^"]+)" data-topics="([^"]*)"')


class OpenPage:
    """One page."""

    def __init__(self, http: httpx.AsyncClient, path: str) -> None:
        self._http, self._path = http, path
        self._parts: dict[str, list[str]] = {}
        self.received: Counter[str] = Counter()

    async def open(self) -> None:
        """Fetch it, and learn its parts."""
        response = await self._http.get(self._path)
        self._parts = {name: topics.split() for name, topics in PART.findall(response.text)}
        if response.status_code != 200 or not self._parts:
            sys.exit(f"{self._path} is no page: {response.status_code} {response.text[:300]}")
        self.received["bytes"] += response.num_bytes_downloaded

    async def follow(self) -> None:
        """Listen, and fetch what changed."""
        topics = [each for topics in self._parts.values() for each in topics]
        async with self._http.stream("GET", "/changes", params={"topic": topics}) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    await self._fetch(json.loads(line.removeprefix("data: ")))

    async def _fetch(self, changed: list[str]) -> None:
        for name, topics in self._parts.items():
            if not set(topics).isdisjoint(changed):
                response = await self._http.get(self._path, params={"fragment": name})
                self.received["parts"] += 1
                self.received["bytes"] += response.num_bytes_downloaded


async def run(url: str, token: str, paths: list[str]) -> None:
    """Until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
    async with AsyncExitStack() as stack:
        pages = []
        for path in paths:
            http = httpx.AsyncClient(base_url=url, headers=headers, timeout=None, trust_env=False)
            pages.append(OpenPage(await stack.enter_async_context(http), path))
            await pages[-1].open()
        group = [asyncio.ensure_future(page.follow()) for page in pages]
        print("open", flush=True)
        await ended.wait()
        print(json.dumps([page.received for page in pages]), flush=True)
        for each in group:
            each.cancel()
        await asyncio.gather(*group, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], sys.argv[3:]))
