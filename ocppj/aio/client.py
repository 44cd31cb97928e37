"""The client: opens one WebSocket to a central system, as a station does."""

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI
from websockets.headers import build_authorization_basic
from websockets.protocol import Side
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI, parse_uri

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Peer, Receiver
from ocppj.aio.errors import (
    ConnectError,
    ConnectTimeoutError,
    SubprotocolRefusedError,
    TlsFailedError,
    UnreachableError,
    UpgradeInvalidError,
    UpgradeRefusedError,
)
from ocppj.aio.tls import TlsLayer
from ocppj.aio.watch import Watch
from ocppj.aio.wire import CLIENT_DEFLATE, LOGGER, open_protocol

Dial = Callable[[Callable[[], asyncio.Protocol], str, int], Awaitable[object]]
"""Connects a protocol made by the factory to (host, port), as `loop.create_connection` does."""


async def connect(
    url: str,
    *,
    receiver: Callable[[Connection], Receiver],
    subprotocols: Sequence[str],
    username: str | None = None,
    password: bytes | str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    ssl_context: ssl.SSLContext | None = None,
    watch: Watch,
    compression: bool = True,
    dial: Dial | None = None,
) -> Connection:
    """Open a WebSocket to `url` (`ws://` or `wss://`), offering `subprotocols`, best first.

    `receiver` is called with the connection before anything is delivered. `username` and `password` go out as
    HTTP Basic credentials. `watch` looks after deadlines and pings; many clients in one process share one.
    `dial` replaces the TCP connection (see `ocppj.aio.pipe`). Raises ConnectError within
    `watch.limits.handshake_s`.
    """
    try:
        uri = parse_uri(url)
    except InvalidURI as error:
        raise UnreachableError(f"{url} is not a WebSocket URL: it begins with ws:// or wss://") from error
    upgrade = ClientUpgrade(uri, subprotocols, receiver, watch, compression=compression)
    if username is not None:
        upgrade.set_credentials(username, password or b"")
    upgrade.extra_headers = tuple(headers)
    context = (ssl_context or ssl.create_default_context()) if uri.secure else None
    try:
        async with watch.clock.timeout(watch.limits.handshake_s):
            await (dial or _dial_tcp)(lambda: upgrade.protocol(context), uri.host, uri.port)
            connection = await upgrade.opened
            upgrade.is_handed_over = True
            return connection
    except TimeoutError:
        text = f"{uri.host}:{uri.port} did not answer within {watch.limits.handshake_s:g} s"
        raise ConnectTimeoutError(text) from None
    except OSError as error:
        raise UnreachableError(
            f"cannot connect to {uri.host}:{uri.port}: {error.strerror or error}"
        ) from error
    finally:
        if not upgrade.is_handed_over:
            upgrade.give_up()


class ClientUpgrade(asyncio.Protocol):
    """The client's side of an opening handshake."""

    def __init__(
        self,
        uri: WebSocketURI,
        subprotocols: Sequence[str],
        receiver: Callable[[Connection], Receiver],
        watch: Watch,
        *,
        compression: bool,
    ) -> None:
        self.opened: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self.is_handed_over = False
        """Whether the caller has the connection."""
        self.extra_headers: tuple[tuple[str, str], ...] = ()
        self._uri = uri
        self._receiver = receiver
        self._watch = watch
        self._ws = ClientProtocol(
            uri,
            subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            extensions=[CLIENT_DEFLATE] if compression else None,
            max_size=watch.limits.max_message_bytes,
            logger=LOGGER,
        )
        self._authorization: str | None = None
        self._raw: asyncio.Transport | None = None
        self._transport: asyncio.Transport | None = None
        self._connection: Connection | None = None
        self._tail = b""

    def set_credentials(self, username: str, password: bytes | str) -> None:
        """Send HTTP Basic credentials; a password in bytes goes out as it is."""
        if isinstance(password, bytes):
            self._authorization = _basic_from_bytes(username, password)
        else:
            self._authorization = build_authorization_basic(username, password)

    def protocol(self, context: ssl.SSLContext | None) -> asyncio.Protocol:
        """What to connect to TCP."""
        return self if context is None else TlsLayer(context, self, server_hostname=self._uri.host)

    def give_up(self) -> None:
        """Drop a connection that nobody takes; the receiver of one that was opened meanwhile is told."""
        self.opened.cancel()
        if self._connection is not None:
            self._connection.abort("given up while it was being opened")
            self._connection.connection_lost(None)  # a cancelled dial closes its transport without a word
        elif self._raw is not None:
            self._raw.abort()

    # What the transport calls

    def tls_started(self, layer: TlsLayer, raw: asyncio.Transport) -> None:  # noqa: ARG002 # TlsUser's
        """TCP is connected."""
        self._raw = raw

    def tls_failed(self, error: Exception | None, first_bytes: bytes) -> None:  # noqa: ARG002 # TlsUser's
        """No TLS."""
        if error is None:
            self._fail(TlsFailedError("the server ended the connection during the TLS handshake"))
        else:
            self._fail(TlsFailedError(f"the TLS handshake failed: {error}"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the request."""
        self._transport = cast("asyncio.Transport", transport)
        self._raw = self._raw or self._transport
        request = self._ws.connect()
        if self._authorization is not None:
            request.headers["Authorization"] = self._authorization
        for name, value in self.extra_headers:
            if name in request.headers:
                del request.headers[name]
            if value:
                request.headers[name] = value
        self._ws.send_request(request)
        self._transport.write(b"".join(self._ws.data_to_send()))

    def data_received(self, data: bytes) -> None:
        """Read the answer; frames behind it go to the connection."""
        joined = self._tail + data
        end = joined.find(b"\r\n\r\n")
        early = b""
        if end >= 0 and joined.startswith(b"HTTP/1.1 101"):
            data, early = data[: end + 4 - len(self._tail)], data[end + 4 - len(self._tail) :]
        self._tail = joined if end < 0 else b""
        self._ws.receive_data(data)
        self._read_answer(early)

    def eof_received(self) -> bool:
        """The server ended its half: an HTTP answer without a length ends so."""
        self._ws.receive_eof()
        self._read_answer(b"")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """TCP is gone."""
        reason = f": {exc}" if exc is not None else ""
        self._fail(
            UpgradeInvalidError(f"the server ended the connection instead of answering the upgrade{reason}")
        )

    def _read_answer(self, early: bytes) -> None:
        events = self._ws.events_received()
        if self._ws.handshake_exc is not None:
            self._fail(_translate(self._ws.handshake_exc))
        elif events:
            self._open(early)

    def _open(self, early: bytes) -> None:
        if self.opened.done() or self._transport is None:
            return
        if self._ws.available_subprotocols and self._ws.subprotocol is None:
            offered = ", ".join(self._ws.available_subprotocols)
            self._fail(SubprotocolRefusedError(f"the server speaks none of {offered}"))
            return
        name = self._transport.get_extra_info("peername") or (self._uri.host, self._uri.port)
        self._connection = connection = Connection(
            open_protocol(Side.CLIENT, self._ws, self._watch.limits.max_message_bytes),
            self._transport,
            self._watch,
            Peer(str(name[0]), int(name[1]), is_secure=self._uri.secure),
            self._ws.subprotocol or "",
        )
        self._transport.set_protocol(connection)
        receiver = self._receiver(connection)
        self.opened.set_result(connection)
        connection.start(receiver, early)

    def _fail(self, error: ConnectError) -> None:
        if not self.opened.done():
            self.opened.set_exception(error)
        if self._raw is not None:
            self._raw.close()


async def _dial_tcp(factory: Callable[[], asyncio.Protocol], host: str, port: int) -> object:
    return await asyncio.get_running_loop().create_connection(factory, host, port)


def _basic_from_bytes(username: str, password: bytes) -> str:
    return "Basic " + base64.b64encode(username.encode() + b":" + password).decode()


def _translate(error: Exception) -> ConnectError:
    """Foreign errors become ours here and nowhere else."""
    if isinstance(error, InvalidStatus):
        response = error.response
        return UpgradeRefusedError(
            response.status_code,
            bytes(response.body).decode("utf-8", "replace"),
            tuple(response.headers.raw_items()),
        )
    if isinstance(error, InvalidHandshake) and "subprotocol" in str(error):
        return SubprotocolRefusedError(f"the server chose a subprotocol that was not offered: {error}")
    return UpgradeInvalidError(f"the server's answer is not that of a WebSocket server: {error}")
