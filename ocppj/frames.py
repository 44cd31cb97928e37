"""The frames of OCPP-J: JSON arrays to objects and back, for all versions; payloads stay bytes.

OCPP-J 1.6 §4.2, 2.0.1 part 4 §4.2, and 2.1 part 4 §4.2, which adds CALLRESULTERROR and SEND. What stations
get wrong but can only mean one thing is read and named in `findings`; everything else raises FrameError, with
the message id wherever it could be found, so that the peer can be told.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

import msgspec

from ocppj import findings as slugs
from ocppj.errors import ErrorKind, FrameError
from ocppj.findings import Finding
from ocppj.versions import OcppVersion

MESSAGE_ID_LENGTH = 36
LONGEST_ID = 255
"""Ids over 36 characters are used as they are, up to this: they are stored and repeated."""
DESCRIPTION_LENGTH = 255
UNREADABLE_ID = "-1"
"""The id of a CALLERROR for a message whose own id cannot be read (2.0.1 part 4 §4.2.3)."""


class MessageType(IntEnum):
    """The first element of a frame."""

    CALL = 2
    RESULT = 3
    ERROR = 4
    RESULT_ERROR = 5
    SEND = 6


class Call(msgspec.Struct, frozen=True, gc=False):
    """A request; `payload` is JSON that was not looked at yet."""

    message_id: str
    action: str
    payload: bytes
    findings: tuple[Finding, ...] = ()


class Send(msgspec.Struct, frozen=True, gc=False):
    """A message that nobody answers (2.1)."""

    message_id: str
    action: str
    payload: bytes
    findings: tuple[Finding, ...] = ()


class CallResult(msgspec.Struct, frozen=True, gc=False):
    """An answer."""

    message_id: str
    payload: bytes
    findings: tuple[Finding, ...] = ()


class CallError(msgspec.Struct, frozen=True, gc=False):
    """A refusal of a CALL."""

    message_id: str
    code: str
    description: str = ""
    details: bytes = b"{}"
    findings: tuple[Finding, ...] = ()


class CallResultError(msgspec.Struct, frozen=True, gc=False):
    """The peer could not use our answer (2.1)."""

    message_id: str
    code: str
    description: str = ""
    details: bytes = b"{}"
    findings: tuple[Finding, ...] = ()


Frame = Call | Send | CallResult | CallError | CallResultError

_ENCODER = msgspec.json.Encoder()
_USUAL_CALL = msgspec.json.Decoder(tuple[int, str, str, msgspec.Raw])
_USUAL_RESULT = msgspec.json.Decoder(tuple[int, str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_NOT_READ = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_HEAD = re.compile(
    rb'\s*\[\s*([0-9]{1,3})\s*,\s*"([^"\\\x00-\x1f]{0,255})"\s*,'
    rb'(?:\s*"([^"\\\x00-\x1f]{1,50})"\s*,)?'
)
_NUMBER = re.compile(rb"-?[0-9]{1,18}")
_ONLY_V21 = (MessageType.RESULT_ERROR, MessageType.SEND)


def read_frame(text: bytes, version: OcppVersion) -> Frame:
    """One message. Raises FrameError."""
    try:
        kind, message_id, action, raw = _USUAL_CALL.decode(text)
        payload = bytes(raw)
        if kind == 2 and _is_usual(message_id) and payload.startswith(b"{"):
            return Call(message_id, action, payload)
    except _NOT_READ:
        pass
    try:
        kind, message_id, raw = _USUAL_RESULT.decode(text)
        payload = bytes(raw)
        if kind == 3 and _is_usual(message_id) and payload.startswith(b"{"):
            return CallResult(message_id, payload)
    except _NOT_READ:
        pass
    return _read_with_care(text, version)


def _is_usual(message_id: str) -> bool:
    return 0 < len(message_id) <= MESSAGE_ID_LENGTH and "\x00" not in message_id


def _read_with_care(text: bytes, version: OcppVersion) -> Frame:
    try:
        elements = [bytes(element) for element in _ELEMENTS.decode(text)]
    except _NOT_READ:
        return _read_head(text, version)
    kind = _message_type(elements, version)
    findings: list[Finding] = []
    message_id = _message_id(elements, kind, findings)
    try:
        return _build(kind, message_id, elements, findings)
    except _NOT_READ:
        raise _broken(kind, message_id, "has an element of the wrong type") from None


def _build(kind: MessageType, message_id: str, elements: list[bytes], findings: list[Finding]) -> Frame:
    count = len(elements)
    match kind:
        case MessageType.CALL | MessageType.SEND if count in (3, 4):
            action = _TEXT.decode(elements[2])
            payload = _payload(elements[3] if count == 4 else b"null", findings)
            made = Call if kind is MessageType.CALL else Send
            return made(message_id, action, payload, tuple(findings))
        case MessageType.RESULT if count in (2, 3):
            payload = _payload(elements[2] if count == 3 else b"null", findings)
            return CallResult(message_id, payload, tuple(findings))
        case MessageType.ERROR | MessageType.RESULT_ERROR if count in (2, 3, 4, 5):
            # Quirk 73: what is null, missing or of another type; the message id is enough to end a CALL.
            if count < 5 or not all(element[:1] == b'"' for element in elements[2:4]):
                findings.append(Finding(slugs.INCOMPLETE_ERROR, "$", "lacks a part, or has an odd one"))
            code, description = (_words(element) for element in (*elements[2:4], b"", b"")[:2])
            details = elements[4] if count > 4 else b"{}"
            refusal = CallError if kind is MessageType.ERROR else CallResultError
            return refusal(message_id, code, description, details, tuple(findings))
        case _:
            raise _broken(kind, message_id, f"has {count} elements, which is wrong for a {kind.name}")


def _words(element: bytes) -> str:
    """What a peer says about an error, in text that every database takes; empty where it is no text."""
    text: str = _TEXT.decode(element) if element[:1] == b'"' else ""
    return text.replace("\x00", "\u2400")


def _payload(element: bytes, findings: list[Finding]) -> bytes:
    if element == b"null":
        findings.append(Finding(slugs.NULL_PAYLOAD, "$", "no payload object"))
        return b"{}"
    return element


def _message_type(elements: list[bytes], version: OcppVersion) -> MessageType:
    try:
        number = msgspec.json.decode(elements[0], type=int)
    except (*_NOT_READ, IndexError):
        detail = "The message is a JSON array, but does not begin with a message type number"
        raise FrameError(ErrorKind.RPC_FRAMEWORK, detail) from None
    try:
        kind = MessageType(number)
    except ValueError:
        kind = None
    if kind is None or (kind in _ONLY_V21 and version is not OcppVersion.V21):
        # OCPP-J 1.6 §4.1.3 wants it ignored; 2.x has a code for it, and an id to answer to.
        detail = f"OCPP {version.label} has no message type {number}"
        message_id = _text_or_none(elements[1]) if len(elements) > 1 else None
        if message_id is not None and len(message_id) > LONGEST_ID:
            message_id = None
        is_answerable = version is not OcppVersion.V16 and message_id is not None
        raise FrameError(
            ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED, detail, message_id, is_answerable=is_answerable
        )
    return kind


def _message_id(elements: list[bytes], kind: MessageType, findings: list[Finding]) -> str:
    element = elements[1] if len(elements) > 1 else b""
    message_id = _text_or_none(element)
    if message_id is None and _NUMBER.fullmatch(element):
        findings.append(Finding(slugs.NUMBER_FOR_STRING, "$[1]", "the message id is a number"))
        message_id = element.decode()
    if message_id is None or len(message_id) > LONGEST_ID:
        what = "is not text" if message_id is None else f"has more than {LONGEST_ID} characters"
        raise FrameError(
            ErrorKind.RPC_FRAMEWORK,
            f"The message id of the {kind.name} {what}",
            action=_text_or_none(elements[2]) if len(elements) > 2 else None,
            is_answerable=kind is MessageType.CALL,
        )
    findings.extend(_odd_ids(message_id))
    return message_id


def _odd_ids(message_id: str) -> Iterator[Finding]:
    if not message_id:
        yield Finding(slugs.EMPTY_MESSAGE_ID, "$[1]", "the message id is empty")
    elif len(message_id) > MESSAGE_ID_LENGTH:
        detail = f"the message id has {len(message_id)} characters, {MESSAGE_ID_LENGTH} are allowed"
        yield Finding(slugs.LONG_MESSAGE_ID, "$[1]", detail)


def _text_or_none(element: bytes) -> str | None:
    try:
        text: str = _TEXT.decode(element)
    except _NOT_READ:
        return None
    return None if "\x00" in text else text  # what no database takes cannot be kept to know a retry by


def _read_head(text: bytes, version: OcppVersion) -> Frame:
    """What no JSON reader takes apart: the head may still tell what it is, and the payload is the codec's.

    Half a character or a raw control character (quirk 59) is no reason to lose a transaction, nor to wait for
    an answer that is here. Raises FrameError for everything else.
    """
    head = _HEAD.match(text)
    if head is None:
        detail = "The message is not a JSON array"
        raise FrameError(ErrorKind.RPC_FRAMEWORK, detail, is_answerable=_looks_like_a_call(text))
    message_id = head[2].decode("utf-8", "replace")
    word = head[3].decode("utf-8", "replace") if head[3] is not None else None
    payload, end = text[head.end() :].rstrip()[:-1].strip(), text.rstrip()[-1:]
    findings = tuple(_odd_ids(message_id))
    kind = int(head[1])
    match kind, word:
        case MessageType.CALL, str(action) if end == b"]":
            return Call(message_id, action, payload, findings)
        case MessageType.SEND, str(action) if end == b"]" and version is OcppVersion.V21:
            return Send(message_id, action, payload, findings)
        case MessageType.RESULT, None if end == b"]":
            return CallResult(message_id, payload, findings)
        case MessageType.ERROR, str(code):
            return CallError(message_id, code, findings=findings)
        case _:
            raise FrameError(
                ErrorKind.FORMAT_VIOLATION,
                "The message is not a JSON array",
                message_id,
                action=word,
                is_answerable=kind == MessageType.CALL,
            )


def _looks_like_a_call(text: bytes) -> bool:
    """An answer that cannot be read is never answered: two peers would talk about errors for ever."""
    return not re.match(rb"\s*\[\s*[3-6]\s*,", text)


def _broken(kind: MessageType, message_id: str, detail: str) -> FrameError:
    return FrameError(
        ErrorKind.RPC_FRAMEWORK,
        f"The {kind.name} {detail}",
        message_id,
        is_answerable=kind is MessageType.CALL,
    )


def write_call(message_id: str, action: str, payload: bytes) -> bytes:
    """`[2, id, action, payload]`."""
    return b"[2,%b,%b,%b]" % (_ENCODER.encode(message_id), _ENCODER.encode(action), payload)


def write_send(message_id: str, action: str, payload: bytes) -> bytes:
    """`[6, id, action, payload]` (2.1)."""
    return b"[6,%b,%b,%b]" % (_ENCODER.encode(message_id), _ENCODER.encode(action), payload)


def write_result(message_id: str, payload: bytes) -> bytes:
    """`[3, id, payload]`."""
    return b"[3,%b,%b]" % (_ENCODER.encode(message_id), payload)


def write_error(message_id: str, code: str, description: str) -> bytes:
    """`[4, id, code, description, {}]`; a description longer than 255 characters is cut."""
    return _write_refusal(MessageType.ERROR, message_id, code, description)


def write_result_error(message_id: str, code: str, description: str) -> bytes:
    """`[5, id, code, description, {}]` (2.1)."""
    return _write_refusal(MessageType.RESULT_ERROR, message_id, code, description)


def _write_refusal(kind: MessageType, message_id: str, code: str, description: str) -> bytes:
    readable = description.encode("utf-8", "replace").decode()  # half a character cannot be sent
    return _ENCODER.encode([int(kind), message_id, code, readable[:DESCRIPTION_LENGTH], {}])
