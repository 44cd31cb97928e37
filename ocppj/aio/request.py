"""Reading, mending and answering upgrade requests. Pure: bytes and headers in, values and bytes out."""

import asyncio
import email.utils
import http
import re
import ssl
from urllib.parse import urlsplit

from websockets.datastructures import Headers
from websockets.headers import parse_subprotocol

from ocppj.aio.endpoint import SUBPROTOCOLS, Peer, Refuse, UpgradeRequest
from ocppj.identity import (
    Credentials,
    MalformedCredentialsError,
    StationTarget,
    Toleration,
    split_basic_auth,
)

WEBSOCKET_VERSION = "13"
_PRIVATE = r"[\w\-]*(?:authorization|cookie|token|secret|passw|api-?key|credential)[\w\-]*"
_SECRET_HEADER = re.compile(rf"(?i)({_PRIVATE}[ \t]*:)[^\r\n]*".encode())
_OTHER_METHOD = re.compile(rb"(?!GET )[A-Z]{3,10} (?P<path>/[!-~]*) HTTP/1\.[01]\r\n")
_HIDDEN_HEADER = re.compile(rf"(?i){_PRIVATE}")
_QUERY = re.compile(rb"\?[^\s#]+")
"""Some stations carry their password there; none of it means anything to us."""
_USER_PART = re.compile(rb"(?<=//)[^/\s?#]*(?=@)")


def is_upgrade(headers: Headers) -> bool:
    """Whether the request means to open a WebSocket, however clumsily."""
    return "Sec-WebSocket-Key" in headers or any(
        "websocket" in value.lower() for value in headers.get_all("Upgrade")
    )


def mend_headers(headers: Headers) -> tuple[Toleration, ...]:
    """Add what some stations leave out, in place; says what was missing."""
    tolerated: list[Toleration] = []
    if "Host" not in headers:
        tolerated.append(Toleration.HOST_HEADER_MISSING)  # RFC 9112 §3.2 wants 400; we need it for nothing
    if not any("upgrade" in value.lower() for value in headers.get_all("Connection")):
        headers["Connection"] = "Upgrade"  # quirk 3: Autel sends none
        tolerated.append(Toleration.CONNECTION_HEADER_MISSING)
    if "Sec-WebSocket-Version" not in headers:
        headers["Sec-WebSocket-Version"] = WEBSOCKET_VERSION
        tolerated.append(Toleration.VERSION_HEADER_MISSING)
    if not any(value.strip() for value in headers.get_all("Sec-WebSocket-Protocol")):
        if "Sec-WebSocket-Protocol" in headers:
            del headers["Sec-WebSocket-Protocol"]
        tolerated.append(Toleration.SUBPROTOCOL_MISSING)  # quirk 1: Grizzl-E
    return tuple(tolerated)


def find_fault(headers: Headers) -> Refuse | None:
    """What no intermediary and server may read differently (RFC 9112 §3.2), and another WebSocket version."""
    if len(headers.get_all("Host")) > 1:
        return Refuse(400, "The request has more than one Host header.")
    if headers.get_all("Sec-WebSocket-Version") != [WEBSOCKET_VERSION]:  # RFC 6455 §4.4
        text = f"Only version {WEBSOCKET_VERSION} of the WebSocket protocol is spoken here."
        return Refuse(426, text, (("Sec-WebSocket-Version", WEBSOCKET_VERSION),))
    return None


def is_foreign_page(headers: Headers, allowed: frozenset[str]) -> bool:
    """Whether the request comes from a web page of another host, as its browser tells (RFC 6455 §10.2).

    Whoever looks at the page knows nothing of it. Stations send none, or ours; `null` hides a page's own.
    """
    origins = [value.strip().lower().rstrip("/") for value in headers.get_all("Origin")]
    if not origins or "*" in allowed:
        return False
    host = _host_of(f"//{headers.get('Host', '')}")
    return any(
        (origin == "null" or origin.startswith(("http:", "https:")))
        and origin not in allowed
        and (host is None or _host_of(origin) != host)
        for origin in origins
    )


def read_upgrade(
    headers: Headers,
    peer: Peer,
    target: StationTarget,
    tolerated: tuple[Toleration, ...],
    certificate: bytes | None,
) -> UpgradeRequest:
    """Turn a checked request into what the endpoint decides on."""
    values = headers.get_all("Sec-WebSocket-Protocol")
    offered = tuple(str(name) for value in values for name in parse_subprotocol(value))
    negotiated = negotiate(offered)
    if negotiated is not None and negotiated not in offered:
        tolerated = (*tolerated, Toleration.SUBPROTOCOL_CASE)
    credentials, fault = _read_credentials(headers, target)
    return UpgradeRequest(
        peer=peer,
        target=target,
        offered=offered,
        negotiated=negotiated,
        credentials=credentials,
        credentials_fault=fault,
        headers=plain_headers(headers),
        tolerated=(*target.tolerated, *tolerated),
        certificate=certificate,
    )


def negotiate(offered: tuple[str, ...]) -> str | None:
    """The first of those offered that we speak; spelling in any case.

    The client lists versions in order of preference (OCPP 2.1 part 4 §3.1.2; RFC 6455 §4.1): a station whose
    2.0.1 is the newer and the worse one is taken at its word.
    """
    return next((name.lower() for name in offered if name.lower() in SUBPROTOCOLS), None)


def spelling_of(subprotocol: str | None, offered: tuple[str, ...]) -> str | None:
    """How the station spells the chosen subprotocol: the answer must repeat it exactly (RFC 6455 §4.1)."""
    return next((name for name in offered if subprotocol is not None and name.lower() == subprotocol), None)


def plain_headers(headers: Headers) -> dict[str, str]:
    """Headers by lower-case name, the first of repeated ones, without secrets."""
    plain: dict[str, str] = {}
    for name, value in headers.raw_items():
        if not _HIDDEN_HEADER.fullmatch(name):
            plain.setdefault(name.lower(), value)
    return plain


def client_certificate(transport: asyncio.BaseTransport | None) -> bytes | None:
    """The peer's verified certificate (DER), if TLS asked for one."""
    tls = transport.get_extra_info("ssl_object") if transport is not None else None
    return tls.getpeercert(binary_form=True) if isinstance(tls, ssl.SSLObject) else None


def plain_response(
    status: int,
    body: str,
    content_type: str = "text/plain; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """An HTTP answer that ends the connection."""
    content = body.encode()
    lines = [
        f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}",
        f"Date: {email.utils.formatdate(usegmt=True)}",
        "Connection: close",
        f"Content-Length: {len(content)}",
        f"Content-Type: {content_type}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    if status == 405:
        lines.append("Allow: GET")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


OTHER_METHOD = "Stations open a WebSocket here, with GET: the URL in a station begins with ws:// or wss://."
PLAIN_ON_TLS = plain_response(400, "This port speaks TLS: use wss:// instead of ws://.\n")


def without_secrets(first_bytes: bytes) -> bytes:
    """First bytes fit to be kept and shown."""
    shown = _SECRET_HEADER.sub(rb"\1 ***", first_bytes)
    return _USER_PART.sub(b"***", _QUERY.sub(b"?***", shown))


def path_of_other_method(first_bytes: bytes) -> str | None:
    """The path of a request that is no GET, from its first line; None for a GET and for what is none.

    The parser refuses a body before anybody sees the method: a station whose URL begins with `http://` posts.
    """
    found = _OTHER_METHOD.match(first_bytes)
    return found["path"].decode("ascii") if found is not None else None


def describe_malformed(first_bytes: bytes, error: Exception) -> str:
    """What is wrong with a request that could not be parsed, in words that quote none of it."""
    line, newline, _ = first_bytes.partition(b"\n")
    if newline and not line.endswith(b"\r"):
        return "its lines end in LF instead of CR LF"
    if re.search(rb"\r\n[ \t]", first_bytes):
        return "a header continues on the next line"
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        return "the path contains a character outside ASCII: percent-encode it"
    if isinstance(cause, NotImplementedError) or b"content-length" in first_bytes.lower():
        return "it announces a body, and an upgrade has none"
    if b" HTTP/" in line:
        return "a header is malformed, or the version is not HTTP/1.1"
    return "it does not begin with 'GET /ocpp/<station id> HTTP/1.1'"


def describe_rejection(error: Exception | None) -> str:
    """Why an upgrade request was not one, quoting at most a header's name."""
    name = getattr(error, "name", None)
    if isinstance(name, str):
        return f"The header {name} is missing or wrong."
    return "The upgrade request is not valid: it must be GET with HTTP/1.1 and the headers of RFC 6455."


def describe_tls_error(error: Exception | None) -> str:
    """What went wrong in a TLS handshake, and what to look at."""
    if error is None:
        return "the peer left during the TLS handshake: it may not trust the server's certificate"
    reason = getattr(error, "reason", None) or type(error).__name__
    text = str(reason).lower().replace("_", " ")
    if "alert" in text and ("unknown ca" in text or "certificate" in text):
        return (
            f"the peer refuses the server's certificate ({text}): install its CA certificate in the station"
        )
    if "version" in text or "unsupported protocol" in text:
        return f"no common TLS version ({text}): the station must speak TLS 1.2 or newer"
    return f"the TLS handshake failed: {text}"


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _read_credentials(headers: Headers, target: StationTarget) -> tuple[Credentials | None, str | None]:
    values = headers.get_all("Authorization")
    if not values:
        return None, None
    if len(values) > 1:
        return None, "there is more than one Authorization header"
    try:
        return split_basic_auth(values[0], target.identity, target.spelling), None
    except MalformedCredentialsError as error:
        return None, str(error)
