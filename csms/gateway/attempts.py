"""The connections that never became a link: what the connection doctor shows. Bounded, newest last."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ocppj.aio.endpoint import AttemptReason, FailedAttempt
from runtime.clock import Clock

LIMIT = 1000
OF_ADDRESS = 400
"""Of one address: behind a proxy it is that of many stations."""
OF_IDENTITY = 20
"""Of one identity, or of none that could be read, at one address."""
FLOOD_WITHIN_S = 600.0


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
    """The last failed connections: of all together, of one address, and of one identity at one address.

    Each has its own bound, and where all together reach theirs, the busiest address gives way: a flood washes
    out its own evidence, never that of others.
    """

    def __init__(self, clock: Clock, limit: int = LIMIT) -> None:
        self._clock = clock
        self._limit = limit
        self._of_address = min(OF_ADDRESS, limit)
        self._kept: dict[str, dict[int, Attempt]] = {}
        """By the peer's address, and in the order in which they came."""
        self._causes: dict[tuple[str, int], str] = {}
        self._total = 0
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
        where = _neighbourhood(attempt.address)
        of_address = self._kept.setdefault(where, {})
        alike = [number for number, each in of_address.items() if _is_alike(each, attempt)]
        if len(alike) >= OF_IDENTITY:
            self._drop(where, alike[0])
        elif len(of_address) >= self._of_address:
            self._drop(where, next(iter(of_address)))
        elif self._total >= self._limit:
            busiest = max(self._kept, key=lambda each: len(self._kept[each]))
            self._drop(busiest, next(iter(self._kept[busiest])))
        self._kept.setdefault(where, {})[self.count] = attempt
        self._total += 1
        for listener in self.listeners:
            listener(attempt)
        return attempt

    def latest(self, identity: str | None = None, limit: int = 100) -> list[Attempt]:
        """The newest first; of one identity (ASCII case ignored) or of all."""
        wanted = identity.lower() if identity is not None else None
        found = [
            (number, attempt)
            for of_address in self._kept.values()
            for number, attempt in of_address.items()
            if wanted is None or (attempt.identity or "").lower() == wanted
        ]
        found.sort(key=lambda each: -each[0])
        return [attempt for _, attempt in found[:limit]]

    def is_flooded_by(self, attempt: Attempt) -> bool:
        """Whether so many alike came within FLOOD_WITHIN_S that a line for each would drown the log."""
        of_address = self._kept.get(_neighbourhood(attempt.address), {})
        alike = [each for each in of_address.values() if _is_alike(each, attempt)]
        is_many = len(alike) >= OF_IDENTITY
        return is_many and (attempt.at - alike[0].at).total_seconds() < FLOOD_WITHIN_S

    def _drop(self, where: str, number: int) -> None:
        del self._kept[where][number]
        self._total -= 1
        if not self._kept[where]:
            del self._kept[where]


def _is_alike(one: Attempt, other: Attempt) -> bool:
    return (one.identity or "").lower() == (other.identity or "").lower()


def _neighbourhood(address: str) -> str:
    """The address; of IPv6 the network of 64 bits, in which one machine can have any."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address
