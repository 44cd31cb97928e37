"""What a list of 10,000 stations costs: `python -m benchmarks.stations_list`.

A complete server on uvloop, its database filled by SQL; a thread asks for first pages of `GET /stations` over
HTTP, one after the other. A timer of a millisecond tells how long the loop was held: by the clock, how late
it comes; by the processor time of the loop's thread, what that did in between. What other programs take from
this one is in the first only.
"""

import argparse
import asyncio
import http.client
import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
import uvloop

from borne.app import RunningServer, running_server
from borne.migrations import MIGRATIONS
from borne.settings import ServerSettings
from runtime.database import Database

SITES = 40
TICK_S = 0.001
TIMES_LEAST = 2
"""The worst answer is looked for among those after the first."""
FIRST_PAGE_MS, FIRST_PAGE_KB, HELD_MS = 50.0, 100.0, 10.0
"""What is promised: the median of the first page, its size, and the longest turn of the loop by the clock."""
AT_US = 1_790_000_000_000_000
PATHS = (
    "",
    "?q=acme",
    "?q=garage%207",
    "?site=site-07",
    "?lifecycle=active",
    "?blocked=true",
    "?online=false",
    "?site=site-07&lifecycle=active&blocked=true&q=duo",
)


@dataclass(frozen=True)
class Asked:
    """One list, asked for again and again. `held` are the longest turns of the loop meanwhile."""

    path: str
    status: int
    rows: int
    total: str
    kb: float
    first_ms: float
    """The first time in this process; what the lists before it have read is in caches already."""
    median_ms: float
    worst_ms: float
    cpu_ms: float
    """Processor time of all threads from the request to the last byte of its answer, the client's few
    microseconds and the timer's included.
    """
    held_ms: float
    held_cpu_ms: float


class Turns:
    """The longest turn of the loop since `reset`."""

    def __init__(self) -> None:
        self.held_s = self.held_cpu_s = 0.0
        self._plan()

    def reset(self) -> None:
        """From now on."""
        self.held_s = self.held_cpu_s = 0.0

    def _plan(self) -> None:
        self._due, self._cpu = time.perf_counter() + TICK_S, time.thread_time()
        asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        late_s, cpu_s = time.perf_counter() - self._due, time.thread_time() - self._cpu
        self.held_s, self.held_cpu_s = max(self.held_s, late_s), max(self.held_cpu_s, cpu_s)
        self._plan()


async def fill(var: Path, stations: int) -> None:
    """Stations in all states: ordered, powered, active on a site; a tenth that nobody leads."""
    database = await Database.open(f"sqlite:///{var / 'borne.db'}", migrations=MIGRATIONS)
    await database.close()
    made = sqlite3.connect(var / "borne.db")
    made.execute("PRAGMA synchronous=OFF")
    _insert(made, "sites", [{"site_id": f"site-{n:02}", "name": f"Garage {n}"} for n in range(SITES)])
    every = [_station(number) for number in range(stations)]
    for table in ("stations", "devices", "places", "assignments", "connectors", "transactions"):
        _insert(made, table, [row for rows in every for row in rows.get(table, [])])
    made.commit()
    made.close()


def _station(number: int) -> dict[str, list[dict[str, Any]]]:
    station_id, kind = f"st-{number:05}", number % 10
    model = "Duo" if number % 2 else "Mono"
    box = {"vendor": "Acme", "model": model, "serial_number": f"sn-{number}"}
    box |= {"said": f"acme {model.lower()}"}
    seen = {"first_seen_at": AT_US, "last_seen_at": AT_US, "version": "1.6" if number % 3 else "2.0.1"}
    rows: dict[str, list[dict[str, Any]]] = {}
    if kind != 1:  # one in ten is ordered, and was never here
        rows["stations"] = [{"station_id": station_id, "registration": "Accepted"} | box | seen]
        rows["connectors"] = [_connector(station_id, evse, number) for evse in (1, 2)]
    if kind != 0:  # one in ten nobody leads
        rows["devices"] = [_device(station_id, number, is_active=kind > 3)]
    if kind > 3:
        place_id, site_id = f"p-{number:05}", f"site-{number % SITES:02}"
        rows["places"] = [{"place_id": place_id, "site_id": site_id, "name": f"Stall {number}"}]
        there = {"station_id": station_id, "place_id": place_id, "starts_at": AT_US}
        rows["assignments"] = [{"assignment_id": f"a-{number:05}"} | there]
    if kind == 9:
        rows["transactions"] = [_transaction(station_id, number)]
    return rows


def _device(station_id: str, number: int, *, is_active: bool) -> dict[str, Any]:
    seen = AT_US if number % 10 != 1 else None
    active = {"requested_at": AT_US, "released_at": AT_US, "activated_at": AT_US} if is_active else {}
    return {"station_id": station_id, "adopted_at": AT_US, "first_seen_at": seen} | active


def _connector(station_id: str, evse: int, number: int) -> dict[str, Any]:
    status = "Faulted" if number % 100 == 4 else "Available"
    place = {"station_id": station_id, "evse_id": evse, "connector_id": 1}
    return place | {"status": status, "reported": status, "at": AT_US, "received_at": AT_US}


def _transaction(station_id: str, number: int) -> dict[str, Any]:
    name = {"transaction_no": number + 1, "transaction_key": f"t{number}", "transaction_id": f"T{number}"}
    return name | {"station_id": station_id, "started_at": AT_US, "energy_wh": 1000.0, "has_start": 1}


def _insert(made: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """A column that must not be empty and was not given is 0 or empty."""
    needed = {
        name: "" if kind.upper().startswith(("VARCHAR", "TEXT")) else 0
        for _, name, kind, is_needed, default, _ in made.execute(f"PRAGMA table_info({table})")
        if is_needed and default is None
    }
    names = list(dict.fromkeys([*needed, *(name for row in rows for name in row)]))
    marks = ", ".join("?" * len(names))
    values = [[(needed | row).get(name) for name in names] for row in rows]
    made.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)


def ask(server: RunningServer, path: str, times: int, turns: Turns) -> Asked:
    """In a thread of its own: the server has the loop."""
    address = server.http_url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=60)
    turns.reset()
    took_ms, cpu_s = [], 0.0
    for _ in range(times):
        began, began_cpu = time.perf_counter(), time.process_time()
        connection.request(
            "GET", f"/api/v1/stations{path}", headers={"Authorization": f"Bearer {server.token}"}
        )
        answer = connection.getresponse()
        content = answer.read()
        took_ms.append((time.perf_counter() - began) * 1000)
        cpu_s += time.process_time() - began_cpu
        time.sleep(0.005)  # the next one finds the loop idle
    connection.close()
    found = json.loads(content)
    return Asked(
        path=path or "(first page)",
        status=answer.status,
        rows=len(found) if isinstance(found, list) else 0,
        total=answer.headers.get("X-Total-Count", ""),
        kb=round(len(content) / 1000, 1),
        first_ms=round(took_ms[0], 1),
        median_ms=round(statistics.median(took_ms), 1),
        worst_ms=round(max(took_ms[1:]), 1),
        cpu_ms=round(cpu_s * 1000 / times, 1),
        held_ms=round(turns.held_s * 1000, 1),
        held_cpu_ms=round(turns.held_cpu_s * 1000, 1),
    )


async def measure(var: Path, options: argparse.Namespace) -> list[Asked]:
    """A server with a folder of its own, and all the lists."""
    await fill(var, options.stations)
    settings = ServerSettings(var=var, ocpp_port=0, http_port=0)
    began, began_cpu = time.perf_counter(), time.process_time()
    async with running_server(settings, has_console=False) as server:
        started = {"started_s": time.perf_counter() - began, "cpu_s": time.process_time() - began_cpu}
        print(json.dumps({name: round(value, 2) for name, value in started.items()}))
        await asyncio.sleep(options.settle_s)
        turns = Turns()
        # What any first request loads.
        first = await asyncio.to_thread(ask, server, "?limit=1", TIMES_LEAST, turns)
        print(json.dumps({"first_request_ms": first.first_ms, "held_cpu_ms": first.held_cpu_ms}))
        return [await asyncio.to_thread(ask, server, path, options.times, turns) for path in PATHS]


def main() -> None:
    """Print the figures as JSON, a line for each list."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stations_list", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--stations", type=int, default=10_000)
    parser.add_argument(
        "--times",
        type=int,
        default=20,
        help=f"that each list is asked for, at least {TIMES_LEAST}; default: 20",
    )
    parser.add_argument("--settle-s", type=float, default=3.0, help="before the first one; default: 3")
    options = parser.parse_args()
    if options.times < TIMES_LEAST:
        parser.error(f"--times {options.times}: at least {TIMES_LEAST}")
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # nothing here is a line of a log
    machine = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    print(json.dumps({"at": now, "machine": machine, "load": load}))
    with tempfile.TemporaryDirectory(prefix="borne-bench-") as folder:
        found = uvloop.run(measure(Path(folder), options))
    for asked in found:
        print(json.dumps(asdict(asked)))
    print(json.dumps(promised(found)))


def promised(found: list[Asked]) -> dict[str, str]:
    """What is promised of lists, and whether it held here: of the bare first page, and of the loop in all."""
    held_ms = max(each.held_ms for each in found)
    checks = {
        f"first page under {FIRST_PAGE_MS:g} ms": found[0].median_ms < FIRST_PAGE_MS,
        f"under {FIRST_PAGE_KB:g} kB": found[0].kb < FIRST_PAGE_KB,
        f"loop held {HELD_MS:g} ms at most": held_ms <= HELD_MS,
    }
    return {name: "met" if is_met else "MISSED" for name, is_met in checks.items()}


if __name__ == "__main__":
    main()
