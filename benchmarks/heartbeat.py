"""Heartbeats per second: stations in a closed loop, one server core, servers compared in turns.

All servers run, each with its stations; one at a time is driven, for a slice of a second or two, in many
rounds (A B C A B C …), while the others idle. What else happens on the machine meets all of them alike. A
server's rate is the median of its slices; the ratio of two is the median of their ratios within each round.
"""

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

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

    def receive(self, answer: bytes) -> None:
        """The time is of no interest."""


@dataclass(frozen=True)
class Comparison:
    """The slices of each server, round by round."""

    slices: dict[str, list[LoopFigures]]

    def median(self, server: str) -> LoopFigures:
        """The slice with the median rate: one that was measured, not an average."""
        figures = self.slices[server]
        middle = statistics.median_low([figure.per_s for figure in figures])
        return next(figure for figure in figures if figure.per_s == middle)

    def ratio(self, server: str, other: str) -> float:
        """How many times as fast as the other one."""
        pairs = zip(self.slices[server], self.slices[other], strict=True)
        return statistics.median([mine.per_s / theirs.per_s for mine, theirs in pairs])


def compare(servers: Sequence[str], *, stations: int, seconds: float, rounds: int) -> Comparison:
    """`rounds` slices of `seconds` for each server."""
    slices: dict[str, list[LoopFigures]] = {name: [] for name in servers}
    with ExitStack() as stack:
        running = [stack.enter_context(running_server(name)) for name in servers]
        fleets = [stack.enter_context(open_fleet(server.address, stations)) for server in running]
        for _ in range(rounds):
            for server, fleet in zip(running, fleets, strict=True):
                slices[server.name].append(drive(server, fleet, Heart, seconds))
    return Comparison(slices)
