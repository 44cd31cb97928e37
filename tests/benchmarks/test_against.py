"""Two commits in turns: what is compared, and when it is too slow."""

import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import against
from benchmarks.against import DURABLE, FULL, HEARTBEATS, MEMORY, QUICK, Goal, GoalFigures, Turn
from benchmarks.servers import HERE


@pytest.mark.parametrize(
    ("goal", "ratio", "is_met"),
    [
        (HEARTBEATS, 0.97, True),
        (HEARTBEATS, 0.969, False),
        (DURABLE, 1.2, True),
        (DURABLE, 0.5, False),
        (MEMORY, 1.03, True),
        (MEMORY, 1.031, False),
    ],
)
def test_goals_are_those_of_the_project(goal: Goal, ratio: float, *, is_met: bool) -> None:
    """Rates may fall by three in a hundred, memory may grow by as much."""
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
