"""What goes over the network, read by nobody's code but this: the trace, and the ledger of what was answered.

The ledger is the stations' side of the books: which message a station has sent, every answer that the server
wrote to it, and the one that the station has heard.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.network import End, Network, Pipe

CALL, RESULT, ERROR = 2, 3, 4
TEXT = 1
DEFLATE_TAIL = b"\x00\x00\xff\xff"
TRANSACTION_MESSAGES = frozenset({"StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"})


@dataclass(eq=False)
class Message:
    """One CALL of a station, with all its repetitions under the same id."""

    station: str
    message_id: str
    action: str
    payload: dict[str, Any]
    sent_at: float
    answers: list[Any] = field(default_factory=list)
    """Every answer that the server wrote, whether or not it arrived: payloads, or (code, description)."""
    heard: Any = None
    """The answer that the station has; None: it will ask again."""
    error: str | None = None
    """The code of a CALLERROR that it heard."""

    @property
    def is_billing(self) -> bool:
        """Whether it says something about a transaction."""
        return self.action in TRANSACTION_MESSAGES


class Trace:
    """Lines with virtual times. The same seed gives the same bytes."""

    def __init__(self, time: Callable[[], float]) -> None:
        self.lines: list[str] = []
        self._time = time

    def note(self, who: str, what: str) -> None:
        """One line."""
        self.lines.append(f"{self._time():12.6f} {who:<6} {what}")

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines) + "\n"


class _Frames:
    """Reads WebSocket text frames out of one direction of a connection (RFC 6455 §5.2, RFC 7692)."""

    def __init__(self) -> None:
        self.head = b""
        self._rest = b""
        self._is_open = self._is_refused = False

    def feed(self, data: bytes) -> list[bytes]:
        """The texts that are complete now."""
        self._rest += data
        if not self._is_open:
            head, separator, rest = self._rest.partition(b"\r\n\r\n")
            if not separator:
                return []
            self.head, self._rest, self._is_open = head, rest, True
            self._is_refused = b" 101 " not in head and not head.startswith(b"GET ")
        if self._is_refused:
            return []
        texts = []
        while (frame := self._next()) is not None:
            first, payload = frame
            if first & 0x0F == TEXT:
                if first & 0x40:
                    payload = zlib.decompressobj(-15).decompress(payload + DEFLATE_TAIL)
                texts.append(payload)
        return texts

    def _next(self) -> tuple[int, bytes] | None:
        data = self._rest
        if len(data) < 2:
            return None
        at, length = 2, data[1] & 0x7F
        if length > 125:
            size = 2 if length == 126 else 8
            length, at = int.from_bytes(data[2 : 2 + size]), 2 + size
        mask = data[at : at + 4] if data[1] & 0x80 else b""
        at += len(mask)
        if len(data) < at + length:
            return None
        payload, self._rest = data[at : at + length], data[at + length :]
        if mask:
            key = (mask * (length // 4 + 1))[:length]
            payload = (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(length)
        return data[0], payload


class Wiretap:
    """Listens to a network. `answering` hears of every CALLRESULT that the server is about to send."""

    def __init__(self, network: Network, trace: Trace, time: Callable[[], float]) -> None:
        self.messages: list[Message] = []
        self.billing: set[tuple[str, str]] = set()
        """Station (in lower case) and id of each message about a transaction."""
        self.stations: dict[int, str] = {}
        """Whose connection each pipe is."""
        self.billed_at: dict[int, float] = {}
        """When a connection last carried something about a transaction."""
        self.answering: Callable[[Message], None] = lambda _: None
        self._trace = trace
        self._time = time
        self._readers: dict[tuple[int, bool], _Frames] = {}
        self._open: dict[tuple[int, str], Message] = {}
        self._known: dict[tuple[str, str, str], Message] = {}
        network.sent, network.received = self._sent, self._received

    def _reader(self, pipe: Pipe, *, is_near: bool) -> _Frames:
        return self._readers.setdefault((pipe.number, is_near), _Frames())

    def _sent(self, pipe: Pipe, end: End, data: bytes) -> None:
        is_near = end is pipe.near
        reader = self._reader(pipe, is_near=is_near)
        is_head = not reader.head
        texts = reader.feed(data)
        if is_near and is_head and reader.head:
            station = reader.head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].decode()
            self.stations[pipe.number] = station
            self._trace.note(station, f"dials, connection {pipe.number}")
        station = self.stations.get(pipe.number, "?")
        for text in texts:
            self._trace.note(station, f"{'>' if is_near else '<'} {text.decode()}")
            frame = json.loads(text)
            if is_near and frame[0] == CALL:
                self._asked(pipe, station, frame)
            elif not is_near and frame[0] in (RESULT, ERROR):
                self._answered(pipe, frame)

    def _asked(self, pipe: Pipe, station: str, frame: list[Any]) -> None:
        _, message_id, action, payload = frame
        key = (station, message_id, json.dumps(frame, sort_keys=True))
        message = self._known.get(key)
        if message is None:
            message = self._known[key] = Message(station, message_id, action, payload, self._time())
            self.messages.append(message)
            if message.is_billing:
                self.billing.add((station.lower(), message_id))
        self._open[pipe.number, message_id] = message
        if message.is_billing:
            self.billed_at[pipe.number] = self._time()

    def _answered(self, pipe: Pipe, frame: list[Any]) -> None:
        message = self._open.get((pipe.number, frame[1]))
        if message is not None:
            message.answers.append(frame[2] if frame[0] == RESULT else tuple(frame[2:4]))
            self.answering(message)

    def _received(self, pipe: Pipe, end: End, data: bytes) -> None:
        """What the station hears is counted; what the server reads it will show by itself."""
        if end is not pipe.near:
            return
        reader = self._readers.setdefault((-pipe.number, True), _Frames())
        for text in reader.feed(data):
            frame = json.loads(text)
            message = self._open.get((pipe.number, frame[1])) if frame[0] in (RESULT, ERROR) else None
            if message is None:
                continue
            self._trace.note(message.station, f"= {frame[0]} {frame[1]}")
            if frame[0] == RESULT and message.heard is None:
                message.heard = frame[2]
            elif frame[0] == ERROR:
                message.error = str(frame[2])
