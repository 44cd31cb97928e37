"""Stations so cheap that the server is the bottleneck: non-blocking sockets on one epoll loop, frames masked
with a key of zeros, answers found by their first bytes.
"""

import base64
import enum
import json
import os
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Address = tuple[str, int]
V16, V201 = "ocpp1.6", "ocpp2.0.1"
BOOTS = {
    V16: json.dumps({"chargePointVendor": "Borne", "chargePointModel": "Raw"}, separators=(",", ":")),
    V201: json.dumps(
        {"reason": "PowerUp", "chargingStation": {"vendorName": "Borne", "model": "Raw"}},
        separators=(",", ":"),
    ),
}
"""Subprotocol → the payload of its BootNotification."""
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
OPEN_WITHIN_S = 120.0


class Stage(enum.Enum):
    """How far a station has come."""

    CONNECTING = enum.auto()
    UPGRADING = enum.auto()
    BOOTING = enum.auto()
    BOOTED = enum.auto()


class TurnedAwayError(Exception):
    """The server ended the attempt; the text is the reason, short enough to count by."""


class RawStation:
    """One station; it speaks the subprotocol `version`."""

    __slots__ = ("name", "number", "offers_deflate", "rest", "sent_at", "socket", "stage", "version")

    def __init__(
        self, number: int, *, prefix: str = "RAW", offers_deflate: bool = False, version: str = V16
    ) -> None:
        self.number = number
        self.version = version
        self.name = f"{prefix}-{number:05d}"
        self.offers_deflate = offers_deflate
        self.socket: socket.socket
        self.stage = Stage.CONNECTING
        self.sent_at = 0.0
        self.rest = b""

    # Opening

    def connect(self, address: Address) -> None:
        """Begin; what follows is `advance`'s."""
        self.stage = Stage.CONNECTING
        self.rest = b""
        self.socket = socket.socket()
        self.socket.setblocking(False)  # noqa: FBT003 # the socket module's
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect_ex(address)

    def advance(self, address: Address) -> None:
        """The socket is ready for its next stage. Raises TurnedAwayError."""
        try:
            if self.stage is Stage.CONNECTING:
                self._upgrade(address)
            else:
                self._read_opening()
        except OSError as error:
            raise TurnedAwayError(error.strerror or str(error)) from error

    def _upgrade(self, address: Address) -> None:
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise TurnedAwayError(os.strerror(error))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.send(
            f"GET /ocpp/{self.name} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: {self.version}\r\n{DEFLATE if self.offers_deflate else ''}\r\n".encode()
        )
        self.stage = Stage.UPGRADING

    def _read_opening(self) -> None:
        chunk = self.socket.recv(4096)
        if not chunk:
            raise TurnedAwayError(f"closed while {self.stage.name.lower()}")
        self.rest += chunk
        if self.stage is Stage.UPGRADING and b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            if head.startswith(b"HTTP/1.1 4"):
                sys.exit(f"the server does not take {self.name}: {head.splitlines()[0].decode('latin-1')}")
            if not head.startswith(b"HTTP/1.1 101"):
                raise TurnedAwayError(head.splitlines()[0].decode("latin-1"))
            if self.offers_deflate and b"permessage-deflate" not in head:
                sys.exit("the server does not agree to permessage-deflate")
            self.socket.send(call_frame(f"boot-{self.number}", "BootNotification", BOOTS[self.version]))
            self.stage = Stage.BOOTING
        if self.stage is Stage.BOOTING:
            for answer in self.receive_texts(b""):
                if b"Accepted" not in answer:
                    sys.exit(f"the server does not accept {self.name}: {answer[:300].decode('latin-1')}")
                self.stage = Stage.BOOTED

    # Once open

    def send(self, frame: bytes, now: float) -> None:
        """One message; `now` is when."""
        self.sent_at = now
        self.socket.send(frame)

    def receive(self) -> list[bytes]:
        """The whole messages that have come."""
        chunk = self.socket.recv(65536)
        if not chunk:
            sys.exit(f"the server closed {self.name}")
        return self.receive_texts(chunk)

    def receive_texts(self, chunk: bytes) -> list[bytes]:
        """Messages in what was kept and in `chunk`; pings are answered."""
        buffer = self.rest + chunk if self.rest else chunk
        # The usual case, one short text frame, needs no loop.
        if len(buffer) >= 2 and buffer[0] == 0x81 and len(buffer) == buffer[1] + 2:
            self.rest = b""
            return [buffer[2:]]
        texts = []
        while len(buffer) >= 2:
            opcode, length, start = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
            if length == 126:
                length, start = int.from_bytes(buffer[2:4]), 4
            if len(buffer) < start + length:
                break
            payload, buffer = buffer[start : start + length], buffer[start + length :]
            if opcode == TEXT:
                texts.append(payload)
            elif opcode == PING:
                self.socket.send(mask_frame(payload, PONG))
            elif opcode == CLOSE:
                sys.exit(f"the server closed {self.name}: {payload[2:].decode('utf-8', 'replace')}")
        self.rest = buffer
        return texts


def mask_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A client's frame whose masking key is zero: masked by the letter, and as it is."""
    length = len(payload)
    head = (
        bytes((0x80 | opcode, 0x80 | length))
        if length < 126
        else bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2)
    )
    return head + b"\0\0\0\0" + payload


def call_frame(message_id: str, action: str, payload: str) -> bytes:
    """A CALL, ready to be sent."""
    return mask_frame(f'[2,"{message_id}","{action}",{payload}]'.encode())


@dataclass
class Fleet:
    """Booted stations, and what it took."""

    stations: dict[int, RawStation] = field(default_factory=dict)
    """By the number of their socket."""
    seconds: float = 0.0
    """From the first connect to the last accepted boot."""
    booted_after_s: list[float] = field(default_factory=list)
    """Of each station, from the start of the whole."""
    retries: Counter[str] = field(default_factory=Counter)
    """Attempts that failed and were repeated at once, by their reason."""


@contextmanager
def open_fleet(
    address: Address,
    count: int,
    *,
    at_once: int = 200,
    prefix: str = "RAW",
    offers_deflate: bool = False,
    version: str = V16,
) -> Iterator[Fleet]:
    """Connect and boot `count` stations, `at_once` of them at a time, without any pause or jitter.

    A station that is turned away tries again at once, as the worst of them do.
    """
    options: Any = {"prefix": prefix, "offers_deflate": offers_deflate, "version": version}
    stations = (RawStation(number, **options) for number in range(count))
    opening = _Opening(address, deque(stations))
    try:
        opening.run(at_once)
        yield opening.fleet
    finally:
        opening.close()


class _Opening:
    """Stations on their way in."""

    def __init__(self, address: Address, waiting: deque[RawStation]) -> None:
        self.fleet = Fleet()
        self._address = address
        self._waiting = waiting
        self._opening: dict[int, RawStation] = {}
        self._poll = select.epoll()
        self._began = time.perf_counter()

    def run(self, at_once: int) -> None:
        """Until all are booted."""
        while self._waiting or self._opening:
            while self._waiting and len(self._opening) < at_once:
                self._start(self._waiting.popleft())
            for fileno, _ in self._poll.poll(1.0):
                self._go_on(fileno)
            if self._passed() > OPEN_WITHIN_S:
                booted = len(self.fleet.stations)
                sys.exit(f"only {booted} stations booted within {OPEN_WITHIN_S:g} s: {self.fleet.retries}")
        self.fleet.seconds = self._passed()

    def close(self) -> None:
        """Let go of every socket."""
        self._poll.close()
        for station in (*self.fleet.stations.values(), *self._opening.values()):
            station.socket.close()

    def _start(self, station: RawStation) -> None:
        station.connect(self._address)
        self._opening[station.socket.fileno()] = station
        self._poll.register(station.socket.fileno(), select.EPOLLOUT)

    def _go_on(self, fileno: int) -> None:
        station = self._opening[fileno]
        was = station.stage
        try:
            station.advance(self._address)
        except TurnedAwayError as turned_away:
            self.fleet.retries[str(turned_away)] += 1
            self._leave(fileno)
            station.socket.close()
            self._waiting.append(station)
            return
        if was is Stage.CONNECTING:
            self._poll.modify(fileno, select.EPOLLIN)
        if station.stage is Stage.BOOTED:
            self._leave(fileno)
            self.fleet.stations[fileno] = station
            self.fleet.booted_after_s.append(self._passed())

    def _leave(self, fileno: int) -> None:
        self._poll.unregister(fileno)
        del self._opening[fileno]

    def _passed(self) -> float:
        return time.perf_counter() - self._began
