"""What a station may get wrong, and the one outcome that each fault has: the tables behind the tests.

`bad_input_page` writes docs/reference/bad-input.md from them.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from websockets.frames import Frame, Opcode

from tests.support.websocket import upgrade_request
from tests.support.wire_station import VERSIONS

FIRST_ID = "bad-1"


@dataclass(frozen=True)
class Outcome:
    """What the station sees (`kind`), and its detail: an error code, a finding, a close code."""

    kind: str
    detail: str

    def __str__(self) -> str:
        match self.kind:
            case "error":
                return f"`{self.detail}`"
            case "unread":
                return f'`{self.detail}`, id `"-1"`'
            case "silence":
                return "no answer"
            case "served":
                return f"served, `{self.detail}`"
            case _:
                return f"close {self.detail}"


def error(code: str) -> Outcome:
    """A CALLERROR with the id of the message."""
    return Outcome("error", code)


def unread(code: str) -> Outcome:
    """A CALLERROR with the id that 2.0.1 part 4 §4.2.3 gives to what has none."""
    return Outcome("unread", code)


def served(finding: str) -> Outcome:
    """Read as it can only be meant, answered, and noted at the link."""
    return Outcome("served", finding)


def closed(code: int) -> Outcome:
    """The end of this one connection."""
    return Outcome("closed", str(code))


SILENCE = Outcome("silence", "")
"""1.6 has no id for what has none, and an answer is never answered."""

FORMAT = (error("FormationViolation"), error("FormatViolation"), error("FormatViolation"))
ENVELOPE = (error("FormationViolation"), error("RpcFrameworkError"), error("RpcFrameworkError"))
NO_ID = (SILENCE, unread("RpcFrameworkError"), unread("RpcFrameworkError"))


def alike(outcome: Outcome) -> tuple[Outcome, ...]:
    """The same in every version."""
    return (outcome,) * len(VERSIONS)


@dataclass(frozen=True)
class BadInput:
    """One row: what comes (`text(version)` is the message), and what each version makes of it."""

    slug: str
    says: str
    text: Callable[[str], bytes]
    outcomes: tuple[Outcome, ...]

    def outcome(self, version: str) -> Outcome:
        """The one of a version."""
        return self.outcomes[VERSIONS.index(version)]


def _raw(text: str | bytes) -> Callable[[str], bytes]:
    encoded = text.encode() if isinstance(text, str) else text
    return lambda version: encoded


def _call(action: str, payload: str) -> Callable[[str], bytes]:
    return _raw(f'[2,"{FIRST_ID}","{action}",{payload}]')


def _authorize(token: str) -> Callable[[str], bytes]:
    """An Authorize whose token is this JSON text."""

    def text(version: str) -> bytes:
        one = f'{{"idTag":{token}}}'
        two = f'{{"idToken":{{"type":"Central","idToken":{token}}}}}'
        return f'[2,"{FIRST_ID}","Authorize",{one if version == "1.6" else two}]'.encode()

    return text


def _status(
    connector: str, status: str = '"Available"', at: str = '"2026-01-05T12:00:00Z"'
) -> Callable[[str], bytes]:
    """A StatusNotification with this JSON in its fields."""

    def text(version: str) -> bytes:
        one = f'{{"connectorId":{connector},"errorCode":"NoError","status":{status},"timestamp":{at}}}'
        two = f'{{"timestamp":{at},"connectorStatus":{status},"evseId":{connector},"connectorId":1}}'
        return f'[2,"{FIRST_ID}","StatusNotification",{one if version == "1.6" else two}]'.encode()

    return text


def _transfer(data: str) -> Callable[[str], bytes]:
    """A DataTransfer with this JSON as its data."""
    return _call("DataTransfer", f'{{"vendorId":"v","data":{data}}}')


def _transaction(at: str) -> Callable[[str], bytes]:
    """The start of a transaction at this JSON."""

    def text(version: str) -> bytes:
        one = (
            f'[2,"{FIRST_ID}","StartTransaction",{{"timestamp":{at},'
            '"connectorId":1,"idTag":"A","meterStart":0}]'
        )
        two = (
            f'[2,"{FIRST_ID}","TransactionEvent",{{"eventType":"Started","timestamp":{at},"seqNo":0,'
            '"triggerReason":"CablePluggedIn","transactionInfo":{"transactionId":"bad-input"}}]'
        )
        return (one if version == "1.6" else two).encode()

    return text


LONG_ID = "i" * 40
ENDLESS_ID = "i" * 256
MIB = 1 << 20

ENVELOPES = (
    BadInput("not-json", "text that is no JSON", _raw("hello"), NO_ID),
    BadInput("empty", "an empty message", _raw(""), NO_ID),
    BadInput(
        "byte-order-mark", "a byte order mark before the message", _raw('\ufeff[2,"1","Heartbeat",{}]'), NO_ID
    ),
    BadInput("not-an-array", "a JSON object instead of an array", _raw('{"action":"Heartbeat"}'), NO_ID),
    BadInput("empty-array", "`[]`", _raw("[]"), NO_ID),
    BadInput("id-is-no-text", "a message id that is an object", _raw('[2,{},"Heartbeat",{}]'), NO_ID),
    BadInput(
        "id-is-half-a-character",
        "a message id with a lone surrogate",
        _raw('[2,"\\ud800","Heartbeat",{}]'),
        NO_ID,
    ),
    BadInput(
        "id-without-end",
        "a message id of more than 255 characters",
        _raw(f'[2,"{ENDLESS_ID}","Heartbeat",{{}}]'),
        NO_ID,
    ),
    BadInput(
        "id-is-long",
        "a message id of 37 to 255 characters",
        _raw(f'[2,"{LONG_ID}","Heartbeat",{{}}]'),
        alike(served("long-message-id")),
    ),
    BadInput(
        "id-is-empty",
        "an empty message id (quirk 73)",
        _raw('[2,"","Heartbeat",{}]'),
        alike(served("empty-message-id")),
    ),
    BadInput(
        "id-is-a-number",
        "a message id that is a number",
        _raw('[2,17,"Heartbeat",{}]'),
        alike(served("number-for-string")),
    ),
    BadInput(
        "cut-off",
        "a message that ends in the middle (quirk 60)",
        _raw(f'[2,"{FIRST_ID}","Heartbeat",{{"a":'),
        FORMAT,
    ),
    BadInput("no-value", "a key without a value (quirk 38)", _call("Heartbeat", '{"a":,"b":1}'), FORMAT),
    BadInput(
        "trailing-text", "text behind the message", _raw(f'[2,"{FIRST_ID}","Heartbeat",{{}}] x'), FORMAT
    ),
    BadInput(
        "too-many-elements", "a CALL of five elements", _raw(f'[2,"{FIRST_ID}","Heartbeat",{{}},1]'), ENVELOPE
    ),
    BadInput("too-few-elements", "a CALL without an action", _raw(f'[2,"{FIRST_ID}"]'), ENVELOPE),
    BadInput(
        "action-is-no-text",
        "an action that is a list",
        _raw(f'[2,"{FIRST_ID}",["Heartbeat"],{{}}]'),
        ENVELOPE,
    ),
    BadInput(
        "no-payload",
        "a CALL without payload, or `null`",
        _raw(f'[2,"{FIRST_ID}","Heartbeat",null]'),
        alike(served("null-payload")),
    ),
    BadInput(
        "unknown-type",
        "a message type that no version has",
        _raw(f'[9,"{FIRST_ID}","Heartbeat",{{}}]'),
        (SILENCE, error("MessageTypeNotSupported"), error("MessageTypeNotSupported")),
    ),
    BadInput(
        "type-is-text", 'the message type as text, `"2"`', _raw(f'["2","{FIRST_ID}","Heartbeat",{{}}]'), NO_ID
    ),
    BadInput(
        "type-is-true", "`true` as the message type", _raw(f'[true,"{FIRST_ID}","Heartbeat",{{}}]'), NO_ID
    ),
    BadInput(
        "answer-to-nothing",
        "a CALLRESULT to nothing that was asked",
        _raw('[3,"never-asked",{}]'),
        alike(SILENCE),
    ),
    BadInput(
        "error-to-nothing",
        "a CALLERROR to nothing that was asked",
        _raw('[4,"never-asked","GenericError","",{}]'),
        alike(SILENCE),
    ),
    BadInput(
        "unreadable-answer", "a CALLRESULT that is no JSON", _raw('[3,"never-asked",{]'), alike(SILENCE)
    ),
)

PAYLOADS = (
    BadInput(
        "unknown-action",
        "an action that the version does not have",
        _call("Fly", "{}"),
        alike(error("NotImplemented")),
    ),
    BadInput("action-in-other-case", "`heartbeat`", _call("heartbeat", "{}"), alike(error("NotImplemented"))),
    BadInput(
        "payload-is-no-object",
        "a payload that is a list",
        _call("Heartbeat", "[]"),
        alike(error("TypeConstraintViolation")),
    ),
    BadInput(
        "wrong-type",
        "an object where text belongs",
        _authorize('{"a":1}'),
        alike(error("TypeConstraintViolation")),
    ),
    BadInput(
        "missing-field",
        "a required field is missing",
        _call("Authorize", "{}"),
        (
            error("ProtocolError"),
            error("OccurrenceConstraintViolation"),
            error("OccurrenceConstraintViolation"),
        ),
    ),
    BadInput(
        "null-for-required",
        "`null` for a required field",
        _authorize("null"),
        alike(error("TypeConstraintViolation")),
    ),
    BadInput(
        "unknown-field",
        "a field that the schema does not have",
        _call("Heartbeat", '{"extra":1}'),
        alike(served("unknown-property")),
    ),
    BadInput(
        "number-for-text",
        "a number where text belongs (quirk 64)",
        _authorize("12345"),
        alike(served("number-for-string")),
    ),
    BadInput(
        "text-for-number", "text where a number belongs", _status('"1"'), alike(served("string-for-number"))
    ),
    BadInput(
        "too-long",
        "text longer than the schema allows (quirk 67)",
        _authorize(json.dumps("T" * 300)),
        alike(served("too-long")),
    ),
    BadInput(
        "unknown-word",
        "a word that is not in the enumeration (quirk 66)",
        _status("1", '"Resting"'),
        alike(served("unknown-value")),
    ),
    BadInput(
        "no-time-zone",
        "a time without its offset (quirk 55)",
        _status("1", at='"2026-01-05T12:00:00"'),
        alike(served("time-without-zone")),
    ),
    BadInput(
        "no-time",
        "a time that is none",
        _transaction('"222222017-10-27T00:00:00Z"'),
        alike(served("unreadable-time")),
    ),
    BadInput("too-deep", "33 levels of nesting", _transfer("[" * 32 + "]" * 32), FORMAT),
    BadInput("far-too-deep", "100,000 levels of nesting", _transfer("[" * 100_000 + "]" * 100_000), FORMAT),
    BadInput("not-a-number", "`NaN`", _transfer("NaN"), FORMAT),
    BadInput("infinity", "`Infinity`", _status("Infinity"), FORMAT),
    BadInput("beyond-all-bounds", "`1e999`", _status("1e999"), alike(error("PropertyConstraintViolation"))),
    BadInput(
        "beyond-64-bits",
        "an integer of more than 64 bits",
        _status(str(2**63)),
        alike(error("PropertyConstraintViolation")),
    ),
    BadInput(
        "endless-number",
        "a number of 5,000 digits",
        _status("7" * 5000),
        alike(error("PropertyConstraintViolation")),
    ),
    BadInput(
        "fraction-for-integer",
        "1.5 where an integer belongs",
        _status("1.5"),
        alike(error("TypeConstraintViolation")),
    ),
    BadInput(
        "lone-surrogate",
        "half a character in text: read as U+FFFD",
        _authorize('"a\\ud800b"'),
        alike(served("lone-surrogate")),
    ),
    BadInput(
        "nul",
        "NUL in text: read as U+2400 (quirk 59)",
        _authorize('"a\\u0000b"'),
        alike(served("control-character")),
    ),
    BadInput(
        "raw-nul",
        "a raw NUL byte in text: the same",
        _authorize('"a\x00b"'),
        alike(served("control-character")),
    ),
    BadInput("duplicate-key", "a key twice", _call("Heartbeat", '{"a":1,"a":2}'), FORMAT),
    BadInput(
        "duplicate-key-escaped",
        "a key twice, once spelled with an escape",
        _call("Heartbeat", '{"a":1,"\\u0061":2}'),
        FORMAT,
    ),
)

TEXTS = (
    BadInput(
        "invalid-utf-8",
        "text that is not UTF-8",
        _raw(f'[2,"{FIRST_ID}","Authorize",{{"idTag":"'.encode() + b'\xff"}]'),
        alike(closed(1007)),
    ),
    BadInput(
        "invalid-utf-8-unread",
        "the same in a field that nobody reads",
        _raw(f'[2,"{FIRST_ID}","Heartbeat",{{"unread":"'.encode() + b'\xc3\x28"}]'),
        alike(closed(1007)),
    ),
    BadInput("too-big", "a message over the limit", _transfer(json.dumps("x" * MIB)), alike(closed(1009))),
)

MESSAGES = (*ENVELOPES, *PAYLOADS, *TEXTS)


# --- Below messages -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BadFrame:
    """Bytes on an open WebSocket, and the close code that they end in."""

    slug: str
    says: str
    data: bytes
    code: int
    deflates: bool = False
    """Whether permessage-deflate is agreed on first."""


def _frame(
    opcode: Opcode, payload: bytes, *, fin: bool = True, mask: bool = True, compressed: bool = False
) -> bytes:
    data = bytearray(Frame(opcode, payload, fin).serialize(mask=mask))
    data[0] |= 0x40 if compressed else 0  # RSV1, RFC 7692 §6
    return bytes(data)


def _bomb() -> bytes:
    """Sixteen megabytes of zeros, in sixteen kilobytes."""
    deflater = zlib.compressobj(wbits=-15)
    squeezed = deflater.compress(bytes(16 * MIB)) + deflater.flush(zlib.Z_SYNC_FLUSH)
    return _frame(Opcode.TEXT, squeezed.removesuffix(b"\x00\x00\xff\xff"), compressed=True)


FRAMES = (
    BadFrame("binary", "a binary message", _frame(Opcode.BINARY, b'[2,"1","Heartbeat",{}]'), 1003),
    BadFrame("unmasked", "a frame without mask", _frame(Opcode.TEXT, b"[]", mask=False), 1002),
    BadFrame(
        "reserved-bit",
        "compressed without agreement (quirk 13)",
        _frame(Opcode.TEXT, b"[]", compressed=True),
        1002,
    ),
    BadFrame("no-beginning", "the continuation of nothing", _frame(Opcode.CONT, b"[]"), 1002),
    BadFrame(
        "fragments-without-end",
        "a message of more than 1,024 fragments",
        _frame(Opcode.TEXT, b"[", fin=False) + _frame(Opcode.CONT, b" ", fin=False) * 1024,
        1009,
    ),
    BadFrame(
        "header-only",
        "a frame that announces a gigabyte",
        b"\x81\xff" + (1 << 30).to_bytes(8) + b"mask",
        1009,
    ),
    BadFrame("bomb", "16 MiB of zeros, compressed to 16 KiB", _bomb(), 1009, deflates=True),
    BadFrame(
        "not-deflated",
        "compressed data that does not inflate",
        _frame(Opcode.TEXT, b"\xff" * 9, compressed=True),
        1002,
        deflates=True,
    ),
)


# --- Before there is a WebSocket ----------------------------------------------------------------------------


@dataclass(frozen=True)
class BadHandshake:
    """What a peer says first, the HTTP status it is told (0: nothing), and how the attempt is recorded."""

    slug: str
    says: str
    data: bytes
    status: int
    reason: str


def _upgrade(target: str = "/ocpp/CP1", **headers: str | None) -> bytes:
    return upgrade_request(target, **headers)


HELLO = bytes.fromhex("16030100c2010000be0303") + bytes(32)

HANDSHAKES = (
    BadHandshake("wrong-path", "a path outside `/ocpp/`", _upgrade("/charger/CP1"), 404, "wrong_path"),
    BadHandshake("no-identity", "no station id", _upgrade("/ocpp/"), 400, "identity_invalid"),
    BadHandshake("two-segments", "more than the station id", _upgrade("/ocpp/a/b"), 400, "identity_invalid"),
    BadHandshake(
        "long-identity", "an id of 49 characters", _upgrade(f"/ocpp/{'i' * 49}"), 400, "identity_invalid"
    ),
    BadHandshake(
        "broken-escape", "a `%` without two digits", _upgrade("/ocpp/a%zz"), 400, "identity_invalid"
    ),
    BadHandshake(
        "hidden-slash", "an encoded slash in the id", _upgrade("/ocpp/a%2Fb"), 400, "identity_invalid"
    ),
    BadHandshake("dot-segment", "`..` as the id", _upgrade("/ocpp/%2e%2e"), 400, "identity_invalid"),
    BadHandshake(
        "strange-character",
        "a character that OCPP does not allow",
        _upgrade("/ocpp/a%00b"),
        400,
        "identity_invalid",
    ),
    BadHandshake(
        "colon-in-identity", "a `:` in an id that is no MAC", _upgrade("/ocpp/site:7"), 401, "refused"
    ),
    BadHandshake(
        "impossible-mac", "a MAC that no device can have", _upgrade("/ocpp/ff:ff:ff:ff:ff:ff"), 401, "refused"
    ),
    BadHandshake(
        "foreign-subprotocol",
        "only subprotocols we do not speak, then close 1002",
        _upgrade(sec_websocket_protocol="ocpp1.5"),
        101,
        "foreign_subprotocol",
    ),
    BadHandshake(
        "two-authorizations",
        "two Authorization headers",
        _upgrade(authorization="Basic Q1AxOmE=\r\nAuthorization: Basic Q1AxOmI="),
        401,
        "refused",
    ),
    BadHandshake("two-hosts", "two Host headers", _upgrade(host="a\r\nHost: b"), 400, "upgrade_invalid"),
    BadHandshake(
        "no-key", "an upgrade without its key", _upgrade(sec_websocket_key=None), 400, "upgrade_invalid"
    ),
    BadHandshake(
        "old-websocket",
        "another version of WebSocket",
        _upgrade(sec_websocket_version="8"),
        426,
        "upgrade_invalid",
    ),
    BadHandshake(
        "post",
        "a method other than GET",
        b"POST /ocpp/CP1 HTTP/1.1\r\nHost: h\r\n\r\n",
        405,
        "not_an_upgrade",
    ),
    BadHandshake(
        "lf-only", "lines that end in LF", _upgrade().replace(b"\r\n", b"\n"), 400, "request_malformed"
    ),
    BadHandshake(
        "folded-header",
        "a header that goes on in the next line",
        _upgrade(user_agent="a\r\n b"),
        400,
        "request_malformed",
    ),
    BadHandshake("not-ascii", "a path outside ASCII", _upgrade("/ocpp/caf\xe9"), 400, "request_malformed"),
    BadHandshake(
        "with-body", "a request with a body", _upgrade(content_length="5"), 400, "request_malformed"
    ),
    BadHandshake(
        "huge-header", "a header over 8 KiB", _upgrade(user_agent="x" * 9000), 431, "request_too_large"
    ),
    BadHandshake(
        "huge-target", "a path over 8 KiB", _upgrade(f"/ocpp/{'i' * 9000}"), 414, "request_too_large"
    ),
    BadHandshake("tls-hello", "a TLS hello on the port without TLS", HELLO, 0, "tls_on_plain_port"),
    BadHandshake("noise", "bytes that are no HTTP", b"\x00\x01\x02\x03\r\n\r\n", 400, "request_malformed"),
)


# --- Before there is a server -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BadStart:
    """Why `borne up` cannot run, and what its one line on stderr says to do; the exit code is 3."""

    slug: str
    says: str
    hint: str
    in_process: bool = True
    """Whether the test looks for the error alone; else it starts the command, which takes a second."""


STARTS = (
    BadStart("ocpp-port-taken", "the port for stations is taken", "--ocpp-port", in_process=False),
    BadStart("http-port-taken", "the port for HTTP is taken", "choose another port"),
    BadStart("foreign-address", "an address that is not this machine's", "is no address of this machine"),
    BadStart(
        "newer-database",
        "a database file from a newer version",
        "Install that version, or choose another folder with --var",
        in_process=False,
    ),
    BadStart("no-database", "a database file that is none", "Restore it from a backup"),
    BadStart("database-in-use", "a database that another server has", "Stop that one"),
    BadStart(
        "unwritable-folder",
        "a folder that cannot be written",
        "choose another folder with --var",
        in_process=False,
    ),
    BadStart(
        "bad-certificate", "a private key that is none", "Give a PEM certificate chain", in_process=False
    ),
    BadStart("missing-certificate", "a certificate that is not there", "Give a PEM certificate chain"),
    BadStart("bad-broker", "a broker's URL that is none", "mqtt"),
)
