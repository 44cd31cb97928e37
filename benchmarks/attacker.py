"""The one peer of `benchmarks.attacks`: `python -m benchmarks.attacker NAME HOST PORT ID`.

It connects, says so, waits for a line on stdin, and sends as fast as the server takes it. What it has heard
goes to stdout as JSON.
"""

import json
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from benchmarks.closed_loop import WARM_UP_S
from benchmarks.raw_station import BOOTS, PING, PONG, TEXT, V16, call_frame, mask_frame

MIB = 1 << 20
BAD = mask_frame(b"nope")
SUSTAINED_S = 4.0
QUIET_S = 1.0
"""So long without a word from the server, and it has said all."""
PIECE = 64 << 10
ROWS = 74_000
"""Samples in one MiB of MeterValues."""
SUPERVISION = "supervision"
UNREAD = range(36_000, 120_000, 6_000)
"""Heartbeats of each peer that attacks the supervision: their answers fill what the kernel takes (2 to 4 MB),
and for some of the peers a part of the megabyte that the server keeps then. Only such an end is taken while
something waits to be sent.
"""
BLOCKED_S = 2.0
"""So long without a byte taken, and the server reads no further."""
HELD_S = 4.0
"""The sockets stay: pings fall due."""


def _repeat(frame: bytes, size: int) -> Iterator[bytes]:
    piece = frame * (PIECE // len(frame) + 1)
    for _ in range(size // len(piece) + 1):
        yield piece


def _heartbeats(count: int) -> Iterator[bytes]:
    for start in range(0, count, 500):
        yield b"".join(call_frame(f"h{number}", "Heartbeat", "{}") for number in range(start, start + 500))


def _sustained() -> Iterator[bytes]:
    end, piece = time.monotonic() + SUSTAINED_S, BAD * 6_500
    while time.monotonic() < end:
        yield piece


def _sustained_heartbeats() -> Iterator[bytes]:
    end, piece = time.monotonic() + SUSTAINED_S, next(_heartbeats(500))
    while time.monotonic() < end:
        yield piece


def _fragments() -> Iterator[bytes]:
    begin, more, last = b"\x01\x81\0\0\0\0x", b"\x00\x81\0\0\0\0x", b"\x80\x81\0\0\0\0x"
    message = bytes((begin[0], 0x81)) + begin[2:] + more * 900 + last
    for _ in range(2 * MIB // len(message)):
        yield message


def _meter_values() -> Iterator[bytes]:
    sampled = ",".join(['{"value":"1"}'] * ROWS)
    values = f'{{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[{sampled}]}}'
    text = f'[2,"big","MeterValues",{{"connectorId":1,"meterValue":[{values}]}}]'
    payload = text.encode()
    yield bytes((0x81, 0xFF)) + len(payload).to_bytes(8) + b"\0\0\0\0" + payload


ATTACKS: dict[str, tuple[bool, Callable[[], Iterator[bytes]]]] = {
    "bad_frames": (True, lambda: _repeat(BAD, 2 * MIB)),
    "stranger_bad_frames": (False, lambda: _repeat(BAD, 4 * MIB)),
    "sustained_bad_frames": (True, _sustained),
    "sustained_heartbeats": (True, _sustained_heartbeats),
    "heartbeats": (True, lambda: _heartbeats(100_000)),
    "empty_texts": (True, lambda: _repeat(mask_frame(b"", TEXT), 2 * MIB)),
    "pongs": (True, lambda: _repeat(mask_frame(b"", PONG), 2 * MIB)),
    "pings": (True, lambda: _repeat(mask_frame(b"", PING), 2 * MIB)),
    "fragments": (True, _fragments),
    "meter_values": (True, _meter_values),
}
"""Whether it boots first, and what it sends."""


class Attacker:
    """A socket, and what was heard on it."""

    def __init__(self, host: str, port: int, name: str, *, boots: bool, reads_little: bool = False) -> None:
        self.sent = self.answered = 0
        self.ended = "left by itself"
        self.socket = socket.socket()
        if reads_little:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect((host, port))
        self.socket.sendall(
            f"GET /ocpp/{name} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n".encode()
        )
        self.socket.recv(4096)
        if boots:
            self.socket.sendall(call_frame("boot", "BootNotification", BOOTS[V16]))
            self.socket.recv(4096)
        self.socket.setblocking(False)  # noqa: FBT003 # the socket module's

    def attack(self, pieces: Iterator[bytes]) -> None:
        """Send all of it, reading meanwhile, until the server has said its last word."""
        waiting, heard_at = b"", time.monotonic()
        is_sending = True
        while is_sending or time.monotonic() - heard_at < QUIET_S:
            if is_sending and not waiting:
                waiting = next(pieces, b"")
                is_sending = bool(waiting)
                self.sent += waiting.count(b"[2,")
            reads, writes, _ = select.select([self.socket], [self.socket] if waiting else [], [], 0.2)
            try:
                if writes:
                    waiting = waiting[self.socket.send(waiting) :]
                if reads and not self._receive():
                    return
            except OSError as error:
                self.ended = self.ended if "1008" in self.ended else f"cut off ({error.strerror})"
                return
            if reads:
                heard_at = time.monotonic()

    def _receive(self) -> bool:
        chunk = self.socket.recv(1 << 18)
        self.answered += chunk.count(b"[3,")
        at = chunk.find(b"\x03\xf0")  # 1008 in a close frame
        if at >= 2 and chunk[at - 2] == 0x88:
            self.ended = "cut off with 1008"
        elif not chunk and "1008" not in self.ended:
            self.ended = "closed by the server"
        return bool(chunk)


def main(arguments: list[str]) -> None:
    """One attack."""
    name, host, port, station = arguments
    if name == SUPERVISION:
        attack_supervision(host, int(port), station)
        return
    boots, pieces = ATTACKS[name]
    attacker = Attacker(host, int(port), station, boots=boots)
    print("ready", flush=True)
    sys.stdin.readline()
    time.sleep(WARM_UP_S + 0.5)  # the neighbours are measured from then on
    attacker.attack(pieces())
    told = {"sent": attacker.sent, "answered": attacker.answered, "ended": attacker.ended}
    print(json.dumps(told), flush=True)


def attack_supervision(host: str, port: int, name: str) -> None:
    """Peers that never read, and end their half behind ever more heartbeats; their sockets stay a while."""
    with ExitStack() as held:
        for number, count in enumerate(UNREAD):
            attacker = Attacker(host, port, f"{name}-{number}", boots=True, reads_little=True)
            held.enter_context(attacker.socket)
            attacker.socket.settimeout(BLOCKED_S)
            try:
                for piece in _heartbeats(count):
                    attacker.socket.sendall(piece)
                attacker.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # cut off, or the server reads no further: that is its defence
        time.sleep(HELD_S)


if __name__ == "__main__":
    main(sys.argv[1:])
