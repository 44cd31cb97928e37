"""uvicorn in our own loop: no signal handlers, a port error in one line, and a stop that open
streams cannot delay.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from runtime.errors import AddressUnavailable, PortInUse, RuntimeProblem
from runtime.wording import Phrase

STOP_WITHIN_S = 2  # what open requests and streams may still take; uvicorn wants whole seconds
LONGEST_WS_MESSAGE = 1 << 20
REQUEST_WITHIN_S = 10.0
"""From the connection, or the first byte of a further request on it, to the end of the request's headers."""
CONNECTIONS_MOST = 4000
"""Connections held at once; those of stations need the process's other file descriptors."""


class _Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # uvicorn chooses which when imported
    """uvicorn's, which would hold a connection that never finishes a request for ever."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Count, and wait for a request, but not for ever."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MOST:
            transport.abort()
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """Whatever comes, either a request is being answered or the clock runs."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for."""
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        is_upgraded = self.transport.get_protocol() is not self
        if is_upgraded or (self.cycle is not None and not self.cycle.response_complete):
            self._forget()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REQUEST_WITHIN_S, self.transport.abort)

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Server(uvicorn.Server):
    """uvicorn, but the process's own signal handlers stay in charge."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are runtime.lifecycle's."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when it answers."""
        try:
            await super().startup(sockets)
        except SystemExit:  # uvicorn's way to say that the app's own start-up failed; it has logged why
            self.should_exit = True
        self.ready.set()


class HttpServer:
    """A running HTTP server. `port` is the real one, also when 0 was asked for."""

    def __init__(self, server: _Server, listener: socket.socket) -> None:
        self._server = server
        self._listener = listener
        self._serving = asyncio.create_task(server.serve([listener]), name="http")
        self.host, self.port = listener.getsockname()[:2]

    async def stop(self) -> None:
        """Take no more requests, give open ones two seconds, end streams and sockets; harmless when
        repeated.
        """
        self._server.should_exit = True
        with _without_complaints():
            await asyncio.wait({self._serving})
        self._listener.close()
        if not self._serving.cancelled():
            self._serving.result()

    async def started(self) -> None:
        """Return when it answers. Raises RuntimeProblem if the app's own start-up failed."""
        ready = asyncio.ensure_future(self._server.ready.wait())
        await asyncio.wait({ready, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not self._server.started:
            await self.stop()
            raise RuntimeProblem(
                Phrase(
                    "Le serveur HTTP n'a pas pu démarrer; le journal ci-dessus dit pourquoi.",
                    "The HTTP server could not start; the log above says why.",
                )
            )


async def serve(
    app: ASGIApp, host: str, port: int, *, tls: ssl.SSLContext | None = None, is_second: bool = False
) -> HttpServer:
    """Serve `app` on `host`:`port` (0: any free port) in the running loop, and return once it answers.

    `is_second`: another server has started the app already. Raises PortInUse and AddressUnavailable.
    """
    config = uvicorn.Config(
        app,
        http=_Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # anybody could claim any address otherwise
        timeout_graceful_shutdown=STOP_WITHIN_S,
        ws="websockets-sansio",
        ws_max_size=LONGEST_WS_MESSAGE,
        lifespan="off" if is_second else "auto",
    )
    config.load()
    config.ssl = tls
    server = HttpServer(_Server(config), listen(host, port))
    await server.started()
    return server


def http_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or newer with a PEM chain and its unencrypted key. Raises OSError, ssl.SSLError."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket. Raises PortInUse and AddressUnavailable, which say what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise _no_address(host) from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
        listener.settimeout(0)
    except OSError as error:
        listener.close()
        raise listen_problem(host, port, error) from error
    return listener


def _no_address(host: str) -> AddressUnavailable:
    text = Phrase(
        f"{host} n'est pas une adresse de cette machine; 127.0.0.1 marche toujours.",
        f"{host} is no address of this machine; 127.0.0.1 always works.",
    )
    return AddressUnavailable(text)


def listen_problem(host: str, port: int, error: OSError) -> RuntimeProblem:
    """Why one cannot listen there, and what to do."""
    if error.errno == errno.EADDRINUSE:
        text = Phrase(
            f"Le port {port} de {host} est pris par un autre programme. Arrêtez-le, ou choisissez un "
            f"autre port.",
            f"Port {port} on {host} is taken by another program. Stop that one, or choose another port.",
        )
        return PortInUse(text)
    if error.errno in (errno.EACCES, errno.EPERM):
        text = Phrase(
            f"Le port {port} exige des droits d'administrateur; choisissez-en un au-dessus de 1023.",
            f"Port {port} needs administrator rights; choose one above 1023.",
        )
        return AddressUnavailable(text)
    if error.errno == errno.EADDRNOTAVAIL:
        return _no_address(host)
    text = Phrase(
        f"On ne peut pas écouter à {host}:{port} : {error.strerror}. 127.0.0.1 marche toujours.",
        f"Cannot listen on {host}:{port}: {error.strerror}. 127.0.0.1 always works.",
    )
    return AddressUnavailable(text)


@contextmanager
def _without_complaints() -> Iterator[None]:
    """uvicorn reports each stream that a stop cuts off as an error with a traceback; it is meant to."""
    logger = logging.getLogger("uvicorn.error")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
