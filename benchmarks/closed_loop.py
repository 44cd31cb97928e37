"""A closed loop of raw stations: each sends its next message the moment its last one is answered.

The client looks for answers without ever sleeping. One that sleeps between them is woken late, and more often
by a slower server: the same two servers were 0.87 and 0.56 of each other.
"""

import select
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from benchmarks.raw_station import Fleet, RawStation
from benchmarks.servers import Server

WARM_UP_S = 1.0


class Speaker(Protocol):
    """What a station says."""

    def next_frame(self) -> bytes:
        """The next CALL."""
        ...

    def receive(self, answer: bytes) -> None:
        """The CALLRESULT to the last one."""
        ...


@dataclass(frozen=True)
class LoopFigures:
    """One run. Latencies in milliseconds, from a message's write to its answer's read."""

    stations: int
    seconds: float
    messages: int
    per_s: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float
    client_busy: float
    """Share of the time in which the client had answers to read or messages to write: well below 1, or the
    figure is the client's. It uses its whole core all the time.
    """
    server_cpu: float
    """Share of its core that the server used: near 1, or something else had the core."""
    server_us: float
    """The server's processor time for one message, in microseconds: the figure that other programs on the
    machine disturb least.
    """


def drive(
    server: Server, fleet: Fleet, speaker: Callable[[RawStation], Speaker], seconds: float
) -> LoopFigures:
    """Warm up, then measure."""
    speakers = {fileno: speaker(station) for fileno, station in fleet.stations.items()}
    _closed_loop(fleet, speakers, min(WARM_UP_S, seconds / 4))
    server_cpu, began = server.cpu_s, time.perf_counter()
    latencies, idle_s = _closed_loop(fleet, speakers, seconds)
    took = time.perf_counter() - began
    server_cpu = server.cpu_s - server_cpu
    latencies.sort()

    def at(share: float) -> float:
        return round(1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))], 2)

    return LoopFigures(
        stations=len(speakers),
        seconds=round(took, 2),
        messages=len(latencies),
        per_s=round(len(latencies) / took),
        p50_ms=at(0.5),
        p90_ms=at(0.9),
        p99_ms=at(0.99),
        max_ms=at(1.0),
        client_busy=round(1 - idle_s / took, 2),
        server_cpu=round(server_cpu / took, 2),
        server_us=round(1e6 * server_cpu / len(latencies), 1),
    )


def _closed_loop(fleet: Fleet, speakers: Mapping[int, Speaker], seconds: float) -> tuple[list[float], float]:
    """The latency of each message that was answered, and the seconds in which there was nothing to read."""
    clock = time.perf_counter
    poll = select.epoll()
    looked = clock()
    end = looked + seconds
    waiting = len(speakers)
    latencies: list[float] = []
    idle_s = 0.0
    for fileno, station in fleet.stations.items():
        poll.register(fileno, select.EPOLLIN)
        station.send(speakers[fileno].next_frame(), clock())
    while waiting:
        ready = poll.poll(0)
        if not ready:
            now = clock()
            idle_s += now - looked
            looked = now
            continue
        for fileno, _ in ready:
            station, speaker = fleet.stations[fileno], speakers[fileno]
            for answer in station.receive():
                now = clock()
                if not answer.startswith(b"[3,"):
                    sys.exit(
                        f"{station.name} was not answered but told {answer[:300].decode('utf-8', 'replace')}"
                    )
                latencies.append(now - station.sent_at)
                speaker.receive(answer)
                if now < end:
                    station.send(speaker.next_frame(), now)
                else:
                    waiting -= 1
        looked = clock()
    poll.close()
    return latencies, idle_s
