"""The connections that never became a link: what the connection doctor shows. Bounded, newest last."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ocppj.aio.endpoint import AttemptReason, FailedAttempt
from runtime.clock import Clock

LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One failed connection. `cause` is the admission's own slug, for operators; never shown to the peer."""

    at: datetime
    address: str
    port: int
    identity: str | None
    reason: AttemptReason
    detail: str
    status: int | None
    cause: str | None
    first_bytes: bytes = field(repr=False)


class Attempts:
    """The last failed connections."""

    def __init__(self, clock: Clock, limit: int = LIMIT) -> None:
        self._clock = clock
        self._kept: deque[Attempt] = deque(maxlen=limit)
        self._causes: dict[tuple[str, int], str] = {}
        self.count = 0
        self.listeners: list[Callable[[Attempt], None]] = []
        """Called with each one that is kept; they must not raise."""

    def note_cause(self, address: str, port: int, cause: str) -> None:
        """Why the connection from this port is about to be refused, in the operator's words."""
        if len(self._causes) >= LIMIT:  # peers that went away before they could be refused
            self._causes.clear()
        self._causes[address, port] = cause

    def add(self, failed: FailedAttempt) -> Attempt:
        """Keep one, stamped with the time of now; what is kept."""
        self.count += 1
        attempt = Attempt(
            at=self._clock.now(),
            address=failed.peer.address,
            port=failed.peer.port,
            identity=failed.identity,
            reason=failed.reason,
            detail=failed.detail,
            status=failed.status,
            cause=self._causes.pop((failed.peer.address, failed.peer.port), None),
            first_bytes=failed.first_bytes,
        )
        self._kept.append(attempt)
        for listener in self.listeners:
            listener(attempt)
        return attempt

    def latest(self, identity: str | None = None, limit: int = 100) -> list[Attempt]:
        """The newest first; of one identity (ASCII case ignored) or of all."""
        wanted = identity.lower() if identity is not None else None
        found = [
            attempt
            for attempt in reversed(self._kept)
            if wanted is None or (attempt.identity or "").lower() == wanted
        ]
        return found[:limit]
