"""Waiting for what another process, thread or socket does.

No test depends on how fast the machine is: what a test waits for comes, or the test hangs and pytest-timeout
names it. PATIENCE_S is no deadline of anything, only shorter than pytest's own, so that the line that waits
is told. tests/architecture/test_patience.py refuses shorter ones.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE_S = 500.0


async def until(condition: Callable[[], object], within_s: float = PATIENCE_S) -> None:
    """Return once `condition()` is true; TimeoutError after `within_s`."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - the change happens in another process: nothing here can signal it
            await asyncio.sleep(0.002)


def patient_http(**more: Any) -> httpx.AsyncClient:
    """A client without a deadline, a proxy of the environment, or certificates, which take long to load."""
    return httpx.AsyncClient(trust_env=False, timeout=None, verify=False, **more)
