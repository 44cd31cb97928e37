"""What an idle, booted station costs: the growth of the server's resident memory, divided.

A first crowd warms the server up (code that loads on first use, pools, the database's cache). Then `stations`
more connect and boot, and the resident set is read before and after, each time once it has stood still. What
the kernel holds for a socket is not in it.
"""

import time
from dataclasses import dataclass

from benchmarks.raw_station import open_fleet
from benchmarks.servers import Server, running_server

WARM_UP_STATIONS = 500
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


def measure(name: str, *, stations: int, deflate: bool) -> MemoryFigures:
    """In a server of its own."""
    with (
        running_server(name) as server,
        open_fleet(server.address, WARM_UP_STATIONS, prefix="WARM", offers_deflate=deflate),
    ):
        before = _settled_kib(server)
        with open_fleet(server.address, stations, prefix="IDLE", offers_deflate=deflate):
            after = _settled_kib(server)
    return MemoryFigures(name, deflate, stations, before, after, round((after - before) / stations, 2))


def _settled_kib(server: Server) -> int:
    """Resident memory once it has stood still for two seconds."""
    looks = [server.resident_kib]
    deadline = time.monotonic() + SETTLE_WITHIN_S
    while time.monotonic() < deadline and len(set(looks[-STEADY_LOOKS:])) + (len(looks) < STEADY_LOOKS) > 1:
        time.sleep(LOOK_EVERY_S)
        looks.append(server.resident_kib)
    return looks[-1]
