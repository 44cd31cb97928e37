"""What an order of 1,000 lines costs the stations: `python -m benchmarks.order`.

Stations send 500 transaction messages a second, evenly spaced, whatever became of those before: an open loop,
in which a message is as old as it is overdue. Turns with an order in their middle take turns with others. All
of it is in one process, with one SQLite file (synchronous=FULL) and an outbox; no sockets, no HTTP.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog
import uvloop
from sqlalchemy import Connection

from benchmarks.durable import Station
from borne.migrations import MIGRATIONS
from csms.central.central import Central
from csms.domain.station_events import StationEvent
from ocppj.model.messages import Reply
from ocppj.model.transactions import TransactionEventResponse
from provisioning.app import Provisioning
from provisioning.settings import ProvisioningSettings
from provisioning.use_cases.purchasing import OrderLine
from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.database import Database
from runtime.events import EventBus
from runtime.work.engine import WorkEngine

T = TypeVar("T")
STATIONS = 200


class TimedDatabase(Database):
    """Tells how long the longest transaction held the writer."""

    longest_s = 0.0
    transactions = 0

    async def run_write(self, fn: Callable[[Connection], T]) -> T:
        """Timed in the writer's thread, without the commit."""

        def timed(connection: Connection) -> T:
            began = time.perf_counter()
            try:
                return fn(connection)
            finally:
                self.longest_s = max(self.longest_s, time.perf_counter() - began)
                self.transactions += 1

        return await super().run_write(timed)


class SteadyLoad:
    """Messages at their times. `latencies_s` are those of the turn that goes on."""

    def __init__(self, central: Central, per_s: int) -> None:
        self._message_store, self._every_s = central.message_store, 1 / per_s
        self._idle = deque(Station(number, is_v16=number % 2 == 0) for number in range(STATIONS))
        self.latencies_s: list[float] = []
        self.unsent = 0
        """Messages for which every station was still waiting for an answer."""

    async def run(self, seconds: float) -> list[float]:
        """The ages of the answers, sorted."""
        self.latencies_s, began = [], time.perf_counter()
        for number in range(round(seconds / self._every_s)):
            due = began + number * self._every_s
            if (wait_s := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait_s)
            self._send(due)
        while len(self._idle) < STATIONS:  # noqa: ASYNC110 - a millisecond more or less, after the turn
            await asyncio.sleep(0.001)
        return sorted(self.latencies_s)

    def _send(self, due: float) -> None:
        if not self._idle:
            self.unsent += 1
            return
        station = self._idle.popleft()
        event, proposal = next(station.messages)
        answered = self._message_store.submit(station.inbound(event), proposal)
        answered.add_done_callback(lambda done: self._answered(station, due, done))

    def _answered(self, station: Station, due: float, done: "asyncio.Future[Reply]") -> None:
        self.latencies_s.append(time.perf_counter() - due)
        reply = done.result()
        if isinstance(reply, TransactionEventResponse):
            station.transaction_id = reply.transaction_id
        self._idle.append(station)


async def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Turns without an order and with one, on one database."""
    database = await TimedDatabase.open(f"sqlite:///{folder / 'order.db'}", migrations=MIGRATIONS)
    assert isinstance(database, TimedDatabase)
    bus: EventBus[StationEvent] = EventBus()
    clock = SystemClock()
    central = await Central.open(database, clock=clock, bus=bus, has_outbox=True)
    async with central:
        settings = ProvisioningSettings(pepper_path=folder / "pepper")
        work = WorkEngine(database, clock, node="benchmark")
        provisioning = await Provisioning.open(database, clock, SystemChance(), bus, settings, work=work)
        provisioning.station_cache.events = central.events
        load = SteadyLoad(central, options.per_s)
        await load.run(2.0)  # what is loaded on first use is loaded
        await _order(provisioning, 0, 10)
        alone: list[list[float]] = []
        beside: list[list[float]] = []
        took_s: list[float] = []
        held_s: list[float] = []
        for turn in range(1, options.turns + 1):
            alone.append(await load.run(options.seconds))
            database.longest_s = 0.0
            running = asyncio.ensure_future(load.run(options.seconds))
            await asyncio.sleep(options.seconds / 2)
            took_s.append(await _order(provisioning, turn, options.lines))
            beside.append(await running)
            held_s.append(database.longest_s)
        unsent = load.unsent
    await database.close()
    p99 = [[_p99(each) for each in some] for some in (alone, beside)]
    return {
        "lines": options.lines,
        "messages_per_s": options.per_s,
        "order_s": round(statistics.median(took_s), 3),
        "writer_held_s": round(statistics.median(held_s), 3),
        "p99_ms_without": round(statistics.median(p99[0]) * 1000, 2),
        "p99_ms_with": round(statistics.median(p99[1]) * 1000, 2),
        "p99_ratio": round(statistics.median(b / a for a, b in zip(*p99, strict=True)), 2),
        "max_ms_without": round(max(each[-1] for each in alone) * 1000, 1),
        "max_ms_with": round(max(each[-1] for each in beside) * 1000, 1),
        "unsent": unsent,
    }


async def _order(provisioning: Provisioning, number: int, lines: int) -> float:
    """Seconds until whoever orders has the claim codes."""
    wanted = [
        OrderLine(mac=f"02b0{number:04x}{line:04x}", serial=f"sn-{number}-{line}") for line in range(lines)
    ]
    began = time.perf_counter()
    await provisioning.use_cases.purchasing.order(f"PO-{number}", wanted, "Ann", "bench")
    return time.perf_counter() - began


def _p99(latencies: list[float]) -> float:
    return latencies[len(latencies) * 99 // 100]


def measure_order(options: argparse.Namespace) -> dict[str, Any]:
    """In a folder for the occasion, or in one that is named."""
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        return uvloop.run(measure(Path(folder), options))


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.order", description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--per-s", type=int, default=500, help="messages a second; default: 500")
    parser.add_argument("--seconds", type=float, default=10.0, help="of a turn; default: 10")
    parser.add_argument("--turns", type=int, default=5, help="without an order, and as many with one")
    parser.add_argument("--folder", type=Path, help="where the database is made; it tells the disk")
    options = parser.parse_args()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # nothing here is a line of a log
    machine = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    print(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine}))
    print(json.dumps(measure_order(options)), flush=True)


if __name__ == "__main__":
    main()
