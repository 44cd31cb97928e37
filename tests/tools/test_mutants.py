"""tools/mutants.py: what is changed in a module, which changes are picked, and what is said of them."""

import subprocess
import sys

import pytest

from tools import mutants
from tools.mutants import GENERATED, GROUPS, OPERATORS, ROOT, Mutant, chosen, mutant_at, report, spots_of

TEXT = '''"""A module."""

LIMIT: int = 3


def far(a: int, b: int = 1) -> bool:
    """Whether it is."""
    note(a)
    if not a or b > LIMIT:
        return close(a - b, exact=True, by=None)
    return a if a == b else b
'''
EXPECTED = {
    ("constant", "3", "4"),
    ("constant", "1", "2"),
    ("constant", "True", "False"),
    ("statement", "note(a)", "pass"),
    ("condition", "if not a or b > LIMIT:", "if True:"),
    ("condition", "if not a or b > LIMIT:", "if False:"),
    ("connective", "not a or b > LIMIT", "not a and b > LIMIT"),
    ("negation", "not a", "a"),
    ("comparison", "b > LIMIT", "b >= LIMIT"),
    ("comparison", "a == b", "a != b"),
    ("arithmetic", "a - b", "a + b"),
    ("argument", "close(exact=True)", "close()"),
    ("argument", "close(by=None)", "close()"),
    ("condition", "a if a == b else b", "a"),
    ("condition", "a if a == b else b", "b"),
}


def made(text: str = TEXT) -> list[Mutant]:
    """All mutants of a module."""
    return [mutant_at(each, text) for each in spots_of("rules", "csms/rules/far.py", text)]


def test_one_thing_is_changed_at_a_time() -> None:
    """By each operator; annotations and docstrings are not."""
    found = made()
    assert {(each.operator, each.before, each.after) for each in found} == EXPECTED
    assert {each.operator for each in found} == set(OPERATORS)
    plain = mutants.ast.unparse(mutants.ast.parse(TEXT)).split("\n")
    for each in found:
        lines = each.source.split("\n")
        assert lines != plain
        assert len({*enumerate(lines)} - {*enumerate(plain)}) == 1, each


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
