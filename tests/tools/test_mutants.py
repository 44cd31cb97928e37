"""tools/mutants.py: which changes are picked, and what is said of them."""

import subprocess
import sys

import pytest

from tools import mutants
from tools.mutants import GENERATED, GROUPS, ROOT, chosen, report
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
