"""What a server asks of its owner, and what a connection tells its receiver: all that is above the socket
uses this.

The transport parses, bounds and records; the `Endpoint` decides who comes in; the `Receiver` gets the
messages. All callbacks but `admit` and `explain` are plain calls in the event loop's thread and must not
block.
"""

import asyncio
import enum
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ocppj.identity import Credentials, RefusedTarget, StationTarget, Toleration

if TYPE_CHECKING:
    from ocppj.aio.connection import Connection
    from ocppj.aio.upgrade import Upgrade
    from ocppj.aio.watch import Watch


SUBPROTOCOLS = ("ocpp2.1", "ocpp2.0.1", "ocpp1.6")
"""What a server speaks; which of them counts is the station's to say (OCPP 2.1 part 4 §3.1.2)."""


class Receiver(Protocol):
    """One connection's user. Every method is called from the event loop and must return soon."""

    def text_received(self, text: bytes) -> None:
        """One whole message: inflated, assembled, within `max_message_bytes`, valid UTF-8.

        What is sent during this call leaves with the other answers of the same TCP read, in one write.
        """

    def connection_closed(self, code: int, reason: str) -> None:
        """Once and last: no message can come or go any more.

        `code` is the close code of the peer, or ours if we ended it (1002, 1003, 1007, 1009 …), or 1006 when
        the TCP connection ended without one (RFC 6455 §7.1.5); `reason` is text for people.
        """

    def write_paused(self) -> None:
        """The peer reads more slowly than we send: stop sending until `write_resumed`."""

    def write_resumed(self) -> None:
        """The peer has caught up."""

    def noticed(self, toleration: Toleration) -> None:
        """The peer does something wrong that we put up with; said once per connection and kind."""


class Silence:
    """A receiver for a connection that is closed at once: nothing is read or answered."""

    def text_received(self, text: bytes) -> None:
        """Unread."""

    def connection_closed(self, code: int, reason: str) -> None:
        """Expected."""

    def write_paused(self) -> None:
        """Nothing is written."""

    def write_resumed(self) -> None:
        """Nothing is written."""

    def noticed(self, toleration: Toleration) -> None:
        """Recorded as a failed attempt instead."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection."""

    address: str
    port: int
    is_secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRequest:
    """A valid WebSocket upgrade on `/ocpp/<identity>`, its identity parsed once and for all."""

    peer: Peer
    target: StationTarget
    """`target.identity` is the decoded identity, not yet resolved to a StationId."""
    offered: tuple[str, ...]
    """The subprotocols that the station offers, in its order and spelling."""
    negotiated: str | None
    """The best of ours among them; None when it offers none, or only foreign ones."""
    credentials: Credentials | None
    credentials_fault: str | None
    """Why the Authorization header, which is there, could not be read."""
    headers: Mapping[str, str]
    """Lower-case names; of repeated ones the first; without Authorization and cookies."""
    tolerated: tuple[Toleration, ...]
    """What was wrong with the request and put up with (target, headers, missing subprotocol)."""
    certificate: bytes | None = None
    """The client's verified certificate (DER), with TLS client authentication."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Let the station in.

    `subprotocol` is what the connection speaks. Normally `UpgradeRequest.negotiated`; for a station that
    offers none, the version it spoke last (the answer then carries no subprotocol header). None after foreign
    offers ends the connection with 101 without the header, then a close (OCPP-J 1.6 §3.2).
    """

    receiver: "Callable[[Connection], Receiver]"
    """Called right after the 101 is written and before any message; it may already send."""
    subprotocol: str | None
    max_message_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn the station away with an HTTP answer. `reason` is its body, for people: never quote the
    request."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()


class AttemptReason(enum.StrEnum):
    """Why a connection never became a link."""

    TLS_ON_PLAIN_PORT = "tls_on_plain_port"
    PLAIN_ON_TLS_PORT = "plain_on_tls_port"
    TLS_FAILED = "tls_failed"
    SILENT = "silent"
    REQUEST_INCOMPLETE = "request_incomplete"
    REQUEST_MALFORMED = "request_malformed"
    REQUEST_TOO_LARGE = "request_too_large"
    NOT_AN_UPGRADE = "not_an_upgrade"
    UPGRADE_INVALID = "upgrade_invalid"
    WRONG_PATH = "wrong_path"
    IDENTITY_INVALID = "identity_invalid"
    REFUSED = "refused"
    FOREIGN_ORIGIN = "foreign_origin"
    FOREIGN_SUBPROTOCOL = "foreign_subprotocol"
    ADMISSION_FAILED = "admission_failed"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    TOO_MANY_FROM_ADDRESS = "too_many_from_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAttempt:
    """A connection that ended before it was accepted, reported the moment it fails: stamp it with your
    clock."""

    peer: Peer
    reason: AttemptReason
    detail: str
    """One sentence for people: what was wrong and what to change. Free of secrets."""
    first_bytes: bytes = field(repr=False)
    """At most the first 256 received, without the value of an Authorization header."""
    identity: str | None = None
    status: int | None = None
    """The HTTP status that the peer was told, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """A plain GET (a browser, curl) on the station port, on any path."""

    peer: Peer
    target: StationTarget | RefusedTarget
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP answer to a person."""

    status: int
    body: str
    content_type: str = "text/plain; charset=utf-8"


class Endpoint(Protocol):
    """Who may connect, and who hears of those that could not."""

    async def admit(self, request: UpgradeRequest) -> Accept | Refuse:
        """Decide on one upgrade: in its own task, within `Limits.handshake_s`; reading is paused
        meanwhile."""

    def attempt_failed(self, attempt: FailedAttempt) -> None:
        """Keep it (bounded): this is what the connection doctor shows."""

    async def explain(self, request: ExplainRequest) -> HttpAnswer:
        """Tell a person who opened the station URL in a browser what to type where, and what failed last."""


class UpgradeOwner(Protocol):
    """What an upgrade needs of its server."""

    endpoint: Endpoint
    watch: "Watch"
    origins: frozenset[str]

    @property
    def can_explain(self) -> bool:
        """Whether one connection too many may be told so."""

    def count_in(self, upgrade: "Upgrade", peer: Peer) -> AttemptReason | None:
        """Count a TCP connection; the reason if it is one too many."""

    def count_out(self, member: "Upgrade | Connection", peer: Peer) -> None:
        """The TCP connection is gone."""

    def hand_over(self, upgrade: "Upgrade", connection: "Connection") -> None:
        """The upgrade has become a connection."""

    def start_task(self, upgrade: "Upgrade", work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run something for an upgrade; what it raises ends that upgrade alone."""


@dataclass(frozen=True, slots=True)
class Listening:
    """One open socket of a server."""

    host: str
    port: int
    is_secure: bool
