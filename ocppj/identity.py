"""The station's identity and credentials, read from an upgrade request once and for all.

Whoever authenticates, registers, stores or logs uses the `StationTarget` made here and never looks at the URL
again: two parsers of one URL are how a station gets in under another's name (reliability SEC-06).
"""

import base64
import binascii
import enum
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

PREFIX = "/ocpp/"
IDENTITY_CHARACTERS = 48
"""OCPP 2.0.1 part 4 §3.1.1: identifierString of at most 48 characters."""

_IDENTITY = re.compile(r"[A-Za-z0-9*\-_=:+|@.]+")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_ABSOLUTE_FORM = re.compile(r"(?:wss?|https?)://[^/?#]*", re.IGNORECASE)


class Toleration(enum.StrEnum):
    """What a peer does wrong on the way to and on a WebSocket, and we put up with and record."""

    ABSOLUTE_FORM = "absolute_form"
    REPEATED_SLASHES = "repeated_slashes"
    TRAILING_SLASH = "trailing_slash"
    IDENTITY_REPEATED = "identity_repeated"
    PREFIX_CASE = "prefix_case"
    QUERY_IGNORED = "query_ignored"
    HOST_HEADER_MISSING = "host_header_missing"
    CONNECTION_HEADER_MISSING = "connection_header_missing"
    VERSION_HEADER_MISSING = "version_header_missing"
    SUBPROTOCOL_MISSING = "subprotocol_missing"
    SUBPROTOCOL_CASE = "subprotocol_case"
    PINGS_UNANSWERED = "pings_unanswered"


class TargetFault(enum.StrEnum):
    """Why a request target names no station."""

    WRONG_PATH = "wrong_path"
    NO_IDENTITY = "no_identity"
    TOO_MANY_SEGMENTS = "too_many_segments"
    TOO_LONG = "too_long"
    BAD_ESCAPE = "bad_escape"
    BAD_CHARACTER = "bad_character"


@dataclass(frozen=True, slots=True)
class StationTarget:
    """A request target that names a station."""

    identity: str
    """Percent-decoded once, case as sent; 1 to 48 characters of `A-Z a-z 0-9 * - _ = : + | @ .`"""
    spelling: str
    """The path segment as it stood in the URL: some stations put that into their Basic credentials."""
    tolerated: tuple[Toleration, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedTarget:
    """A request target that names no station; `text` says why and what to do, without quoting the target."""

    fault: TargetFault
    text: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """HTTP Basic credentials. The password is bytes: 1.6 stations send keys that are no text (OCPP-J
    §6.2)."""

    username: str
    password: bytes = field(repr=False)
    is_identity: bool
    """Whether the username is the identity of the URL; any other is a refusal (OCPP 2.0.1 A00.FR.204)."""


class MalformedCredentialsError(ValueError):
    """The Authorization header is not Basic credentials; the text says why and never quotes it."""


def parse_target(target: str | bytes) -> StationTarget | RefusedTarget:
    """Read the identity out of an HTTP request target such as `/ocpp/CP1` or
    `http://host:9000//ocpp/CP1/`."""
    text = target if isinstance(target, str) else target.decode("latin-1")
    tolerated: list[Toleration] = []
    path = _path_of(text, tolerated)
    segments = [segment for segment in path.split("/") if segment]
    _note_slashes(path, tolerated)
    if not path.startswith("/") or not segments or segments[0].lower() != "ocpp":
        return _refused(TargetFault.WRONG_PATH)
    if segments[0] != "ocpp":
        tolerated.append(Toleration.PREFIX_CASE)
    match segments[1:]:
        case []:
            return _refused(TargetFault.NO_IDENTITY)
        case [spelling]:
            pass
        case [spelling, again] if spelling == again:
            tolerated.append(Toleration.IDENTITY_REPEATED)
        case _:
            return _refused(TargetFault.TOO_MANY_SEGMENTS)
    identity = _decode_identity(spelling)
    if isinstance(identity, TargetFault):
        return _refused(identity)
    return StationTarget(identity, spelling, tuple(tolerated))


def split_basic_auth(header: str, identity: str, spelling: str | None = None) -> Credentials:
    """Read an Authorization header. The URL's identity says where the username ends: both may contain ':'.

    `spelling` is the identity as it stood in the URL, still percent-encoded: accepted as a username as well.
    Raises MalformedCredentialsError.
    """
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        raise MalformedCredentialsError("the Authorization scheme is not Basic")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedCredentialsError("the Basic credentials are not valid base64") from None
    for username in (identity, spelling or identity):
        length = len(username)
        # Identities compare without case (identifierString, OCPP 2.0.1 part 2 §primitive types).
        if decoded[: length + 1].lower() == f"{username}:".encode().lower():
            return Credentials(decoded[:length].decode(), decoded[length + 1 :], is_identity=True)
    name, colon, password = decoded.partition(b":")
    if not colon:
        raise MalformedCredentialsError("the Basic credentials contain no ':' between username and password")
    return Credentials(name.decode("utf-8", "backslashreplace"), password, is_identity=False)


def _path_of(target: str, tolerated: list[Toleration]) -> str:
    absolute = _ABSOLUTE_FORM.match(target)
    if absolute:
        tolerated.append(Toleration.ABSOLUTE_FORM)
        target = target[absolute.end() :]
    path, question, _ = target.partition("?")
    if question:
        tolerated.append(Toleration.QUERY_IGNORED)
    return path


def _note_slashes(path: str, tolerated: list[Toleration]) -> None:
    if "//" in path:
        tolerated.append(Toleration.REPEATED_SLASHES)
    if len(path) > 1 and path.endswith("/"):
        tolerated.append(Toleration.TRAILING_SLASH)


def _decode_identity(spelling: str) -> str | TargetFault:
    """Percent-decode exactly once: what is encoded twice, or hides a slash, names nobody."""
    raw = spelling.encode("latin-1", "replace")
    if _BROKEN_ESCAPE.search(raw):
        return TargetFault.BAD_ESCAPE
    identity = unquote_to_bytes(raw).decode("latin-1")
    if not _IDENTITY.fullmatch(identity) or identity in (".", ".."):
        return TargetFault.BAD_CHARACTER
    if len(identity) > IDENTITY_CHARACTERS:
        return TargetFault.TOO_LONG
    return identity


_FAULT_TEXT = {
    TargetFault.WRONG_PATH: "Stations connect to /ocpp/<station id> here: set that path in the station.",
    TargetFault.NO_IDENTITY: "The station id is missing: the URL ends in /ocpp/<station id>.",
    TargetFault.TOO_MANY_SEGMENTS: "There is more than the station id behind /ocpp/: use /ocpp/<station id>.",
    TargetFault.TOO_LONG: f"The station id has more than {IDENTITY_CHARACTERS} characters: shorten it.",
    TargetFault.BAD_ESCAPE: "A % in the station id must be followed by two hexadecimal digits.",
    TargetFault.BAD_CHARACTER: "The station id contains a character that OCPP does not allow: "
    "letters, digits and * - _ = : + | @ . remain.",
}


def _refused(fault: TargetFault) -> RefusedTarget:
    return RefusedTarget(fault, _FAULT_TEXT[fault])
