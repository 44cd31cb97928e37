"""The page on the guide's requirements: each held one has a test that refuses and one that passes."""

from pathlib import Path

import pytest

from tools import generate_requirements_page
from tools.generate_requirements_page import ROOT, Mark, Requirement, marks, marks_of, missing, requirements


def test_every_held_requirement_is_shown_to_refuse_and_to_pass() -> None:
    """And no test speaks of one that is open, or that nobody asks for."""
    assert not missing(requirements(), marks())


def test_none_of_the_guide_is_left_out() -> None:
    """Forty-six, each held somewhere that there is, or open with what there is instead."""
    listed = requirements()
    assert [each.number for each in listed] == [f"R{number}" for number in range(1, 47)]
    for each in listed:
        assert bool(each.open) is not each.is_held, each.number
        assert not each.is_held or (ROOT / each.held_in).is_file(), each.held_in


def test_what_is_missing_is_named() -> None:
    """A held one without a test, a test of an open one, of none, and one that shows something else."""
    listed = [Requirement("R1", "says", held_in="a.py"), Requirement("R2", "says", open="nothing")]
    found = [
        Mark("R1", "passes", "tests/test_a.py", "test_it"),
        Mark("R2", "refuses", "tests/test_a.py", "test_it"),
        Mark("R3", "refuses", "tests/test_a.py", "test_it"),
        Mark("R1", "shines", "tests/test_a.py", "test_it"),
    ]
    assert missing(listed, found) == [
        "R1 is held, but no test shows that it refuses",
        "tests/test_a.py::test_it: R2 is open",
        "tests/test_a.py::test_it: there is no R3",
        "tests/test_a.py::test_it: a test refuses or passes, it does not 'shines'",
    ]


def test_marks_are_read_from_the_source() -> None:
    """Of functions of both kinds, several on one."""
    text = """
import pytest

@pytest.mark.requirement("R1", "refuses")
@pytest.mark.requirement("R2", "passes")
async def test_a() -> None: ...

@pytest.mark.parametrize("x", [1])
def test_b(x: int) -> None: ...
"""
    assert list(marks_of(text, "tests/test_a.py")) == [
        Mark("R1", "refuses", "tests/test_a.py", "test_a"),
        Mark("R2", "passes", "tests/test_a.py", "test_a"),
    ]


def test_the_page_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """A new mark or another place fails here."""
    assert generate_requirements_page.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_page_is_named_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check writes nothing and says what to run."""
    monkeypatch.setattr(generate_requirements_page, "PAGE", tmp_path / "requirements.md")
    assert generate_requirements_page.main(["--check"]) == 1
    assert "docs/reference/requirements.md is not fresh" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert generate_requirements_page.main([]) == 0
    assert generate_requirements_page.main(["--check"]) == 0
