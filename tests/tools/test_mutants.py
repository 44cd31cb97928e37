"""tools/mutants.py: which changes are picked, and what is said of them."""

import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest

from tools import mutants
from tools.mutants import GENERATED, GROUPS, PATIENCE, ROOT, Verdict, chosen, report
from tools.mutations import Mutant, mutant_at, spots_of

TEXT = "def far(a: int) -> bool:\n    return a > 3 and not near(a)\n"


def made() -> list[Mutant]:
    """All mutants of a module."""
    return [mutant_at(each, TEXT) for each in spots_of("rules", "csms/rules/far.py", TEXT)]


def test_the_same_seed_picks_the_same() -> None:
    """Of every group some, and none of what is generated."""
    some = chosen(GROUPS, 8, "a commit")
    assert some == chosen(GROUPS, 8, "a commit")
    assert some != chosen(GROUPS, 8, "another commit")
    assert {each.group for each in some} == set(GROUPS)
    gates = [each for each in some if each.group == "gates"]
    assert gates == chosen(["gates"], 8, "a commit"), "a group that runs alone"
    assert not {each.file for each in some} & GENERATED
    assert all((ROOT / each).exists() for each in GENERATED)


def test_what_survived_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One that changes nothing is named apart; too few that were found end with 1."""
    first, second, *_ = made()
    assert report({first: True, second: True}, 1.0) == 0
    assert report({first: False, second: True}, 1.0) == 1
    assert f"SURVIVED    {first}" in capsys.readouterr().out
    known = {(first.file, first.before, first.after): "nobody asks for it"}
    monkeypatch.setattr(mutants, "equivalent", lambda: known)
    assert report({first: False, second: True}, 1.0) == 0
    assert "(nobody asks for it)" in capsys.readouterr().out


def test_every_equivalent_mutant_is_one_that_can_be_made() -> None:
    """Code moves on; what is excused must still be there."""
    for (file, before, after), reason in mutants.equivalent().items():
        text = (ROOT / file).read_text(encoding="utf-8")
        group = next(name for name, each in GROUPS.items() if file.startswith(each.modules))
        found = {
            (each.before, each.after) for each in (mutant_at(s, text) for s in spots_of(group, file, text))
        }
        assert (before, after) in found, f"{file}: {before} → {after} is no mutant (any more)"
        assert reason.strip()


def test_it_runs_from_the_shell() -> None:
    """Over real modules and their real tests: a wrong gate is found."""
    command = [sys.executable, "-m", "tools.mutants", "gates", "--count", "2", "--seed", "shell"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "2 mutants, seed shell" in ended.stdout, ended.stderr
    assert "gates: 2 of 2 found (100.0 %)" in ended.stdout
    assert ended.returncode == 0
    command[3] = "doors"
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 2


def test_one_that_was_late_runs_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine finds no mutant: what is late a second time, alone and with patience, is found."""
    first, second, third, *_ = made()
    asked: list[tuple[Mutant, int]] = []

    def judge(mutant: Mutant, patience: int = 1, *, is_own_enough: bool) -> Verdict:
        assert is_own_enough
        asked.append((mutant, patience))
        first_run = {first: Verdict.LATE, second: Verdict.LATE, third: Verdict.FOUND}
        again = {first: Verdict.SURVIVED, second: Verdict.LATE}
        return (first_run if patience == 1 else again)[mutant]

    monkeypatch.setattr(mutants, "judge", judge)
    monkeypatch.setattr(mutants, "ProcessPoolExecutor", OneAfterTheOther)
    assert mutants.judge_all([first, second, third], 1, is_own_enough=True) == {
        first: False,
        second: True,
        third: True,
    }
    assert asked[3:] == [(first, PATIENCE), (second, PATIENCE)]


class OneAfterTheOther:
    """A pool without processes."""

    def __init__(self, *_: object) -> None:
        self.map = map

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("body", "verdict"),
    [("pass", Verdict.SURVIVED), ("assert False", Verdict.FOUND), ("sleep(10)", Verdict.LATE)],
)
def test_a_test_that_takes_too_long_is_told_from_one_that_fails(
    body: str, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its exit code."""
    file = tmp_path / "test_it.py"
    file.write_text(f"from time import sleep\n\ndef test_it():\n    {body}\n")
    monkeypatch.setattr(mutants, "TEST_S", 1 if verdict is Verdict.LATE else 60)
    assert mutants._verdict(None, [str(file)]) is verdict
