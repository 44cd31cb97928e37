"""Is the hot path as fast as it was? `make bench-against REV=254797c` (or any commit).

    python -m benchmarks.against REV             five turns, about twenty minutes
    python -m benchmarks.against REV --quick     two short turns, for a first look

The servers of REV and of this working tree are measured in turns by the benchmarks of this working tree,
with the same interpreter and packages: only what `borne` imports differs. In each turn both are started
anew, and who comes first changes from turn to turn. A figure is the median of the turns. The exit code is 1
where a goal is missed.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import memory, storm, transactions
from benchmarks.closed_loop import LoopFigures, drive
from benchmarks.heartbeat import Heart
from benchmarks.machine import this_machine
from benchmarks.raw_station import V16, V201, open_fleet
from benchmarks.servers import HERE, running_server

BORNE = "borne"
HEARTBEAT_STATIONS = 200
CHARGING_STATIONS = 400

Trees = tuple[Path, Path]
"""The code before, and the code now."""
Pair = tuple[float, float]
"""A figure of each."""


@dataclass(frozen=True)
class Turn:
    """What one turn measured."""

    figures: Pair
    server_us: Pair | None = None
    """The processor time of each server for one message, or for all of what was measured: other programs
    disturb it less than the clock.
    """


@dataclass(frozen=True)
class Length:
    """How long and how often."""

    turns: int
    slices: int
    """Of heartbeats for each server in a turn."""
    slice_s: float
    charging_s: float
    idle_stations: int
    storm_stations: int
    starts: int


FULL = Length(
    turns=5, slices=4, slice_s=1.5, charging_s=6.0, idle_stations=2000, storm_stations=5000, starts=3
)
QUICK = Length(
    turns=2, slices=3, slice_s=0.75, charging_s=2.0, idle_stations=500, storm_stations=1000, starts=1
)


@dataclass(frozen=True)
class Goal:
    """A figure to hold: by at least `least` times what it was, or at most `most` times."""

    name: str
    least: float | None = None
    most: float | None = None

    def is_met(self, ratio: float) -> bool:
        """Whether this ratio of now to before will do."""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)

    @property
    def text(self) -> str:
        """For people."""
        return f"≥ {self.least}" if self.least is not None else f"≤ {self.most}"


HEARTBEATS = Goal("heartbeats/s", least=0.97)
DURABLE = Goal("durable transaction messages/s, OCPP 1.6", least=0.97)
DURABLE_201 = Goal("durable transaction messages/s, OCPP 2.0.1", least=0.97)
STORM = Goal("s until all are booted that connected at once", most=1.03)
START = Goal("s from the start to /readyz, new database", most=1.03)
MEMORY = Goal("KiB of an idle, booted station", most=1.03)


@dataclass(frozen=True)
class GoalFigures:
    """One goal with what was measured."""

    goal: Goal
    turns: list[Turn]

    @property
    def before(self) -> float:
        """The median of the turns."""
        return statistics.median(turn.figures[0] for turn in self.turns)

    @property
    def now(self) -> float:
        """The median of the turns."""
        return statistics.median(turn.figures[1] for turn in self.turns)

    @property
    def ratio(self) -> float:
        """Of the two medians."""
        return self.now / self.before

    @property
    def ratios(self) -> list[float]:
        """Turn by turn: how far apart they are tells how far to trust the medians."""
        return [turn.figures[1] / turn.figures[0] for turn in self.turns]

    @property
    def by_cpu(self) -> float | None:
        """The ratio that the processor time gives, the median of the turns; of a rate, its inverse."""
        found = [us[0] / us[1] for turn in self.turns if (us := turn.server_us) is not None]
        if not found:
            return None
        return statistics.median(found) if self.goal.least is not None else 1 / statistics.median(found)

    @property
    def is_met(self) -> bool:
        """Whether the goal is."""
        return self.goal.is_met(round(self.ratio, 3))


@contextmanager
def checked_out(rev: str) -> Iterator[Path]:
    """The code of a commit, in a folder that goes away again."""
    with tempfile.TemporaryDirectory(prefix="borne-against-") as folder:
        tree = Path(folder) / "tree"
        made = _git("worktree", "add", "--quiet", "--detach", str(tree), rev)
        if made.returncode:
            sys.exit(f"{rev} cannot be checked out: {made.stderr.strip()}")
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", str(HERE), *words], capture_output=True, text=True, check=False)


def heartbeats(trees: Trees, order: list[int], length: Length) -> Turn:
    """Both servers run, and are driven in turns."""
    slices: dict[int, list[LoopFigures]] = {0: [], 1: []}
    with ExitStack() as stack:
        running = {each: stack.enter_context(running_server(BORNE, tree=trees[each])) for each in order}
        fleets = {
            each: stack.enter_context(open_fleet(running[each].address, HEARTBEAT_STATIONS)) for each in order
        }
        for _ in range(length.slices):
            for each in order:
                slices[each].append(drive(running[each], fleets[each], Heart, length.slice_s))

    def median(of: Callable[[LoopFigures], float]) -> Pair:
        return statistics.median(map(of, slices[0])), statistics.median(map(of, slices[1]))

    return Turn(median(lambda each: each.per_s), median(lambda each: each.server_us))


def durable_messages(version: str, trees: Trees, order: list[int], length: Length) -> Turn:
    """One server after the other."""
    loops: dict[int, LoopFigures] = {}
    for each in order:
        run = transactions.measure(
            BORNE, stations=CHARGING_STATIONS, seconds=length.charging_s, tree=trees[each], version=version
        )
        loops[each] = run.loop
    return Turn((loops[0].per_s, loops[1].per_s), (loops[0].server_us, loops[1].server_us))


def storms(trees: Trees, order: list[int], length: Length) -> Turn:
    """One server after the other."""
    runs = {each: storm.measure(BORNE, stations=length.storm_stations, tree=trees[each]) for each in order}
    cpu_us = (1e6 * runs[0].server_cpu_s, 1e6 * runs[1].server_cpu_s)
    return Turn((runs[0].all_booted_s, runs[1].all_booted_s), cpu_us)


def starts(trees: Trees, order: list[int], length: Length) -> Turn:
    """Each some times, in an empty folder; the median. The processor time until then is the process's."""
    took_s: dict[int, list[float]] = {0: [], 1: []}
    cpu_us: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(length.starts):
        for each in order:
            with running_server(BORNE, tree=trees[each]) as server:
                took_s[each].append(server.ready_after_s)
                cpu_us[each].append(1e6 * server.cpu_s)
    median = statistics.median
    return Turn((median(took_s[0]), median(took_s[1])), (median(cpu_us[0]), median(cpu_us[1])))


def idle_memory(trees: Trees, order: list[int], length: Length) -> Turn:
    """One server after the other, without compression."""
    kib: dict[int, float] = {}
    for each in order:
        run = memory.measure(BORNE, stations=length.idle_stations, deflate=False, tree=trees[each])
        kib[each] = run.kib_per_station
    return Turn((kib[0], kib[1]))


MEASURED: dict[str, tuple[Goal, Callable[[Trees, list[int], Length], Turn]]] = {
    "heartbeat": (HEARTBEATS, heartbeats),
    "durable": (DURABLE, partial(durable_messages, V16)),
    "durable-2.0.1": (DURABLE_201, partial(durable_messages, V201)),
    "storm": (STORM, storms),
    "start": (START, starts),
    "memory": (MEMORY, idle_memory),
}


def measure(trees: Trees, names: list[str], length: Length, console: Console) -> list[GoalFigures]:
    """Turn by turn."""
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    for turn in range(length.turns):
        order = [0, 1] if turn % 2 == 0 else [1, 0]
        for name in names:
            with console.status(f"turn {turn + 1} of {length.turns}: {name} …"):
                turns[name].append(MEASURED[name][1](trees, order, length))
    return [GoalFigures(MEASURED[name][0], turns[name]) for name in names]


def verdicts_table(rev: str, verdicts: list[GoalFigures]) -> Table:
    """What was measured, and which goals are met."""
    table = Table(title=f"This working tree against {rev}", caption=this_machine().cpu)
    for title in ("what", rev, "now", "now / before", "turn by turn", "by cpu time", "goal", ""):
        table.add_column(title, justify="left" if title == "what" else "right", overflow="fold")
    for each in verdicts:
        table.add_row(
            each.goal.name,
            f"{each.before:,.6g}",
            f"{each.now:,.6g}",
            f"{each.ratio:.3f}",
            " ".join(f"{ratio:.2f}" for ratio in each.ratios),
            f"{each.by_cpu:.3f}" if each.by_cpu is not None else "",
            each.goal.text,
            "met" if each.is_met else "MISSED",
        )
    return table


def main(arguments: list[str]) -> int:
    """Measure both; 1 where a goal is missed, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__.splitlines()[0])
    parser.add_argument("rev", metavar="REV", help="the commit to compare with")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(MEASURED)}; default: all")
    parser.add_argument("--quick", action="store_true", help="two short turns, for a first look")
    chosen = parser.parse_intermixed_args(arguments)
    unknown = set(chosen.names) - MEASURED.keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}: choose of {', '.join(MEASURED)}")
    console = Console()
    with checked_out(chosen.rev) as tree:
        verdicts = measure(
            (tree, HERE), chosen.names or list(MEASURED), QUICK if chosen.quick else FULL, console
        )
    console.print(verdicts_table(chosen.rev, verdicts))
    return 0 if all(each.is_met for each in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
