"""OCPP-J frames as a station reads and writes them (OCPP-J 1.6 §4.2, 2.0.1 part 4 §4.2), and the tap on them.

A station neither sends nor takes the frames that 2.1 adds.
"""

import asyncio
import enum
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ocppj.errors import ErrorKind, FrameError

CALL, CALL_RESULT, CALL_ERROR = 2, 3, 4
_ENCODER = msgspec.json.Encoder()
_ENVELOPE = msgspec.json.Decoder(list[msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_NOT_READ = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
MESSAGE_ID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Call:
    """A request; the payload is JSON that was not looked at yet."""

    message_id: str
    action: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class CallResult:
    """An answer."""

    message_id: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class CallError:
    """A refusal."""

    message_id: str
    code: str
    description: str


def read_frame(text: bytes) -> Call | CallResult | CallError:
    """One message. Raises FrameError, with the message id where it could be read."""
    try:
        parts = _ENVELOPE.decode(text)
        kind = msgspec.json.decode(parts[0], type=int)
    except (*_NOT_READ, IndexError):
        raise FrameError(
            ErrorKind.RPC_FRAMEWORK, "not a JSON array that begins with a message type"
        ) from None
    try:
        message_id = _TEXT.decode(parts[1])
    except (*_NOT_READ, IndexError):
        raise FrameError(ErrorKind.RPC_FRAMEWORK, "the message id is not a string") from None
    try:
        return _message(kind, message_id, parts)
    except (*_NOT_READ, IndexError):
        raise FrameError(
            ErrorKind.RPC_FRAMEWORK, f"a message of type {kind} has other elements", message_id
        ) from None


def _message(kind: int, message_id: str, parts: list[msgspec.Raw]) -> Call | CallResult | CallError:
    match kind:
        case 2 if len(parts) == 4:
            return Call(message_id, _TEXT.decode(parts[2]), bytes(parts[3]))
        case 3 if len(parts) == 3:
            return CallResult(message_id, bytes(parts[2]))
        case 4 if len(parts) in (4, 5):
            return CallError(message_id, _TEXT.decode(parts[2]), _TEXT.decode(parts[3]))
        case 2 | 3 | 4:
            raise FrameError(
                ErrorKind.RPC_FRAMEWORK, f"{len(parts)} elements are wrong for type {kind}", message_id
            )
        case _:
            raise FrameError(
                ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED, f"there is no message type {kind}", message_id
            )


def write_call(message_id: str, action: str, payload: bytes) -> bytes:
    """`[2, id, action, payload]`."""
    return b"[2,%b,%b,%b]" % (_ENCODER.encode(message_id), _ENCODER.encode(action), payload)


def write_result(message_id: str, payload: bytes) -> bytes:
    """`[3, id, payload]`."""
    return b"[3,%b,%b]" % (_ENCODER.encode(message_id), payload)


def write_error(message_id: str, code: str, description: str) -> bytes:
    """`[4, id, code, description, {}]`; the description is at most 255 characters."""
    return _ENCODER.encode([CALL_ERROR, message_id, code, description[:255], {}])


class Direction(enum.Enum):
    """Seen from the station."""

    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as it went over the wire. `seq` counts a station's frames from 1."""

    seq: int
    direction: Direction
    text: bytes
    at: datetime

    @property
    def content(self) -> list[Any] | None:
        """The JSON array; None for a text that is none."""
        try:
            parsed = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return parsed if isinstance(parsed, list) else None

    @property
    def action(self) -> str | None:
        """The action of a CALL; None for everything else."""
        parts = self.content
        if parts is None or len(parts) < 4 or parts[0] != CALL:
            return None
        return parts[2] if isinstance(parts[2], str) else None

    @property
    def payload(self) -> Any:
        """The payload of a CALL or CALLRESULT, the code of a CALLERROR; None for everything else."""
        match self.content:
            case [2, _, _, payload] | [3, _, payload] | [4, _, payload, *_]:
                return payload
            case _:
                return None


class FrameTap:
    """The last frames of a station and whoever listens to new ones. Costs nothing while nobody does."""

    def __init__(self, kept: int) -> None:
        self._recent: deque[Frame] = deque(maxlen=kept)
        self._listeners: list[Callable[[Frame], None]] = []
        self.last_seq = 0

    def record(self, direction: Direction, text: bytes, at: datetime) -> None:
        """One more frame."""
        self.last_seq += 1
        if not self._listeners and not self._recent.maxlen:
            return
        frame = Frame(self.last_seq, direction, text, at)
        self._recent.append(frame)
        for listener in tuple(self._listeners):
            listener(frame)

    def since(self, seq: int) -> list[Frame]:
        """The kept frames after number `seq`."""
        return [frame for frame in self._recent if frame.seq > seq]

    def listen(self, listener: Callable[[Frame], None]) -> Callable[[], None]:
        """Call `listener` for each new frame, until the function that this returns is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def follow(self, *, since: int | None = None, limit: int = 1000) -> AsyncIterator[Frame]:
        """Frames as they come, those after `since` first. A reader that falls `limit` behind loses some."""
        queue: asyncio.Queue[Frame] = asyncio.Queue(limit)

        def put(frame: Frame) -> None:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(frame)

        for frame in self.since(since) if since is not None else ():
            put(frame)
        leave = self.listen(put)
        try:
            while True:
                yield await queue.get()
        finally:
            leave()
