"""Payloads to message classes and back, per version. The one fast path, and the careful one behind it.

    codec_for(OcppVersion.V16).decode_request("Heartbeat", b"{}").message

Decoding is lenient where asked (then it lists findings), else strict. What is encoded is always strict: an
object that would break its schema is refused here, not by the peer.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec

from ocppj.actions import Action, actions_of
from ocppj.errors import ErrorKind, InvalidMessageError, PayloadError, UnknownActionError, ViolationError
from ocppj.findings import Finding
from ocppj.json_text import is_too_deep, read_json
from ocppj.salvage import is_billing, salvaged
from ocppj.structs import WireStruct, read_extra, write_extra
from ocppj.tolerant import TolerantReader
from ocppj.versions import OcppVersion

_ENCODER = msgspec.json.Encoder(enc_hook=write_extra)
_NOT_READ = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Decoded(NamedTuple):
    """A message, and what was put up with to read it."""

    message: Any
    findings: tuple[Finding, ...]
    is_partial: bool = False
    """Whether a part of it was left out or is unknown (`ocppj.salvage`): keep it as it came, too."""


class _Shape:
    """One message class with its compiled decoder."""

    __slots__ = ("action", "decoder", "kind")

    def __init__(self, action: str, kind: type[WireStruct]) -> None:
        self.action = action
        self.kind = kind
        self.decoder = msgspec.json.Decoder(kind, dec_hook=read_extra)


class Codec:
    """One version's messages. Get it from `codec_for`."""

    __slots__ = ("_by_class", "_requests", "_responses", "actions", "version")

    def __init__(self, version: OcppVersion) -> None:
        self.version = version
        self.actions: Mapping[str, Action] = actions_of(version)
        self._requests = {name: _Shape(name, action.request) for name, action in self.actions.items()}
        self._responses = {
            name: _Shape(name, action.response)
            for name, action in self.actions.items()
            if action.response is not None
        }
        shapes = [*self._requests.values(), *self._responses.values()]
        self._by_class = {shape.kind: shape for shape in shapes}

    def decode_request(self, action: str, payload: bytes, *, lenient: bool = True) -> Decoded:
        """Raises ViolationError for an unknown action, PayloadError for what cannot be accepted."""
        shape = self._requests.get(action)
        if shape is None:
            detail = f"OCPP {self.version.label} has no action {action[:50]!r}"
            raise ViolationError(ErrorKind.NOT_IMPLEMENTED, detail)
        return self._decode(shape, payload, is_lenient=lenient)

    def decode_response(self, action: str, payload: bytes, *, lenient: bool = True) -> Decoded:
        """Raises PayloadError for what cannot be accepted. The action is our own: UnknownActionError."""
        return self._decode(self._shape_of(action, self._responses), payload, is_lenient=lenient)

    def encode(self, message: WireStruct) -> bytes:
        """JSON of a message object. Raises InvalidMessageError, or UnknownActionError for a foreign class."""
        return self._encode(self._shape_of_class(message), message)

    def encode_request(self, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """JSON of a request given as an object or as JSON values. Raises MisuseError."""
        return self._encode(self._shape_of(action, self._requests), payload)

    def encode_response(self, action: str, payload: Mapping[str, Any] | WireStruct) -> bytes:
        """JSON of a response given as an object or as JSON values. Raises MisuseError."""
        return self._encode(self._shape_of(action, self._responses), payload)

    def is_send(self, action: str) -> bool:
        """Whether the action is a SEND, which nobody answers (2.1)."""
        known = self.actions.get(action)
        return known is not None and known.response is None

    def _shape_of_class(self, message: WireStruct) -> _Shape:
        shape = self._by_class.get(type(message))
        if shape is None:
            raise UnknownActionError(f"{type(message).__name__} is no message of OCPP {self.version.label}")
        return shape

    def _shape_of(self, action: str, shapes: dict[str, _Shape]) -> _Shape:
        shape = shapes.get(action)
        if shape is None:
            raise UnknownActionError(f"OCPP {self.version.label} has no such message for {action[:50]!r}")
        return shape

    def _decode(self, shape: _Shape, payload: bytes, *, is_lenient: bool) -> Decoded:
        message = _read_at_once(shape, payload)
        if message is not None:
            return Decoded(message, ())
        return self._read_with_care(shape, payload, is_lenient=is_lenient)

    def _read_with_care(self, shape: _Shape, payload: bytes, *, is_lenient: bool) -> Decoded:
        """What the fast decoder would not or should not read: say what is wrong, or read it."""
        reader = TolerantReader(self.version, is_lenient=is_lenient)
        try:
            value = read_json(payload, is_lenient=is_lenient, findings=reader.findings)
            return Decoded(reader.read(shape.kind, value), tuple(reader.findings))
        except PayloadError:
            found = None
            if is_lenient and is_billing(shape.kind):
                found = salvaged(shape.kind, payload, self.version)
            if found is None:
                raise
        return Decoded(found.message, found.findings, found.is_partial)

    def _encode(self, shape: _Shape, payload: Mapping[str, Any] | WireStruct) -> bytes:
        if isinstance(payload, WireStruct) and type(payload) is not shape.kind:
            text = f"needs a {shape.kind.__name__}, not a {type(payload).__name__}"
            raise InvalidMessageError(shape.action, "$", "wrong-type", text)
        try:
            encoded = _ENCODER.encode(payload)
        except (TypeError, ValueError, RecursionError) as error:  # no JSON value; text with half a character
            raise InvalidMessageError(shape.action, "$", "not-json", f"cannot be written: {error}") from None
        if b"\\u" not in encoded:  # an escape may be NUL; keys that we write cannot be there twice
            try:
                shape.decoder.decode(encoded)
            except _NOT_READ:
                pass
            else:
                return encoded
        try:
            self._read_with_care(shape, encoded, is_lenient=False)
        except PayloadError as error:
            detail = error.detail.removeprefix(f"{error.path}: ")
            raise InvalidMessageError(shape.action, error.path, error.rule, detail) from None
        return encoded


def _read_at_once(shape: _Shape, text: bytes) -> WireStruct | None:
    """What the fast decoder makes of a text, unless the careful reader may have something to say to it."""
    if b"\\u" in text:  # may stand for NUL, half a character or a quote
        return None
    try:
        message: WireStruct = shape.decoder.decode(text)
    except _NOT_READ:
        return None
    if len(text) == 2:  # `{}`
        return message
    if is_too_deep(text):
        return None
    # Each quote ends a key or a text, or stands in one: if some are lost, then with a key that came twice.
    return message if text.count(b'"') == _ENCODER.encode(message).count(b'"') else None


@cache
def codec_for(version: OcppVersion) -> Codec:
    """The version's codec; its message classes load on the first call."""
    return Codec(version)
