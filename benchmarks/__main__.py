"""Measures what the project promises, on this machine, now: `python -m benchmarks`, or `make bench`.

    python -m benchmarks                     all of it, four minutes
    python -m benchmarks heartbeat storm     some of it
    python -m benchmarks --quick             shorter runs, for a first look
    python -m benchmarks --json FILE         also as JSON
    python -m benchmarks --database-url URL  on an empty PostgreSQL of yours
    python -m benchmarks.attacks             what one attacker costs its neighbours
    python -m benchmarks.against REV         is it as fast as that commit was?

Nothing here passes or fails: figures belong to a machine. How each one is made stands in
docs/reference/benchmarks.md.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import durable, heartbeat, memory, pages, storm, transactions
from benchmarks.machine import Machine, this_machine
from benchmarks.servers import DATABASE_URL


@dataclass(frozen=True)
class Size:
    """How long and how many."""

    slice_s: float
    """Of one server in one round of the heartbeats."""
    rounds: int
    charging_s: float
    idle_stations: int
    storm_stations: int
    known_stations: int = 10_000
    ended_transactions: int = 1_000_000


FULL = Size(slice_s=1.5, rounds=9, charging_s=12.0, idle_stations=2000, storm_stations=10_000)
QUICK = Size(slice_s=1.0, rounds=3, charging_s=3.0, idle_stations=500, storm_stations=2000)
THIRTY_LINES, ECHO, BORNE = "thirty_lines", "echo", "borne"
HEARTBEAT_STATIONS = 200
CHARGING_STATIONS = 400

Line = tuple[str, str, str]
"""What, its figure, and what the project promises."""


@dataclass(frozen=True)
class Measured:
    """One benchmark's lines for people, and its figures for programs."""

    lines: list[Line]
    figures: dict[str, Any]


def measure_heartbeats(size: Size) -> Measured:
    """Three servers in turns."""
    compared = heartbeat.compare(
        [THIRTY_LINES, ECHO, BORNE],
        stations=HEARTBEAT_STATIONS,
        seconds=size.slice_s,
        rounds=size.rounds,
    )
    times, share = compared.ratio(BORNE, THIRTY_LINES), compared.ratio(BORNE, ECHO)
    borne = compared.median(BORNE)
    by_cpu = [compared.median(other).server_us / borne.server_us for other in (THIRTY_LINES, ECHO)]
    lines = [
        ("heartbeats/s, thirty lines on websockets + ocpp", f"{compared.median(THIRTY_LINES).per_s:,}", ""),
        ("heartbeats/s, bare Sans-I/O echo", f"{compared.median(ECHO).per_s:,}", ""),
        ("heartbeats/s, borne, the complete server", f"{borne.per_s:,}", ""),
        ("   against the thirty lines", f"{times:.1f} ×", "≥ 4 ×"),
        ("   against the bare echo", f"{share:.2f} ×", "≥ 0.5 ×"),
        ("   the same by processor time for each", f"{by_cpu[0]:.1f} ×; {by_cpu[1]:.2f} ×", ""),
        ("   latency p50 / p99 / max", f"{borne.p50_ms} / {borne.p99_ms} / {borne.max_ms} ms", ""),
        ("   share of its core; µs of it for each", f"{borne.server_cpu}; {borne.server_us}", ""),
    ]
    figures = {name: [asdict(one) for one in slices] for name, slices in compared.slices.items()}
    ratios = {"times_thirty_lines": round(times, 2), "share_of_echo": round(share, 2)}
    return Measured(lines, ratios | {"slices": figures})


def measure_memory(size: Size) -> Measured:
    """With permessage-deflate agreed on, and without."""
    lines: list[Line] = []
    figures: dict[str, Any] = {}
    for deflate in (False, True):
        run = memory.measure(BORNE, stations=size.idle_stations, deflate=deflate)
        words = "permessage-deflate" if deflate else "no compression"
        lines.append(
            (f"memory of an idle, booted station, {words}", f"{run.kib_per_station} KiB", "≤ 12 KiB")
        )
        figures[words] = asdict(run)
    return Measured(lines, figures)


def measure_storm(size: Size) -> Measured:
    """All at once."""
    run = storm.measure(BORNE, stations=size.storm_stations)
    retries = sum(run.retries.values())
    lines = [
        (f"{run.stations:,} stations connect at once, all booted after", f"{run.all_booted_s} s", "≤ 20 s"),
        ("   half of them after; attempts repeated", f"{run.half_booted_s} s; {retries:,}", ""),
    ]
    return Measured(lines, asdict(run))


def measure_transactions(size: Size) -> Measured:
    """Durable before the answer: end to end, and the message writer alone."""
    run = transactions.measure(BORNE, stations=CHARGING_STATIONS, seconds=size.charging_s)
    loop = run.loop
    database = "PostgreSQL" if DATABASE_URL in os.environ else "SQLite, synchronous=FULL"
    stored = f"{run.transactions_stored:,} of {run.transactions_started:,}"
    lines = [
        (f"durable transaction messages/s, {database}", f"{loop.per_s:,}", "≥ 5,000"),
        ("   latency p50 / p99 / max", f"{loop.p50_ms} / {loop.p99_ms} / {loop.max_ms} ms", ""),
        ("   share of its core; µs of it for each", f"{loop.server_cpu}; {loop.server_us}", ""),
        ("   transactions in the database, of those acknowledged", stored, "all"),
    ]
    options = argparse.Namespace(
        stations=CHARGING_STATIONS,
        seconds=size.charging_s / 2,
        outbox=False,
        folder=None,
        database_url=None,
    )
    if DATABASE_URL in os.environ:
        return Measured(lines, asdict(run))  # `benchmarks.durable` wants an empty one
    alone = list(durable.measure_both(options))
    for each in alone:
        what = f"   the message writer alone, messages of OCPP {each['version']}"
        lines.append((what, f"{each['messages_per_s']:,}", ""))
    return Measured(lines, asdict(run) | {"recorder_alone": alone})


def measure_pages(size: Size) -> Measured:
    """Five open console pages, and none."""
    lines: list[Line] = []
    figures: dict[str, Any] = {}
    runs = pages.measure_all(
        size.slice_s * 2, 3, stations=size.known_stations, transactions=size.ended_transactions
    )
    for name, run in runs.items():
        rate = statistics.median(each.per_s for each in run.opened)
        p99 = statistics.median(each.p99_ms for each in run.opened)
        is_steady = name == pages.STEADY
        what = f"{name}: answered/s" if is_steady else f"{name}/s"
        lines += [
            (f"{what} with five open pages", f"{rate:,.0f}", ""),
            ("   of the rate with none", f"{run.rate:.2f}", "≥ 0.95" if is_steady else "≥ 0.9"),
            ("   p99; times that with none", f"{p99:.1f} ms; {run.p99:.1f}", "≤ 1.5" if is_steady else "≤ 2"),
        ]
        figures[name] = asdict(run)
    return Measured(lines, figures)


BENCHMARKS: dict[str, Callable[[Size], Measured]] = {
    "heartbeat": measure_heartbeats,
    "memory": measure_memory,
    "storm": measure_storm,
    "durable": measure_transactions,
    "pages": measure_pages,
}


def main(arguments: list[str]) -> int:
    """Measure what was asked for; the exit code says only whether it could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__.splitlines()[0],
        epilog="Programs of their own: python -m benchmarks.attacks, python -m benchmarks.against REV.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="shorter runs, for a first look")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    parser.add_argument("--database-url", metavar="URL", help="postgresql://…, empty: the servers use that")
    chosen = parser.parse_args(arguments)
    if chosen.database_url is not None:
        os.environ[DATABASE_URL] = chosen.database_url
    unknown = set(chosen.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}: choose of {', '.join(BENCHMARKS)}")
    console = Console()
    machine = this_machine()
    measured: dict[str, Measured] = {}
    for name in chosen.names or BENCHMARKS:
        with console.status(f"measuring: {name} …"):
            measured[name] = BENCHMARKS[name](QUICK if chosen.quick else FULL)
    console.print(figures_table(machine, measured))
    if chosen.json is not None:
        figures = {"machine": asdict(machine)} | {name: each.figures for name, each in measured.items()}
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def figures_table(machine: Machine, measured: dict[str, Measured]) -> Table:
    """The figures, and where they come from."""
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    about = (
        f"{machine.at} · {machine.cpu}, {machine.cores} cores, {machine.memory_gib} GiB · {machine.system} · "
        f"{machine.python} · {packages} · {machine.syncs_per_s:,} fdatasync/s"
    )
    table = Table(title="Figures of this machine", caption=about)
    table.add_column("what")
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("promised", justify="right", no_wrap=True)
    for each in measured.values():
        for line in each.lines:
            table.add_row(*line)
        table.add_section()
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
