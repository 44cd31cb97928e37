"""Heartbeats per second: stations in a closed loop, one server core, servers compared in turns.

The servers run one after the other, several rounds (A B C A B C): what else happens on the machine meets all
of them. The median round of each counts.
"""

import statistics
from collections.abc import Sequence

from benchmarks.closed_loop import LoopFigures, drive
from benchmarks.raw_station import RawStation, call_frame, open_fleet
from benchmarks.servers import running_server

MESSAGE_IDS = 100


class Heart:
    """Nothing but heartbeats, from frames made beforehand."""

    __slots__ = ("_frames", "_turn")

    def __init__(self, station: RawStation) -> None:
        ids = (f"{station.number}-{turn}" for turn in range(MESSAGE_IDS))
        self._frames = [call_frame(message_id, "Heartbeat", "{}") for message_id in ids]
        self._turn = 0

    def next_frame(self) -> bytes:
        """The next CALL."""
        self._turn = (self._turn + 1) % MESSAGE_IDS
        return self._frames[self._turn]

    def hear(self, answer: bytes) -> None:
        """The time is of no interest."""


def compare(servers: Sequence[str], *, stations: int, seconds: float, rounds: int) -> dict[str, LoopFigures]:
    """The median run of each server."""
    runs: dict[str, list[LoopFigures]] = {name: [] for name in servers}
    for _ in range(rounds):
        for name in servers:
            with running_server(name) as server, open_fleet(server.address, stations) as fleet:
                runs[name].append(drive(fleet, Heart, seconds))
    return {name: _median(figures) for name, figures in runs.items()}


def _median(figures: list[LoopFigures]) -> LoopFigures:
    middle = statistics.median_low([figure.per_s for figure in figures])
    return next(figure for figure in figures if figure.per_s == middle)
