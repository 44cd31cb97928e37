"""The server: sockets, limits, and the connections behind them.

    async with OcppServer(endpoint, Limits(), clock=clock) as server:
        await server.listen("127.0.0.1", 9000)
        ...

Who may connect is the `Endpoint`'s decision; what is said is the `Receiver`'s.
"""

import asyncio
import ipaddress
import ssl
from collections import Counter
from collections.abc import Coroutine
from typing import Self

from ocppj.aio.connection import RESTARTING, Connection
from ocppj.aio.endpoint import AttemptReason, Endpoint, Listening, Peer
from ocppj.aio.errors import ListenError
from ocppj.aio.limits import Limits
from ocppj.aio.timing import TransportClock
from ocppj.aio.tls import TlsLayer
from ocppj.aio.upgrade import Upgrade
from ocppj.aio.watch import Watch


class OcppServer:
    """Takes stations' WebSockets on any number of sockets. Use as an async context manager; leaving it closes
    all.

    `origins` are web origins (`https://tool.example`, or `*` for all) whose pages may open a station's socket
    here though they are not this host's.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        limits: Limits | None = None,
        *,
        clock: TransportClock,
        origins: frozenset[str] = frozenset(),
    ) -> None:
        self.endpoint = endpoint
        self.limits = limits or Limits()
        self.origins = origins
        self._clock = clock
        self._group = asyncio.TaskGroup()
        self._sockets: list[asyncio.Server] = []
        self._listening: list[Listening] = []
        self._members: dict[Upgrade | Connection, None] = {}
        self._per_address: Counter[str] = Counter()
        self._is_closing = False
        self._emptied = asyncio.Event()
        self.watch: Watch

    async def __aenter__(self) -> Self:
        """Start; nothing listens yet."""
        self.watch = Watch(self.limits, self._clock)
        await self._group.__aenter__()
        return self

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Close what is still open."""
        try:
            await self.close(0 if error is not None else self.limits.close_within_s)
        finally:
            # The block's own error is not the group's: it goes on as it is, not inside an ExceptionGroup.
            await self._group.__aexit__(None, None, None)

    async def listen(
        self, host: str | None, port: int, ssl_context: ssl.SSLContext | None = None
    ) -> tuple[Listening, ...]:
        """Open a port (0: one that is free) and return the sockets opened. Raises ListenError."""
        loop = asyncio.get_running_loop()
        try:
            opened = await loop.create_server(
                lambda: self.protocol(ssl_context), host, port, backlog=self.limits.backlog
            )
        except OSError as error:
            raise ListenError(host, port, error) from error
        self._sockets.append(opened)
        names = [socket.getsockname() for socket in opened.sockets]
        listening = tuple(Listening(name[0], name[1], ssl_context is not None) for name in names)
        self._listening.extend(listening)
        return listening

    @property
    def listening(self) -> tuple[Listening, ...]:
        """The open sockets, in the order of `listen`."""
        return tuple(self._listening)

    @property
    def connections(self) -> int:
        """TCP connections held, those in their handshake included."""
        return len(self._members)

    def protocol(self, ssl_context: ssl.SSLContext | None = None) -> asyncio.Protocol:
        """A protocol for one incoming connection: for sockets, and for a pipe."""
        upgrade = Upgrade(self)
        return upgrade if ssl_context is None else TlsLayer(ssl_context, upgrade)

    def sweep(self, now: float) -> None:
        """Act on all deadlines that have passed at `now` (the timer does it every `limits.sweep_every_s`)."""
        self.watch.sweep(now)

    async def close(self, within_s: float = 10.0) -> None:
        """Stop listening, say 1012 to every connection, and cut off what is still there after `within_s`."""
        self._is_closing = True
        for opened in self._sockets:
            opened.close()
        self._listening.clear()
        for member in tuple(self._members):
            try:
                self._close_member(member)
            except Exception as error:  # noqa: BLE001 # one that cannot be told must not keep it from the others
                self.watch.failed(member, error)
        try:
            async with self._clock.timeout(within_s):
                await self._wait_empty()
        except TimeoutError:
            for member in tuple(self._members):
                member.abort()
            await self._wait_empty()
        self.watch.stop()

    # For the upgrades (UpgradeOwner)

    def count_in(self, upgrade: Upgrade, peer: Peer) -> AttemptReason | None:
        """Count a TCP connection; the reason if it is one too many."""
        self._members[upgrade] = None
        self._per_address[peer.address] += 1
        if len(self._members) > self.limits.connections or self._is_closing:
            return AttemptReason.TOO_MANY_CONNECTIONS
        if self._per_address[peer.address] > self.limits.connections_per_address and not _is_loopback(
            peer.address
        ):
            return AttemptReason.TOO_MANY_FROM_ADDRESS
        return None

    @property
    def can_explain(self) -> bool:
        """Whether one connection too many may stay long enough to be told so: 503 with the reason."""
        return len(self._members) <= self.limits.connections + self.limits.connections_refused

    def count_out(self, member: Upgrade | Connection, peer: Peer) -> None:
        """The TCP connection is gone."""
        self._members.pop(member, None)
        self._per_address[peer.address] -= 1
        if self._per_address[peer.address] <= 0:
            del self._per_address[peer.address]
        if not self._members:
            self._emptied.set()

    def hand_over(self, upgrade: Upgrade, connection: Connection) -> None:
        """The upgrade has become a connection."""
        self._members.pop(upgrade, None)
        self._members[connection] = None
        if self._is_closing:
            connection.close(RESTARTING, "the server is restarting")

    def start_task(self, upgrade: Upgrade, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run something for an upgrade; what it raises ends that upgrade alone."""
        return self._group.create_task(self._guard(upgrade, work))

    async def _guard(self, upgrade: Upgrade, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 # the task group is that of all connections
            self.watch.failed(upgrade, error)

    def _close_member(self, member: Upgrade | Connection) -> None:
        if isinstance(member, Connection):
            member.close(RESTARTING, "the server is restarting")
        else:
            member.abort()

    async def _wait_empty(self) -> None:
        while self._members:
            self._emptied.clear()
            await self._emptied.wait()


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
