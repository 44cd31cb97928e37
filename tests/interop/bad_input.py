"""What a station may get wrong on an open link, and the one outcome that each has: the table behind the tests
and behind docs/reference/bad-input.md.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

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
        _authorize(json.dumps("T" * 60)),
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
        (served("unreadable-time"), error("FormatViolation"), error("FormatViolation")),
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

FRAMES = (
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

ALL = (*ENVELOPES, *PAYLOADS, *FRAMES)
