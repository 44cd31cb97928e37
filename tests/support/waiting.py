"""Waiting for what another process or thread does, where no event can be had."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], within_s: float = 20.0) -> None:
    """Return once `condition()` is true; TimeoutError after `within_s`."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - the change happens in another process: nothing here can signal it
            await asyncio.sleep(0.002)
