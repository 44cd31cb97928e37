"""What to do when a station cannot connect, is not let in, or its token is refused."""

import json
import shlex

from ocppj.aio.errors import (
    ConnectError,
    ConnectTimeoutError,
    SubprotocolRefusedError,
    TlsFailedError,
    UnreachableError,
    UpgradeInvalidError,
    UpgradeRefusedError,
)
from ocppj.vocabulary import AuthorizationStatus

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
    TlsFailedError: "Perhaps ws:// instead of wss://: does that port speak TLS? If it does and the server "
    "signed its certificate itself, give that with --ca FILE.",
    UpgradeInvalidError: "That port does not speak WebSocket: is it the right one?",
    SubprotocolRefusedError: "The server does not speak that OCPP version: see `borne station --list`.",
}

PENDING_HINT = (
    "Stations stay Pending: start the server with `borne up --unknown accept`, or let each one in with "
    "`borne ctl adopt STATION`."
)
_NOT_KNOWN = (AuthorizationStatus.INVALID, AuthorizationStatus.UNKNOWN)
"""A token that the server does not have: 1.6 says Invalid, 2.0.1 Unknown."""


def hint_for(error: ConnectError) -> str | None:
    """A sentence for the person at the terminal; None where nothing can be said."""
    if isinstance(error, UpgradeRefusedError):
        return _BY_STATUS.get(error.status)
    return _BY_ERROR.get(type(error))


def token_hint(id_token: str, status: AuthorizationStatus | None) -> str | None:
    """How to make a token known, if that is why it was refused."""
    if status not in _NOT_KNOWN:
        return None
    body = shlex.quote(json.dumps({"value": id_token}, ensure_ascii=False))
    return f"To make {id_token} known to the server: borne ctl post /tokens {body}"
