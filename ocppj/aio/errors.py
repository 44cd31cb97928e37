"""Errors of connecting as a client, of listening, and of using a connection wrongly.

TransportError
├── ConnectError                the connection could not be made
│   ├── UnreachableError          nothing listens there, or no way to the host (retry)
│   ├── ConnectTimeoutError       no answer in time (retry)
│   ├── TlsFailedError            the TLS handshake failed: certificate, name or version
│   ├── UpgradeRefusedError       an HTTP status: see `.status` (401 credentials, 404 identity, 503 retry)
│   ├── UpgradeInvalidError       what came back is no valid WebSocket answer
│   └── SubprotocolRefusedError   the server chose none of the OCPP versions offered
├── ListenError                 a server's port could not be opened
└── ConnectionNotOpenError      send() on a connection that is closing or closed
"""

import errno


class TransportError(Exception):
    """The tree's root."""


class ConnectError(TransportError):
    """The connection could not be made."""


class UnreachableError(ConnectError):
    """Nothing accepts connections at that address, or there is no way to it."""


class ConnectTimeoutError(ConnectError):
    """The server did not finish the handshake in time."""


class TlsFailedError(ConnectError):
    """The TLS handshake failed."""


class UpgradeRefusedError(ConnectError):
    """The server answered with an HTTP status instead of a WebSocket."""

    def __init__(self, status: int, body: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        first_line = body.strip().splitlines()[0] if body.strip() else "no text"
        super().__init__(f"the server answered HTTP {status}: {first_line[:200]}")
        self.status = status
        self.body = body
        self.headers = headers


class UpgradeInvalidError(ConnectError):
    """The answer is not that of a WebSocket server."""


class SubprotocolRefusedError(ConnectError):
    """The server speaks none of the OCPP versions offered."""


class ConnectionNotOpenError(TransportError):
    """The connection is closing or closed: nothing can be sent on it any more."""


class ListenError(TransportError):
    """A port could not be opened."""

    def __init__(self, host: str | None, port: int, error: OSError) -> None:
        where = f"{host or 'all addresses'} port {port}"
        if error.errno == errno.EADDRINUSE:
            text = f"cannot listen on {where}: another program does; stop it or choose another port"
        elif error.errno == errno.EACCES:
            text = f"cannot listen on {where}: ports below 1024 need privileges; choose a higher one"
        elif error.errno == errno.EADDRNOTAVAIL:
            text = f"cannot listen on {where}: this machine has no such address"
        else:
            text = f"cannot listen on {where}: {error.strerror or error}"
        super().__init__(text)
        self.port = port
        self.error = error
