"""Whose turn it is among the requests of one station: one after the other, in the order in which they came.

A station should wait for each answer; one that does not is served all the same, and read no further while too
much of what it sent waits (RES-04).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from csms.gateway.hub import Hub
from ocppj.aio.connection import Connection
from ocppj.session import Request

POLICY_VIOLATION = 1008


class Turns:
    """Calls `serve(request, raw, received_at)` for each request when it is its turn."""

    __slots__ = (
        "_connection",
        "_failed",
        "_hub",
        "_in_store",
        "_is_held_back",
        "_serve",
        "_waiting",
        "is_busy",
    )

    def __init__(
        self,
        hub: Hub,
        connection: Connection,
        serve: Callable[[Request, bytes, datetime], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.is_busy = False
        """Whether a port is being asked on behalf of a request."""
        self._hub = hub
        self._connection = connection
        self._serve = serve
        self._failed = failed
        self._in_store = 0
        self._is_held_back = False
        self._waiting: deque[tuple[Request, bytes, datetime]] | None = None

    def take(self, request: Request, raw: bytes, received_at: datetime) -> None:
        """Serve it now if nothing is before it, else when its turn comes."""
        if self._is_free and not self._waiting:
            self._serve(request, raw, received_at)
            return
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append((request, raw, received_at))
        limits = self._hub.limits
        if len(self._waiting) >= limits.queued_requests_most:
            self._connection.close(POLICY_VIOLATION, "too many requests without waiting for answers")
        elif len(self._waiting) >= limits.queued_requests and not self._is_held_back:
            self._is_held_back = True
            self._connection.pause_reading()

    def take_first(self, request: Request, raw: bytes, received_at: datetime) -> None:
        """Serve it before all that wait: it has been on its turn already."""
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.appendleft((request, raw, received_at))

    def hold(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Let `work` finish before the next request is served; `failed(error)` if it does not, in time."""
        self.is_busy = True
        self._hub.tasks.start(self._release_after(work), name=name)

    def store_began(self) -> None:
        """One more message of the station is on its way to the database."""
        self._in_store += 1

    def store_ended(self) -> None:
        """It is there, or it failed."""
        self._in_store -= 1
        if self._waiting:
            self._go_on()

    def drop(self) -> None:
        """The connection is gone: nobody waits for answers any more; the station will ask again."""
        self._waiting = None

    @property
    def _is_free(self) -> bool:
        return not self.is_busy and self._in_store < self._hub.limits.queued_requests

    async def _release_after(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(self._hub.limits.answer_within_s):
                await work
        except Exception as error:  # noqa: BLE001 - whatever a port throws, the station keeps its message
            self._failed(error)
        self.is_busy = False
        self._go_on()

    def _go_on(self) -> None:
        waiting = self._waiting
        while waiting and self._is_free and self._connection.is_open:
            try:
                self._serve(*waiting.popleft())
            except Exception as error:  # noqa: BLE001 - no caller above knows which connection this was
                self._failed(error)
        if self._is_held_back and len(waiting or ()) < self._hub.limits.queued_requests // 2:
            self._is_held_back = False
            self._connection.resume_reading()
