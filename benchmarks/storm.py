"""The power is back: all stations connect at the same moment, and each boots as soon as it is let in.

The time runs from the first SYN to the last accepted boot, whose row is durable by then. Server and client
have a core each. A station that is turned away tries again at once.
"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.raw_station import open_fleet
from benchmarks.servers import HERE, running_server


@dataclass(frozen=True)
class StormFigures:
    """One storm. Seconds from its start until so many stations were booted."""

    server: str
    stations: int
    half_booted_s: float
    p99_booted_s: float
    all_booted_s: float
    retries: dict[str, int]
    server_cpu_s: float
    """The server's processor time for all of it: other programs disturb that less than the clock."""


def measure(name: str, *, stations: int, tree: Path = HERE) -> StormFigures:
    """Against a fresh server of the code in `tree`, with an empty database."""
    with running_server(name, tree=tree) as server:
        before_s = server.cpu_s
        with open_fleet(server.address, stations, at_once=stations, prefix="STORM") as fleet:
            cpu_s = server.cpu_s - before_s
            times = sorted(fleet.booted_after_s)
        return StormFigures(
            server=name,
            stations=stations,
            half_booted_s=round(times[len(times) // 2], 2),
            p99_booted_s=round(times[int(len(times) * 0.99)], 2),
            all_booted_s=round(fleet.seconds, 2),
            retries=dict(fleet.retries),
            server_cpu_s=round(cpu_s, 2),
        )
