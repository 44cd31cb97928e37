"""The requests of one station: served one after the other, in the order in which they came.

A station should wait for each answer; one that does not is served all the same, and read no further while too
much of what it sent waits (RES-04).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from csms.gateway.link_context import LinkContext
from ocppj.aio.connection import Connection
from ocppj.session import Request


class RequestQueue:
    """Calls `serve(request, raw, received_at)` for each request when nothing is before it."""

    __slots__ = (
        "_connection",
        "_context",
        "_failed",
        "_in_store",
        "_in_store_bytes",
        "_is_held_back",
        "_serve",
        "_waiting",
        "_waiting_bytes",
        "is_busy",
    )

    def __init__(
        self,
        context: LinkContext,
        connection: Connection,
        serve: Callable[[Request, bytes, datetime], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.is_busy = False
        """Whether a port is being asked on behalf of a request."""
        self._context = context
        self._connection = connection
        self._serve = serve
        self._failed = failed
        self._in_store = 0
        self._in_store_bytes = 0
        self._is_held_back = False
        self._waiting: deque[tuple[Request, bytes, datetime]] | None = None
        self._waiting_bytes = 0

    def enqueue(self, request: Request, raw: bytes, received_at: datetime) -> None:
        """Serve it now if nothing is before it, else when its turn comes."""
        if not self._waiting and not self.is_busy and (not self._in_store or self._is_free):
            self._serve(request, raw, received_at)
            return
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append((request, raw, received_at))
        self._waiting_bytes += len(raw)
        self._hold_back()

    def enqueue_first(self, request: Request, raw: bytes, received_at: datetime) -> None:
        """Serve it before all that wait: it was the first already."""
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.appendleft((request, raw, received_at))
        self._waiting_bytes += len(raw)

    def hold(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Let `work` finish before the next request is served; `failed(error)` if it does not, in time."""
        self.is_busy = True
        self._context.tasks.start(self._release_after(work), name=name)

    def store_began(self, size: int) -> None:
        """One more message of the station, of so many bytes, is on its way to the database."""
        self._in_store += 1
        self._in_store_bytes += size
        self._hold_back()

    def store(
        self,
        future: asyncio.Future[None],
        size: int,
        then: Callable[[], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """So many bytes go to the database: `then()` once they are there, or `failed(error)`."""
        self.store_began(size)

        def stored(done: asyncio.Future[None]) -> None:
            self.store_ended(size)
            error = None if done.cancelled() else done.exception()
            if error is not None:
                failed(error)
            elif not done.cancelled():
                then()

        future.add_done_callback(stored)

    def store_ended(self, size: int) -> None:
        """It is there, or it failed."""
        self._in_store -= 1
        self._in_store_bytes -= size
        if self._waiting or self._is_held_back:
            self._go_on()

    def drop(self) -> None:
        """The connection is gone: nobody waits for answers any more; the station will ask again."""
        self._waiting = None
        self._waiting_bytes = 0

    @property
    def _is_free(self) -> bool:
        limits = self._context.limits
        return (
            not self.is_busy
            and self._in_store < limits.queued_requests
            and self._in_store_bytes < limits.queued_request_bytes
        )

    def _hold_back(self) -> None:
        """Read no further while too much waits, or too much that was refused is being kept."""
        limits = self._context.limits
        is_full = (
            len(self._waiting or ()) >= limits.queued_requests
            or self._in_store > limits.queued_requests
            or self._waiting_bytes + self._in_store_bytes >= limits.queued_request_bytes
        )
        if is_full and not self._is_held_back and self._connection.is_open:
            self._is_held_back = True
            self._connection.pause_reading()

    async def _release_after(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._context.clock.timeout(self._context.limits.answer_within_s):
                await work
        except Exception as error:  # noqa: BLE001 - whatever a port throws, the station keeps its message
            self._failed(error)
        self.is_busy = False
        self._go_on()

    def _go_on(self) -> None:
        waiting = self._waiting
        while waiting and self._is_free and self._connection.is_open:
            try:
                request, raw, received_at = waiting.popleft()
                self._waiting_bytes -= len(raw)
                self._serve(request, raw, received_at)
            except Exception as error:  # noqa: BLE001 - no caller above knows which connection this was
                self._failed(error)
        limits = self._context.limits
        is_drained = (
            len(waiting or ()) < limits.queued_requests // 2
            and self._in_store <= limits.queued_requests
            and self._waiting_bytes + self._in_store_bytes < limits.queued_request_bytes
        )
        if self._is_held_back and is_drained and self._connection.is_open:
            self._is_held_back = False
            self._connection.resume_reading()
