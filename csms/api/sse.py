"""Server-sent events: bounded, with signs of life, ended when the bus or the server closes.

A listener that is too slow loses the oldest events and is told how many by an event `dropped`.
"""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from runtime.clock import Clock
from runtime.events import Subscription
from runtime.feed import Listener, NewEvents
from runtime.logs import get_logger

T = TypeVar("T")
log = get_logger("csms.api.sse")
COMMENT_EVERY_S = 15.0
"""Proxies close what stays silent for long; a comment keeps it open and finds dead listeners."""

UNREAD_S = 60.0
"""A listener that takes nothing for so long is cut off."""
LOOK_AGAIN_S = 5.0
"""Who was removed, or has another role by now, is told nothing more after so long, or with the next event."""
COMMENT = b": alive\n\n"
MEDIA_TYPE = "text/event-stream"
SSE: dict[str, Any] = {
    "response_class": StreamingResponse,
    "responses": {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
}
"""What a route that streams says of itself."""
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event for the listener. `event` names its kind, `id` is what Last-Event-ID will say."""

    event: str
    data: Any
    id: int | None = None

    def encode(self) -> bytes:
        """As it goes over the wire; JSON holds no line break, so one `data:` line is enough."""
        lines = [f"event: {_one_line(self.event)}", f"data: {json.dumps(self.data, separators=(',', ':'))}"]
        if self.id is not None:
            lines.insert(0, f"id: {self.id}")
        return ("\n".join(lines) + "\n\n").encode("utf-8", "backslashreplace")


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


async def stream(
    subscription: Subscription[T],
    shown: Callable[[T], StreamEvent | None],
    clock: Clock,
    *,
    comment_every_s: float = COMMENT_EVERY_S,
) -> AsyncIterator[bytes]:
    """The bytes of a live stream until the subscription closes. `shown` gives None for what is not for it."""
    yield COMMENT  # the listener sees at once that it is connected
    announced = 0
    while True:
        try:
            async with clock.timeout(comment_every_s):
                event = await subscription.next()
        except TimeoutError:
            yield COMMENT
            continue
        if event is None:
            return
        if subscription.dropped > announced:
            yield dropped_event(subscription.dropped - announced)
            announced = subscription.dropped
        if (each := shown(event)) is not None:
            yield each.encode()


async def stream_feed(
    listener: Listener[T],
    text: Callable[[NewEvents[T]], bytes],
    clock: Clock,
    *,
    comment_every_s: float = COMMENT_EVERY_S,
) -> AsyncIterator[bytes]:
    """The same of a feed: what came together goes out together, as `text` writes it."""
    yield COMMENT
    while True:
        try:
            async with clock.timeout(comment_every_s):
                new = await listener.next()
        except TimeoutError:
            yield COMMENT
            continue
        if new is None:
            return
        if part := text(new):
            yield part


def dropped_event(count: int) -> bytes:
    """So many were lost because the listener was too slow, or there was more than is told at once."""
    return StreamEvent("dropped", {"count": count}).encode()


class LiveResponse(StreamingResponse):
    """A stream that ends where its listener does not read for UNREAD_S: its place is another's.

    `ended` is called when it is over, however it ends.
    """

    def __init__(self, body: AsyncIterator[bytes], ended: Callable[[], object], clock: Clock) -> None:
        super().__init__(body, media_type=MEDIA_TYPE, headers=HEADERS)
        self._clock = clock
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        looked_at = self._clock.monotonic()

        async def send_in_time(message: Message) -> None:
            nonlocal looked_at
            now = self._clock.monotonic()
            if now - looked_at >= LOOK_AGAIN_S:
                looked_at = now
                if (is_kept := scope.get("access_kept")) is not None and not await is_kept():
                    log.info("stream_ended_without_access", path=scope["path"])
                    raise OSError("the listener may not listen any more")
            try:
                async with self._clock.timeout(UNREAD_S):
                    await send(message)
            except TimeoutError:
                log.warning("stream_not_read", path=scope["path"], seconds=UNREAD_S)
                raise OSError("the listener does not read") from None

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            self._ended()


def sse_response(body: AsyncIterator[bytes], ended: Callable[[], object], clock: Clock) -> StreamingResponse:
    """The answer that carries a stream."""
    return LiveResponse(body, ended, clock)
