"""What an idle, booted station costs: the growth of the server's resident memory, divided.

A first crowd warms the server up (code that loads on first use, pools, the database's cache). Then `stations`
more connect and boot, and each sends enough heartbeats to fill its ring of recent frames, as one that has
been there for hours. The resident set is read before and after, each time once it has stood still. What the
kernel holds for a socket is not in it.
"""

import select
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.raw_station import Fleet, call_frame, open_fleet
from benchmarks.servers import HERE, Server, running_server

WARM_UP_STATIONS = 500
HEARTBEATS = 20
"""Of each station; a dozen fill the 2 KiB of its ring."""
LOOK_EVERY_S = 0.5
STEADY_LOOKS = 4
SETTLE_WITHIN_S = 20.0


@dataclass(frozen=True)
class MemoryFigures:
    """One run."""

    server: str
    deflate: bool
    stations: int
    before_kib: int
    after_kib: int
    kib_per_station: float


def measure(name: str, *, stations: int, deflate: bool, tree: Path = HERE) -> MemoryFigures:
    """In a server of its own, of the code in `tree`."""
    with (
        running_server(name, tree=tree) as server,
        open_fleet(server.address, WARM_UP_STATIONS, prefix="WARM", offers_deflate=deflate) as warm,
    ):
        send_heartbeats(warm)
        before = _settled_kib(server)
        with open_fleet(server.address, stations, prefix="IDLE", offers_deflate=deflate) as idle:
            send_heartbeats(idle)
            after = _settled_kib(server)
    return MemoryFigures(name, deflate, stations, before, after, round((after - before) / stations, 2))


def send_heartbeats(fleet: Fleet) -> None:
    """Of all stations at once, and wait for the answers, HEARTBEATS times."""
    poll = select.epoll()
    for fileno in fleet.stations:
        poll.register(fileno, select.EPOLLIN)
    for turn in range(HEARTBEATS):
        for station in fleet.stations.values():
            station.send(call_frame(f"h{station.number}-{turn}", "Heartbeat", "{}"), 0.0)
        missing = len(fleet.stations)
        while missing:
            for fileno, _ in poll.poll():
                missing -= len(fleet.stations[fileno].receive())
    poll.close()


def _settled_kib(server: Server) -> int:
    """Resident memory once it has stood still for two seconds."""
    looks = [server.resident_kib]
    deadline = time.monotonic() + SETTLE_WITHIN_S
    while time.monotonic() < deadline and len(set(looks[-STEADY_LOOKS:])) + (len(looks) < STEADY_LOOKS) > 1:
        time.sleep(LOOK_EVERY_S)
        looks.append(server.resident_kib)
    return looks[-1]
