"""One side of a conversation: pairs each CALL with its answer, and knows which are open. Sans-I/O.

    session = Session(codec_for(OcppVersion.V16))
    text = session.call("id-1", "GetConfiguration", {}, deadline=now + 30)   # send it
    match session.receive(text_from_the_peer): ...                            # what came
    text = session.answer(request.message_id, request.action, payload)        # send it

The session sends nothing, waits for nothing and keeps no clock: `deadline` is a number of the caller's clock.
At most one CALL is open in our direction (OCPP-J 1.6 §4.1.1, 2.0.1 part 4 §4.1.1); a peer that does not wait
for our answers is served, and named.
"""

import enum
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from ocppj import findings as slugs
from ocppj.errors import (
    CallOpenError,
    ErrorKind,
    FrameError,
    OcppError,
    PayloadError,
    UnknownActionError,
    ViolationError,
    wire_code,
)
from ocppj.findings import Finding
from ocppj.frames import (
    UNREADABLE_ID,
    Call,
    CallError,
    CallResult,
    Send,
    read_frame,
    write_call,
    write_error,
    write_result,
    write_result_error,
    write_send,
)
from ocppj.structs import WireStruct
from ocppj.versions import OcppVersion


class Direction(enum.Enum):
    """Which way a frame went, seen from us."""

    IN = "in"
    OUT = "out"


class DecodedMessage(Protocol):
    """A message, and what was put up with to read it (`ocppj.codec.Decoded`)."""

    @property
    def message(self) -> Any: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def is_partial(self) -> bool: ...


class MessageCodec(Protocol):
    """One version's payloads (`ocppj.codec.Codec`)."""

    version: OcppVersion

    def decode_request(self, action: str, payload: bytes, *, lenient: bool = True) -> DecodedMessage:
        """Raises ViolationError."""
        ...

    def decode_response(self, action: str, payload: bytes, *, lenient: bool = True) -> DecodedMessage:
        """Raises ViolationError."""
        ...

    def encode_request(self, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """Raises MisuseError."""
        ...

    def encode_response(self, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """Raises MisuseError."""
        ...

    def is_send(self, action: str) -> bool:
        """Whether the action is a SEND, which nobody answers (2.1)."""
        ...


class OpenCall(msgspec.Struct, frozen=True, gc=False):
    """The CALL that we wait for an answer to. `deadline` is in seconds of the caller's clock."""

    message_id: str
    action: str
    deadline: float


class Request(msgspec.Struct, frozen=True, gc=False):
    """The peer asks: `message` is the decoded struct, `payload` the same as it came.

    Answer it with `Session.answer` or `Session.refuse`, unless `is_send` (2.1's SEND, which nobody answers).
    `is_partial`: a part of it was left out or is unknown, so that it should be kept as it came.
    """

    message_id: str
    action: str
    message: Any
    payload: bytes
    findings: tuple[Finding, ...] = ()
    is_send: bool = False
    is_partial: bool = False


class Refused(msgspec.Struct, frozen=True, gc=False):
    """A message that cannot be accepted. `reply` is the CALLERROR to send; None where none may be sent.

    `action` is None where it could not be read. `code` is the version's own word; `path` and `rule` say which
    field breaks what, where the payload is at fault.
    """

    action: str | None
    code: str
    detail: str
    reply: bytes | None
    path: str = ""
    rule: str = ""


class Response(msgspec.Struct, frozen=True, gc=False):
    """The answer to our CALL."""

    message_id: str
    action: str
    message: Any
    payload: bytes
    findings: tuple[Finding, ...] = ()


class Failure(msgspec.Struct, frozen=True, gc=False):
    """Our CALL got a CALLERROR, or an answer that breaks its schema (`is_broken`).

    `reply` is 2.1's CALLRESULTERROR for a broken answer; None in all other cases. `path` and `rule` say which
    field of a broken answer breaks what.
    """

    message_id: str
    action: str
    code: str
    description: str
    is_broken: bool = False
    reply: bytes | None = None
    findings: tuple[Finding, ...] = ()
    path: str = ""
    rule: str = ""


class Stray(msgspec.Struct, frozen=True, gc=False):
    """An answer to nothing that is open: too late, or never asked; or the peer could not use our answer."""

    message_id: str
    detail: str


Received = Request | Refused | Response | Failure | Stray


class Session:
    """The state of one connection of one station."""

    __slots__ = ("_codec", "_unanswered", "open_call")

    def __init__(self, codec: MessageCodec) -> None:
        self._codec = codec
        self._unanswered = 0
        self.open_call: OpenCall | None = None

    @property
    def version(self) -> OcppVersion:
        """The version spoken."""
        return self._codec.version

    # What comes ---------------------------------------------------------------------------------------

    def receive(self, text: bytes, *, lenient: bool = True) -> Received:
        """What the peer said. Never raises for anything that it can say."""
        try:
            frame = read_frame(text, self._codec.version)
        except FrameError as error:
            return self._unreadable(error)
        match frame:
            case Call():
                return self._read_call(frame, lenient=lenient)
            case CallResult():
                return self._answered(frame, lenient=lenient)
            case CallError():
                return self._failed(frame)
            case Send():
                return self._read_send(frame, lenient=lenient)
        return Stray(frame.message_id, f"could not use our answer: {frame.code} {frame.description}")

    def _unreadable(self, error: FrameError) -> Refused:
        version = self._codec.version
        code = wire_code(version, error.kind)
        message_id = error.message_id
        if message_id is None and version is not OcppVersion.V16:  # 1.6 has no id for what has none
            message_id = UNREADABLE_ID
        reply = None
        if error.is_answerable and message_id is not None:
            reply = write_error(message_id, code, error.detail)
        return Refused(error.action, code, error.detail, reply)

    def _read_call(self, frame: Call, *, lenient: bool) -> Request | Refused:
        try:
            decoded = self._codec.decode_request(frame.action, frame.payload, lenient=lenient)
        except ViolationError as error:
            code = wire_code(self._codec.version, error.kind)
            reply = write_error(frame.message_id, code, error.detail)
            return Refused(frame.action, code, error.detail, reply, *_place(error))
        findings = frame.findings + decoded.findings if frame.findings else decoded.findings
        if self._unanswered:
            detail = "sent before the answer to the request before"
            findings = (*findings, Finding(slugs.OVERLAPPING_CALL, "$", detail))
        self._unanswered += 1
        return Request(
            frame.message_id,
            frame.action,
            decoded.message,
            frame.payload,
            findings,
            is_partial=decoded.is_partial,
        )

    def _read_send(self, frame: Send, *, lenient: bool) -> Request | Refused:
        if not self._codec.is_send(frame.action):
            code = wire_code(self._codec.version, ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED)
            return Refused(frame.action, code, f"{frame.action[:50]!r} is no SEND", None)
        try:
            decoded = self._codec.decode_request(frame.action, frame.payload, lenient=lenient)
        except ViolationError as error:  # 2.1 part 4 §4.2.4: nobody answers a SEND, not even with an error
            code = wire_code(self._codec.version, error.kind)
            return Refused(frame.action, code, error.detail, None, *_place(error))
        return Request(
            frame.message_id,
            frame.action,
            decoded.message,
            frame.payload,
            frame.findings + decoded.findings,
            is_send=True,
        )

    def _answered(self, frame: CallResult, *, lenient: bool) -> Response | Failure | Stray:
        call = self.open_call
        if call is None or call.message_id != frame.message_id:
            return Stray(frame.message_id, "an answer to nothing that is open")
        self.open_call = None
        try:
            decoded = self._codec.decode_response(call.action, frame.payload, lenient=lenient)
        except ViolationError as error:
            code = wire_code(self._codec.version, error.kind)
            reply = None
            if self._codec.version is OcppVersion.V21:
                reply = write_result_error(frame.message_id, code, error.detail)
            path, rule = _place(error)
            return Failure(
                call.message_id,
                call.action,
                code,
                error.detail,
                is_broken=True,
                reply=reply,
                findings=frame.findings,
                path=path,
                rule=rule,
            )
        findings = frame.findings + decoded.findings
        return Response(call.message_id, call.action, decoded.message, frame.payload, findings)

    def _failed(self, frame: CallError) -> Failure | Stray:
        call = self.open_call
        if call is None or call.message_id != frame.message_id:
            return Stray(frame.message_id, f"an error to nothing that is open: {frame.code[:50]}")
        self.open_call = None
        return Failure(call.message_id, call.action, frame.code, frame.description, findings=frame.findings)

    # What goes ----------------------------------------------------------------------------------------

    def check_call(self, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """The encoded payload of a request that we may send. Raises MisuseError."""
        return self._codec.encode_request(action, payload)

    def request_in(self, action: str, payload: Mapping[str, Any]) -> Any:
        """The message struct of a request that we may send. Raises MisuseError."""
        return self._codec.decode_request(action, self.check_call(action, payload)).message

    def call(
        self, message_id: str, action: str, payload: Mapping[str, Any] | WireStruct, *, deadline: float
    ) -> bytes:
        """The CALL to send; it is open from now on. Raises CallOpenError, or MisuseError for the payload."""
        return self.call_encoded(message_id, action, self.check_call(action, payload), deadline=deadline)

    def call_encoded(self, message_id: str, action: str, payload: bytes, *, deadline: float) -> bytes:
        """The same for a payload that `check_call` has encoded. Raises CallOpenError."""
        if self.open_call is not None:
            raise CallOpenError(
                f"{action} cannot be sent: {self.open_call.action} ({self.open_call.message_id}) is open"
            )
        self.open_call = OpenCall(message_id, action, deadline)
        return write_call(message_id, action, payload)

    def send(self, message_id: str, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """The SEND to send (2.1). Raises MisuseError."""
        if not self._codec.is_send(action):
            raise UnknownActionError(f"OCPP {self.version.label} has no SEND {action[:50]!r}")
        return write_send(message_id, action, self.check_call(action, payload))

    def answer(self, message_id: str, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """The CALLRESULT to send. Raises MisuseError; then `refuse` the request."""
        encoded = self._codec.encode_response(action, payload)
        self._unanswered -= 1
        return write_result(message_id, encoded)

    def refuse(self, message_id: str, error: ViolationError | str, description: str = "") -> bytes:
        """The CALLERROR to send: for a violation, or with a code in the version's own spelling."""
        self._unanswered -= 1
        if isinstance(error, OcppError):
            return write_error(message_id, wire_code(self._codec.version, error.kind), error.detail)
        return write_error(message_id, error, description)

    def expire(self, now: float) -> OpenCall | None:
        """The open CALL, if its deadline has passed: it is open no longer, and a late answer is a stray."""
        call = self.open_call
        if call is None or call.deadline > now:
            return None
        self.open_call = None
        return call

    def abandon(self) -> OpenCall | None:
        """Give up the open CALL, if there is one: the connection is gone, or nobody waits any more."""
        call, self.open_call = self.open_call, None
        return call


def _place(error: ViolationError) -> tuple[str, str]:
    """(path, rule) of a payload's fault; empty for any other."""
    return (error.path, error.rule) if isinstance(error, PayloadError) else ("", "")
