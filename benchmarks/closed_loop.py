"""A closed loop of raw stations: each sends its next message the moment its last one is answered, or, with
`per_s`, when the next one is due.

The client looks for answers without ever sleeping. One that sleeps between them is woken late, and more often
by a slower server: the same two servers were 0.87 and 0.56 of each other.
"""

import select
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
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
    server: Server,
    fleet: Fleet,
    speaker: Callable[[RawStation], Speaker],
    seconds: float,
    per_s: float | None = None,
) -> LoopFigures:
    """Warm up, then measure. With `per_s`, that many messages are due each second, evenly spaced, whatever
    became of those before: a message is as old as it is overdue, so that one which waited makes none of its
    followers young.
    """
    speakers = {fileno: speaker(station) for fileno, station in fleet.stations.items()}
    loop = _closed_loop if per_s is None else partial(_steady_loop, per_s=per_s)
    loop(fleet, speakers, min(WARM_UP_S, seconds / 4))
    server_cpu, began = server.cpu_s, time.perf_counter()
    latencies, idle_s = loop(fleet, speakers, seconds)
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
            for answer in _answers(station):
                now = clock()
                latencies.append(now - station.sent_at)
                speaker.receive(answer)
                if now < end:
                    station.send(speaker.next_frame(), now)
                else:
                    waiting -= 1
        looked = clock()
    poll.close()
    return latencies, idle_s


def _steady_loop(
    fleet: Fleet, speakers: Mapping[int, Speaker], seconds: float, *, per_s: float
) -> tuple[list[float], float]:
    """The same, of messages that are due at their times: one for which no station is free waits for the next
    that is.
    """
    clock = time.perf_counter
    poll = select.epoll()
    for fileno in fleet.stations:
        poll.register(fileno, select.EPOLLIN)
    free = deque(fleet.stations)
    began = looked = clock()
    due_in_all = int(seconds * per_s)
    sent = 0
    latencies: list[float] = []
    idle_s = 0.0
    while len(latencies) < due_in_all:
        ready, now = poll.poll(0), clock()
        due = min(due_in_all, int((now - began) * per_s) + 1)
        if not ready and (sent == due or not free):
            idle_s += now - looked
            looked = now
            continue
        for fileno, _ in ready:
            station = fleet.stations[fileno]
            for answer in _answers(station):
                latencies.append(clock() - station.sent_at)
                speakers[fileno].receive(answer)
                free.append(fileno)
        while sent < due and free:
            fileno = free.popleft()
            fleet.stations[fileno].send(speakers[fileno].next_frame(), began + sent / per_s)
            sent += 1
        looked = clock()
    poll.close()
    return latencies, idle_s


def _answers(station: RawStation) -> Iterator[bytes]:
    """What came; whatever is no answer ends the benchmark."""
    for answer in station.receive():
        if not answer.startswith(b"[3,"):
            sys.exit(f"{station.name} was not answered but told {answer[:300].decode('utf-8', 'replace')}")
        yield answer
