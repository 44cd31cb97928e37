"""What one peer costs its neighbours: `python -m benchmarks.attacks [NAME …] [--tree CLONE] [--rounds 3]`.

A hundred stations send heartbeats in a closed loop, a while in peace and a while beside one attacker, in
turns and against the same server: what counts is the ratio of their latencies within the run, which a shared
machine disturbs least. `--tree` runs the code of another clone, such as a `git worktree` of an older commit.
How to read it stands in docs/reference/benchmarks.md.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.attacker import ATTACKS, SUPERVISION
from benchmarks.closed_loop import LoopFigures, drive
from benchmarks.heartbeat import Heart
from benchmarks.raw_station import Fleet, RawStation, Stage, open_fleet
from benchmarks.servers import CLIENT_CORE, CORES, HERE, Server, running_server

NEIGHBOURS = 100
SLICE_S = 6.0
ATTACK_WITHIN_S = 120.0
SILENT_AFTER_S = 3.0
ENDED_WITHIN_S = 15.0


@dataclass(frozen=True)
class AttackFigures:
    """One attack: the neighbours' latencies with it by those without, and what became of the attacker."""

    name: str
    p99_ratio: float
    max_ratio: float
    calm_p99_ms: float
    calm_max_ms: float
    p99_ms: float
    max_ms: float
    sent: int
    answered: int
    ended: str


def measure(name: str, *, tree: Path = HERE, rounds: int = 3, seconds: float = SLICE_S) -> AttackFigures:
    """Slices without and with the attacker, in turns; ratios are medians over the rounds."""
    calm: list[LoopFigures] = []
    beside: list[LoopFigures] = []
    with (
        running_server("borne", tree=tree) as server,
        open_fleet(server.address, NEIGHBOURS) as fleet,
    ):
        for number in range(rounds):
            calm.append(drive(server, fleet, Heart, seconds))
            figures, told = _beside(server, fleet, name, seconds, number)
            beside.append(figures)
    pairs = list(zip(beside, calm, strict=True))
    return AttackFigures(
        name=name,
        p99_ratio=round(statistics.median(one.p99_ms / other.p99_ms for one, other in pairs), 2),
        max_ratio=round(statistics.median(one.max_ms / other.max_ms for one, other in pairs), 2),
        calm_p99_ms=statistics.median(each.p99_ms for each in calm),
        calm_max_ms=statistics.median(each.max_ms for each in calm),
        p99_ms=statistics.median(each.p99_ms for each in beside),
        max_ms=statistics.median(each.max_ms for each in beside),
        **told,
    )


def _beside(
    server: Server, fleet: Fleet, name: str, seconds: float, number: int
) -> tuple[LoopFigures, dict[str, Any]]:
    host, port = server.address
    attacker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.attacker", name, host, str(port), f"ATTACKER-{number}"],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert attacker.stdin is not None
    assert attacker.stdout is not None
    attacker.stdout.readline()  # it is connected
    attacker.stdin.write("go\n")
    attacker.stdin.flush()
    figures = drive(server, fleet, Heart, seconds)
    try:
        told = json.loads(attacker.communicate(timeout=ATTACK_WITHIN_S)[0])
    except subprocess.TimeoutExpired:
        attacker.kill()
        told = {"sent": 0, "answered": 0, "ended": f"not within {ATTACK_WITHIN_S:g} s"}
    return figures, told


def measure_supervision(*, tree: Path = HERE) -> float | None:
    """After how many seconds a silent station is ended, beside peers that never read and half-close.

    None: not within ENDED_WITHIN_S, though the limit is SILENT_AFTER_S.
    """
    settings = {"BORNE_PING_INTERVAL_S": "1", "BORNE_SILENT_AFTER_S": f"{SILENT_AFTER_S:g}"}
    with running_server("borne", tree=tree, settings=settings) as server:
        host, port = server.address
        subprocess.run(
            [sys.executable, "-m", "benchmarks.attacker", SUPERVISION, host, str(port), "ATTACKER"],
            cwd=HERE,
            timeout=ATTACK_WITHIN_S,
            check=True,
        )
        silent = RawStation(1, prefix="SILENT")
        silent.connect(server.address)
        silent.socket.settimeout(ENDED_WITHIN_S)
        while silent.stage is not Stage.BOOTED:
            silent.advance(server.address)
        began = time.monotonic()
        try:
            while silent.socket.recv(4096):  # pings, unanswered
                if time.monotonic() - began > ENDED_WITHIN_S:
                    return None
        except TimeoutError:
            return None
        except ConnectionError:
            pass
        return round(time.monotonic() - began, 1)


def main(arguments: list[str]) -> int:
    """Measure what was asked for; nothing passes or fails."""
    names = [*ATTACKS, SUPERVISION]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(names)}; default: all")
    parser.add_argument("--tree", type=Path, default=HERE, help="the clone whose server runs")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    os.sched_setaffinity(0, {CLIENT_CORE} if len(CORES) > 1 else CORES)
    print(
        f"{'attack':<22} p99 ratio  max ratio   calm p99 / max ms  beside p99 / max ms  attacker", flush=True
    )
    for name in chosen.names or names:
        if name == SUPERVISION:
            ended = measure_supervision(tree=chosen.tree)
            limit = f"limit {SILENT_AFTER_S:g} s"
            print(f"{name:<22} a silent station is ended after {ended or 'never'} s ({limit})", flush=True)
            continue
        one = measure(name, tree=chosen.tree, rounds=chosen.rounds)
        print(
            f"{name:<22} {one.p99_ratio:>9}  {one.max_ratio:>9}   {one.calm_p99_ms:>6} / {one.calm_max_ms:<8}"
            f"  {one.p99_ms:>7} / {one.max_ms:<9}   {one.answered} of {one.sent} answered; {one.ended}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
