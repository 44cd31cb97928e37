"""Stations so cheap that the server is the bottleneck: one epoll loop, raw sockets, frames masked beforehand.

Each station opens a WebSocket, boots, then sends its next Heartbeat the moment the last one is answered.

Run: python -m benchmarks.raw_client echo|ours|thirty_lines [--stations 200] [--seconds 10]
     python -m benchmarks.raw_client HOST:PORT [...]   (a server that already runs: pin it to a core yourself)
"""

import argparse
import base64
import json
import os
import platform
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

SERVER_CORE, CLIENT_CORE = 0, 1
SERVERS = {
    "echo": ["benchmarks.echo"],
    "ours": ["benchmarks.echo", "--ours"],
    "thirty_lines": ["benchmarks.thirty_lines"],
}
BOOT = {"chargePointVendor": "Borne", "chargePointModel": "Raw"}
MESSAGE_IDS = 100


@dataclass(frozen=True)
class Figures:
    """One run. Latencies in milliseconds, from a heartbeat's write to its answer's read."""

    server: str
    stations: int
    seconds: float
    heartbeats: int
    heartbeats_per_s: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float
    client_cpu: float
    """Share of its core that this client used: well below 1, or the figure is the client's."""


class RawStation:
    """One socket and its ready-made frames."""

    def __init__(self, address: tuple[str, int], number: int) -> None:
        self.name = f"RAW-{number:05d}"
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.frames = [
            mask_frame(json.dumps([2, f"{number}-{turn}", "Heartbeat", {}], separators=(",", ":")).encode())
            for turn in range(MESSAGE_IDS)
        ]
        self.turn = 0
        self.sent_at = 0.0
        self.rest = b""

    def open(self, address: tuple[str, int]) -> None:
        """Upgrade and boot, blocking."""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ocpp/{self.name} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n".encode()
        )
        head = self._receive_until(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            sys.exit(f"the server refused {self.name}: {head.splitlines()[0].decode('latin-1')}")
        self.socket.sendall(mask_frame(json.dumps([2, "boot", "BootNotification", BOOT]).encode()))
        answer = self._receive_until(b"]")
        if b"Accepted" not in answer:
            sys.exit(f"the server did not accept {self.name}: {answer.decode('latin-1')}")
        self.socket.settimeout(0)

    def send(self, now: float) -> None:
        """The next heartbeat."""
        self.sent_at = now
        self.turn = (self.turn + 1) % MESSAGE_IDS
        self.socket.send(self.frames[self.turn])

    def receive(self) -> int:
        """Whole text frames that have come."""
        chunk = self.socket.recv(65536)
        if not chunk:
            sys.exit(f"the server closed {self.name}")
        buffer = self.rest + chunk if self.rest else chunk
        # The usual case, one short frame, needs no loop.
        if buffer[0] == 0x81 and len(buffer) == buffer[1] + 2:
            self.rest = b""
            return 1
        return self._count_frames(buffer)

    def _count_frames(self, buffer: bytes) -> int:
        texts = 0
        while len(buffer) >= 2:
            length, start = buffer[1] & 0x7F, 2
            if length == 126:
                length, start = int.from_bytes(buffer[2:4]), 4
            if len(buffer) < start + length:
                break
            texts += buffer[0] == 0x81
            buffer = buffer[start + length :]
        self.rest = buffer
        return texts

    def _receive_until(self, end: bytes) -> bytes:
        received = b""
        while end not in received:
            chunk = self.socket.recv(4096)
            if not chunk:
                sys.exit(f"the server closed {self.name} while it connected: {received!r}")
            received += chunk
        return received


def mask_frame(text: bytes) -> bytes:
    """A client's text frame whose masking key is zero: masked by the letter, and ready-made."""
    head = bytes((0x81, 0x80 | len(text))) if len(text) < 126 else b"\x81\xfe" + len(text).to_bytes(2)
    return head + b"\0\0\0\0" + text


def measure_heartbeats(server: str, address: tuple[str, int], stations: int, seconds: float) -> Figures:
    """Drive a running server, pinned to the client's core."""
    os.sched_setaffinity(0, {CLIENT_CORE % (os.cpu_count() or 1)})
    fleet = {}
    for number in range(stations):
        station = RawStation(address, number)
        station.open(address)
        fleet[station.socket.fileno()] = station
    _closed_loop(fleet, min(1.0, seconds / 4))  # warm-up
    cpu = time.process_time()
    began = time.perf_counter()
    latencies = _closed_loop(fleet, seconds)
    took = time.perf_counter() - began
    busy = (time.process_time() - cpu) / took
    for station in fleet.values():
        station.socket.close()
    return _figures(server, stations, took, latencies, busy)


def _closed_loop(fleet: dict[int, RawStation], seconds: float) -> list[float]:
    clock = time.perf_counter
    poll = select.epoll()
    for fileno in fleet:
        poll.register(fileno, select.EPOLLIN)
    end = clock() + seconds
    waiting = len(fleet)
    latencies: list[float] = []
    for station in fleet.values():
        station.send(clock())
    while waiting:
        for fileno, _ in poll.poll():
            station = fleet[fileno]
            if not station.receive():
                continue
            now = clock()
            latencies.append(now - station.sent_at)
            if now < end:
                station.send(now)
            else:
                waiting -= 1
    poll.close()
    return latencies


def _figures(server: str, stations: int, took: float, latencies: list[float], busy: float) -> Figures:
    ordered = sorted(latencies)

    def at(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)

    return Figures(
        server=server,
        stations=stations,
        seconds=round(took, 2),
        heartbeats=len(ordered),
        heartbeats_per_s=round(len(ordered) / took),
        p50_ms=at(0.5),
        p90_ms=at(0.9),
        p99_ms=at(0.99),
        max_ms=at(1.0),
        client_cpu=round(busy, 2),
    )


@contextmanager
def running_server(name: str) -> Iterator[tuple[str, int]]:
    """One of SERVERS in a process of its own, pinned to the server's core."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    module, *options = SERVERS[name]
    command = [sys.executable, "-m", module, str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        os.sched_setaffinity(process.pid, {SERVER_CORE})
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            sys.exit(f"{name} did not start")
        try:
            yield ("127.0.0.1", port)
        finally:
            process.terminate()


def main() -> None:
    """Measure one server and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.raw_client", description=__doc__.splitlines()[0])
    parser.add_argument("server", help="echo, ours, thirty_lines or HOST:PORT")
    parser.add_argument("--stations", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    chosen = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if chosen.server in SERVERS:
        with running_server(chosen.server) as address:
            figures = measure_heartbeats(chosen.server, address, chosen.stations, chosen.seconds)
    else:
        host, _, port = chosen.server.rpartition(":")
        figures = measure_heartbeats(chosen.server, (host, int(port)), chosen.stations, chosen.seconds)
    print(json.dumps({**asdict(figures), "python": platform.python_version(), "machine": platform.machine()}))


if __name__ == "__main__":
    main()
