"""Server-sent events: bounded, with signs of life, ended when the bus or the server closes.

A listener that is too slow loses the oldest events and is told how many by an event `dropped`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.responses import StreamingResponse

from runtime.events import Subscription

T = TypeVar("T")
COMMENT_EVERY_S = 15.0
"""Proxies close what stays silent for long; a comment keeps it open and finds dead listeners."""

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
    *,
    comment_every_s: float = COMMENT_EVERY_S,
) -> AsyncIterator[bytes]:
    """The bytes of a live stream until the subscription closes. `shown` gives None for what is not for it."""
    yield COMMENT  # the listener sees at once that it is connected
    told = 0
    while True:
        try:
            async with asyncio.timeout(comment_every_s):
                event = await subscription.next()
        except TimeoutError:
            yield COMMENT
            continue
        if event is None:
            return
        if subscription.dropped > told:
            yield StreamEvent("dropped", {"count": subscription.dropped - told}).encode()
            told = subscription.dropped
        if (each := shown(event)) is not None:
            yield each.encode()


def sse_response(body: AsyncIterator[bytes]) -> StreamingResponse:
    """The answer that carries a stream."""
    return StreamingResponse(body, media_type=MEDIA_TYPE, headers=HEADERS)
