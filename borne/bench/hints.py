"""What to do when a station cannot connect."""

from ocppj.aio.errors import (
    ConnectError,
    ConnectTimeoutError,
    SubprotocolRefusedError,
    TlsFailedError,
    UnreachableError,
    UpgradeInvalidError,
    UpgradeRefusedError,
)

_BY_STATUS = {
    401: "The server does not know this station, or not this password: give --password, or see "
    "`borne doctor STATION` on the server's machine.",
    403: "The server refuses this station: see `borne doctor STATION` on the server's machine.",
    404: "The server has no such address: it usually ends in /ocpp, and the station id follows.",
    503: "The server takes nobody right now; the station goes on trying.",
}
_BY_ERROR: dict[type[ConnectError], str] = {
    UnreachableError: "Is the server running? `borne up` starts one here, `borne doctor` looks for trouble.",
    ConnectTimeoutError: "Something is there but does not answer: is it the right port, a firewall between?",
    TlsFailedError: "If the server signed its certificate itself, give that with --ca FILE.",
    UpgradeInvalidError: "That port does not speak WebSocket: is it the right one?",
    SubprotocolRefusedError: "The server does not speak that OCPP version: see `borne station --list`.",
}


def hint_for(error: ConnectError) -> str | None:
    """A sentence for the person at the terminal; None where nothing can be said."""
    if isinstance(error, UpgradeRefusedError):
        return _BY_STATUS.get(error.status)
    return _BY_ERROR.get(type(error))
