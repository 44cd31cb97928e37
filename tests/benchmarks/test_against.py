"""Two commits in turns: what is compared, and when it is too slow."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from benchmarks import against, storm
from benchmarks.against import (
    DURABLE,
    DURABLE_201,
    FULL,
    HEARTBEATS,
    MEMORY,
    QUICK,
    START,
    STORM,
    Goal,
    GoalFigures,
    Turn,
)
from benchmarks.servers import HERE
from benchmarks.storm import StormFigures


@pytest.mark.parametrize(
    ("goal", "ratio", "is_met"),
    [
        (HEARTBEATS, 0.97, True),
        (HEARTBEATS, 0.969, False),
        (DURABLE, 1.2, True),
        (DURABLE, 0.5, False),
        (MEMORY, 1.03, True),
        (MEMORY, 1.031, False),
        (DURABLE_201, 0.969, False),
        (STORM, 1.03, True),
        (STORM, 1.031, False),
        (START, 1.031, False),
    ],
)
def test_goals_are_those_of_the_project(goal: Goal, ratio: float, *, is_met: bool) -> None:
    """Rates may fall by three in a hundred, times and memory may grow by as much."""
    assert GoalFigures(goal, [Turn((1000.0, 1000.0 * ratio))]).is_met is is_met


PAIRS = [(100.0, 100.0), (100.0, 99.0), (100.0, 10.0), (90.0, 98.0), (110.0, 101.0)]


def test_median_of_the_turns_decides() -> None:
    """One bad turn does not."""
    verdict = GoalFigures(HEARTBEATS, [Turn(each) for each in PAIRS])
    assert (verdict.before, verdict.now) == (100, 99)
    assert verdict.is_met
    assert verdict.ratios[2] == pytest.approx(0.1)


def test_both_are_measured_five_times_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes first changes."""
    orders: list[list[int]] = []

    def measured(trees: against.Trees, order: list[int], length: against.Length) -> Turn:
        assert trees == (Path("old"), Path("new"))
        assert length is FULL
        orders.append(order)
        return Turn((10.0, 11.0), (4.0, 2.0))

    monkeypatch.setattr(against, "MEASURED", {"heartbeat": (HEARTBEATS, measured)})
    (verdict,) = against.measure((Path("old"), Path("new")), ["heartbeat"], FULL, Console(quiet=True))
    assert orders == [[0, 1], [1, 0], [0, 1], [1, 0], [0, 1]]
    assert verdict.turns == [Turn((10.0, 11.0), (4.0, 2.0))] * 5
    assert verdict.by_cpu == 2.0


def test_processor_time_is_compared_as_its_goal_is() -> None:
    """Half of the time is twice the rate, and half of a duration."""
    turn = Turn((1.0, 1.0), (4.0, 2.0))
    assert GoalFigures(HEARTBEATS, [turn]).by_cpu == 2.0
    assert GoalFigures(STORM, [turn]).by_cpu == 0.5
    assert GoalFigures(STORM, [Turn((1.0, 1.0))]).by_cpu is None


def test_storms_and_starts_are_those_of_both_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the turn; of some starts the median."""
    asked: list[tuple[str, int]] = []

    def stormed(name: str, *, stations: int, tree: Path) -> StormFigures:
        asked.append((f"{name} {tree}", stations))
        took_s = 2.0 if tree == Path("old") else 1.0
        return StormFigures(name, stations, 0.5, 0.9, took_s, {}, took_s / 2)

    @contextmanager
    def started(_name: str, *, tree: Path) -> Iterator[SimpleNamespace]:
        asked.append(("start", 0))
        yield SimpleNamespace(ready_after_s=len(asked) if tree == Path("old") else 0.5, cpu_s=0.25)

    monkeypatch.setattr(storm, "measure", stormed)
    monkeypatch.setattr(against, "running_server", started)
    trees = (Path("old"), Path("new"))
    assert against.storms(trees, [1, 0], FULL) == Turn((2.0, 1.0), (1e6, 0.5e6))
    assert asked == [("borne new", FULL.storm_stations), ("borne old", FULL.storm_stations)]
    asked.clear()
    assert against.starts(trees, [0, 1], FULL) == Turn((3, 0.5), (250_000.0, 250_000.0))
    assert len(asked) == 2 * FULL.starts


needs_git = pytest.mark.skipif(not (HERE / ".git").exists(), reason="this is no clone")


@needs_git
@pytest.mark.parametrize(("now", "code"), [(99.0, 0), (90.0, 1)])
def test_missed_goal_is_exit_code_1(
    now: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the figures of both."""
    seen: list[Path] = []

    def measured(trees: against.Trees, _order: list[int], length: against.Length) -> Turn:
        assert length is QUICK
        assert (trees[0] / "benchmarks").is_dir()
        assert trees[1] == HERE
        seen.append(trees[0])
        return Turn((100.0, now))

    monkeypatch.setattr(against, "MEASURED", {"heartbeat": (HEARTBEATS, measured)})
    monkeypatch.setenv("COLUMNS", "200")
    assert against.main(["HEAD", "--quick"]) == code
    assert ("MISSED" in capsys.readouterr().out) is bool(code)
    assert not seen[0].exists()
    left = subprocess.run(
        ["git", "-C", str(HERE), "worktree", "list"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(seen[0]) not in left.stdout


@needs_git
def test_unknown_commit_is_said() -> None:
    """Nothing is measured."""
    with pytest.raises(SystemExit, match="no-such-commit cannot be checked out"):
        against.main(["no-such-commit"])
