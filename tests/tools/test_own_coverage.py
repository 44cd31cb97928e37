"""What counts as covered: what a module's own test file runs, and what runs on import."""

from pathlib import Path

import pytest

from tests.support.sources import ROOT
from tools import own_coverage

PYTEST = '[tool.pytest.ini_options]\naddopts = "--import-mode=importlib"\npythonpath = ["."]\n'
CONFTEST = """
from hypothesis import settings
import core.rule
settings.register_profile("short", max_examples=1)
"""
RULE = """
LIMIT = 3

def is_odd(number):
    if number > LIMIT:
        number -= LIMIT
    return number % 2 == 1

def double(number):
    return 2 * number
"""
OTHER = (
    "from core.rule import double, is_odd\n\ndef both(number):\n    return double(number), is_odd(number)\n"
)
TEST_RULE = "from core.rule import is_odd\n\ndef test_odd():\n    assert is_odd(1)\n"
TEST_OTHER = "from core.other import both\n\ndef test_both():\n    assert both(6) == (12, True)\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two modules; what its rule can do is tested in full, but partly through the other one."""
    files = {
        "pyproject.toml": PYTEST,
        "core/__init__.py": "",
        "core/rule.py": RULE,
        "core/other.py": OTHER,
        "tests/conftest.py": CONFTEST,
        "tests/core/test_rule.py": TEST_RULE,
        "tests/core/test_other.py": TEST_OTHER,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(own_coverage, "ROOT", tmp_path)
    monkeypatch.setattr(own_coverage, "PACKAGES", ("core",))
    monkeypatch.setattr(own_coverage, "WORKERS", 0)
    monkeypatch.setattr(own_coverage, "TABLES", {})
    monkeypatch.setattr(own_coverage, "FLOORS", {})
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def test_what_only_another_file_runs_lacks(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line by line and branch by branch; what the module does on import is nobody's. Unless that other file
    is written down as the module's own too.
    """
    assert own_coverage.main([]) == 1
    told = capsys.readouterr().out
    assert "LACKS     core/rule.py: lines 6, 10; a branch of 5\n" in told
    assert "core/other.py" not in told
    assert "2 of 3 modules are covered by their own test files" in told
    monkeypatch.setattr(own_coverage, "TABLES", {"core/rule.py": ("tests/core/test_other.py",)})
    assert own_coverage.main(["core"]) == 0
    assert "3 of 3 modules" in capsys.readouterr().out


def test_where_a_test_fails_nothing_is_said(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code of pytest."""
    (tree / "tests/core/test_rule.py").write_text("def test_odd():\n    assert False\n")
    assert own_coverage.main([]) == 1
    assert "nothing is said of their coverage" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("floor", "code", "word"),
    [
        (None, 1, "LACKS     core/rule.py: lines 6, 10; a branch of 5\n"),
        (2, 1, "3 in tests/core/test_rule.py; 2 may\n"),
        (3, 0, "may lack  core/rule.py: lines 6, 10; a branch of 5\n"),
        (4, 0, "BETTER    core/rule.py: 3 lack, and 4 may"),
    ],
)
def test_a_floor_may_be_kept_and_not_fallen_below(
    floor: int | None,
    code: int,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As many as may lack, fewer, which is to be written down, and more."""
    monkeypatch.setattr(own_coverage, "FLOORS", {} if floor is None else {"core/rule.py": floor})
    lacking = [own_coverage.Lack("core/rule.py", (6, 10), (5,))]
    assert own_coverage.report(["core/rule.py", "core/other.py"], lacking, 1.0) == code
    told = capsys.readouterr().out
    assert word in told
    assert "1 of 2 modules" in told


def test_a_floor_of_what_is_covered_is_to_be_taken_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what was not measured nothing is said."""
    monkeypatch.setattr(own_coverage, "FLOORS", {"core/rule.py": 3, "other/rule.py": 3})
    assert own_coverage.report(["core/rule.py"], [], 1.0) == 0
    assert "BETTER    core/rule.py: 0 lack, and 3 may" in (told := capsys.readouterr().out)
    assert "other/rule.py" not in told


def test_the_own_file_of_a_module_bears_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """More may be written down, for the module or for all of its folder."""
    assert own_coverage.own_files("csms/rules/ends.py") == ("tests/csms/rules/test_ends.py",)
    monkeypatch.setattr(own_coverage, "TABLES", {"core": ("t1",), "core/rule.py": ("t2", "t3")})
    assert own_coverage.own_files("core/rule.py") == ("tests/core/test_rule.py", "t2", "t3")
    assert own_coverage.own_files("core/other.py") == ("tests/core/test_other.py", "t1")


def test_an_unknown_package_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside those that there are."""
    assert own_coverage.main(["csms"]) == 2
    assert "No such package here: csms. There are: access, charging" in capsys.readouterr().out


def test_what_is_written_down_exists() -> None:
    """Own test files and floors, of modules that were not moved or renamed since."""
    for key, files in own_coverage.TABLES.items():
        assert (ROOT / key).exists(), key
        assert [each for each in files if not (ROOT / each).exists()] == []
    assert [each for each in (*own_coverage.PACKAGES, *own_coverage.OPEN) if not (ROOT / each).is_dir()] == []
    assert own_coverage.OPEN.keys().isdisjoint(own_coverage.PACKAGES)
    for each in own_coverage.HURRIED:
        file, name = each.split("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), each
    assert [each for each in own_coverage.FLOORS if not (ROOT / each).is_file()] == []
