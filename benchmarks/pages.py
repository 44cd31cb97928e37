"""What people look at must not cost the stations: rates with five open console pages, and with none.

10,000 stations are known, 20 are busy, and a million transactions have ended. The busy ones send
heartbeats, and then transactions, in a closed loop, and then 500 transaction messages a second; slices with
and without the pages follow each other in one server. The pages are fetched and their sockets held by a
process of its own (`benchmarks.open_pages`): four lists, one station that is busy.
"""

import json
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.closed_loop import LoopFigures, Speaker, drive
from benchmarks.heartbeat import Heart
from benchmarks.raw_station import RawStation, open_fleet
from benchmarks.servers import HERE, Server, running_server
from benchmarks.transactions import Driver

BUSY = 20
STEADY_PER_S = 500.0
STEADY = f"{STEADY_PER_S:.0f} durable transaction messages a second"
PATHS = ["/", "/", "/stations", "/stations", "/stations/raw-00000"]
MAKE_TABLES = (
    "import asyncio, sys; from runtime.database import Database; "
    "asyncio.run(Database.open(sys.argv[1], migrations='borne.migrations'))"
)
BEGAN_US = 1_700_000_000_000_000
MINUTE_US = 60_000_000


@dataclass(frozen=True)
class PagesFigures:
    """Slices without and with the pages, in turns."""

    without: list[LoopFigures]
    opened: list[LoopFigures]
    received: list[dict[str, int]]
    """What each page got in all."""

    @property
    def rate(self) -> float:
        """With the pages, of the rate without: the median of the turns."""
        return statistics.median(
            mine.per_s / other.per_s for mine, other in zip(self.opened, self.without, strict=True)
        )

    @property
    def p99(self) -> float:
        """How many times the p99 without."""
        return statistics.median(
            mine.p99_ms / other.p99_ms for mine, other in zip(self.opened, self.without, strict=True)
        )


def seeded(stations: int, transactions: int, tree: Path = HERE) -> Callable[[Path], None]:
    """Fills the folder of a server before it starts."""

    def fill(var: Path) -> None:
        url = f"sqlite:///{var / 'borne.db'}"
        subprocess.run([sys.executable, "-c", MAKE_TABLES, url], cwd=tree, check=True)
        database = sqlite3.connect(var / "borne.db")
        database.execute("PRAGMA synchronous=OFF")
        station = "'waits-' || substr('00000' || (n % ?1), -5)"
        known = {"vendor": "'Acme'", "model": "'Duo'", "registration": "'Accepted'", "version": "'1.6'"}
        _insert(database, "stations", {"station_id": station} | known, stations, stations)
        at = f"{BEGAN_US} + n * {MINUTE_US}"
        ended = {
            "transaction_no": "n + 1",
            "station_id": station,
            "transaction_key": "'t' || n",
            "transaction_id": "'T' || n",
            "started_at": at,
            "ended_at": f"{at} + {MINUTE_US}",
            "energy_wh": "1000.0",
            "has_start": "1",
        }
        _insert(database, "transactions", ended, transactions, stations)
        database.execute("INSERT OR REPLACE INTO counters VALUES ('transaction', ?)", (transactions,))
        database.commit()
        database.close()

    return fill


def _insert(database: sqlite3.Connection, table: str, given: dict[str, str], rows: int, base: int) -> None:
    """Rows made by the database itself; a column that must not be empty and was not given is 0 or empty."""
    columns = dict(given)
    for _, name, kind, is_needed, default, _ in database.execute(f"PRAGMA table_info({table})"):
        if is_needed and default is None and name not in columns:
            columns[name] = "''" if kind.upper().startswith(("VARCHAR", "TEXT")) else "0"
    database.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM numbers",
        (base, rows),
    )


@contextmanager
def pages_open(server: Server, received: list[dict[str, int]]) -> Iterator[None]:
    """As long as the context lasts."""
    url = f"http://{server.http[0]}:{server.http[1]}"
    token = (server.var / "token").read_text().strip()
    command = [sys.executable, "-m", "benchmarks.open_pages", url, token, *PATHS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "open\n":
                sys.exit("the pages did not open")
            yield
        finally:
            process.terminate()
        received += json.loads(process.stdout.readline())


def measure(
    speaker: Callable[[RawStation], Speaker] = Heart,
    *,
    stations: int,
    transactions: int,
    seconds: float,
    turns: int,
    per_s: float | None = None,
    tree: Path = HERE,
) -> PagesFigures:
    """In a server of its own."""
    without: list[LoopFigures] = []
    opened: list[LoopFigures] = []
    received: list[dict[str, int]] = []
    fill = seeded(stations, transactions, tree)
    with (
        running_server("borne", tree=tree, prepare=fill) as server,
        open_fleet(server.address, BUSY) as fleet,
    ):
        for _ in range(turns):
            without.append(drive(server, fleet, speaker, seconds, per_s))
            with pages_open(server, received):
                opened.append(drive(server, fleet, speaker, seconds, per_s))
    return PagesFigures(without, opened, received)


def measure_all(seconds: float, turns: int, *, tree: Path = HERE, **size: Any) -> dict[str, PagesFigures]:
    """Heartbeats and durable transaction messages as fast as they go, and the latter at a steady rate."""
    kinds: dict[str, tuple[Callable[[RawStation], Speaker], float | None]] = {
        "heartbeats": (Heart, None),
        "durable transaction messages": (Driver, None),
        STEADY: (Driver, STEADY_PER_S),
    }
    return {
        name: measure(speaker, seconds=seconds, turns=turns, per_s=per_s, tree=tree, **size)
        for name, (speaker, per_s) in kinds.items()
    }
