"""Publishing an outbox over MQTT 5, QoS 1: the broker may come and go, nothing is lost and order is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One event on its way out. `id` grows in the order of publication."""

    id: int
    topic: str
    payload: bytes


class OutboxSource(Protocol):
    """Where the messages wait, durably."""

    async def next_batch(self, limit: int) -> list[OutboxMessage]:
        """The oldest `limit` messages not delivered, in order of id; waits until there is at least one."""
        ...

    async def delivered(self, ids: Sequence[int]) -> None:
        """The broker has acknowledged these; forget them."""
        ...


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker. The password shows as stars."""

    host: str
    port: int
    is_secure: bool
    username: str | None
    password: str | None

    @classmethod
    def parse(cls, url: str) -> "BrokerAddress":
        """Read `mqtt[s]://[user[:password]@]host[:port]`. Raises BrokerUrlInvalid."""
        raise NotImplementedError


class Publisher:
    """Moves messages from an OutboxSource to a broker until cancelled; reconnects with back-off."""

    def __init__(self, address: BrokerAddress, source: OutboxSource, clock: Clock, *, client_id: str) -> None:
        self.is_connected = False
        self.published = 0

    async def run(self) -> None:
        """Publish for ever. Run it in a Background; cancel it to stop."""
        raise NotImplementedError
