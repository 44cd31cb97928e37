"""Reads, in threads of their own: what a function makes of its rows costs a reader's thread, not the loop
that stations wait for.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine

from runtime.threads import Threads, run_in

T = TypeVar("T")


class Reads(Protocol):
    """Connections that read: each transaction sees one snapshot and can write nothing."""

    async def run(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` reads."""

    async def close(self) -> None:
        """Close the connections."""


class PooledReads:
    """The connections of an engine, with as many threads: each transaction sees one snapshot and writes
    nothing.
    """

    def __init__(self, engine: Engine, connections: int, threads: Threads) -> None:
        self._engine = engine
        self._idle = [threads("database-reader") for _ in range(connections)]
        self._free = asyncio.Semaphore(connections)

    async def run(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` reads on one snapshot."""
        async with self._free:
            thread = self._idle.pop()
            try:
                return await run_in(thread, lambda: self._read(fn))
            finally:
                self._idle.append(thread)

    async def close(self) -> None:
        """Finish what was begun, and close the connections."""
        for thread in self._idle:
            await run_in(thread, lambda: None)
            thread.shutdown()
        self._engine.dispose()

    def _read(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return fn(connection)
