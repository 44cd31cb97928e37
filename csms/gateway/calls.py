"""CALLs to one station: a bounded queue, one open at a time, each ending exactly once."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from csms.domain.commands import Outcome
from csms.gateway.deadlines import Deadline


@dataclass(frozen=True, slots=True)
class CallResult:
    """How one CALL ended. `response` is the decoded struct, `payload` the same as JSON values."""

    outcome: Outcome
    response: Any = None
    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None
    seq: int | None = None


@dataclass(slots=True, eq=False)
class OpenCall:
    """One CALL from its queueing to its end."""

    message_id: str
    action: str
    payload: dict[str, Any]
    timeout_s: float
    done: asyncio.Future[CallResult]
    secrets: tuple[str, ...] = ()
    is_sent: bool = False
    sent_at: float = 0.0
    deadline: Deadline | None = None

    def finish(self, result: CallResult) -> None:
        """End it; the first end counts."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None
        if not self.done.done():
            self.done.set_result(result)


class CallQueue:
    """What waits to be sent to one station, and what is open. A link makes one when it first needs it."""

    __slots__ = ("_limit", "_waiting", "open")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: deque[OpenCall] = deque()
        self.open: OpenCall | None = None

    def put(self, call: OpenCall) -> bool:
        """Queue it; False if the queue is full."""
        if len(self._waiting) >= self._limit:
            return False
        self._waiting.append(call)
        return True

    def next(self) -> OpenCall | None:
        """Open the next call that nobody has given up, unless one is open (OCPP 2.0.1 part 4 §4.1.1)."""
        while self.open is None and self._waiting:
            call = self._waiting.popleft()
            if not call.done.done():
                self.open = call
                return call
        return None

    def close(self, result: CallResult) -> OpenCall | None:
        """End the open call; None if none is open."""
        call, self.open = self.open, None
        if call is not None:
            call.finish(result)
        return call

    def end_all(self, sent: CallResult, waiting: CallResult) -> None:
        """The link is gone: the open call ends as `sent`, the others as `waiting`."""
        self.close(sent)
        while self._waiting:
            self._waiting.popleft().finish(waiting)
