"""The comparison with the code before: which new tests are red there, which hold, and which show nothing."""

import subprocess
from pathlib import Path

import pytest

from tools import red_before

PYTEST = '[tool.pytest.ini_options]\naddopts = "--strict-markers"\npythonpath = ["."]\n'
OLD = "from product import answer\n\n\ndef test_old():\n    assert answer() < 50\n"
NEW = (
    "import pytest\n"
    "from product import answer\n\n\n"
    "def test_old():\n    assert answer() < 50\n\n\n"
    "def test_mended():\n    assert answer() == 42\n\n\n"
    '@pytest.mark.held_before("the neighbour")\n'
    "def test_neighbour():\n    assert answer() > 0\n"
)
SHOWS_NOTHING = "\n\ndef test_shows_nothing():\n    assert True\n"
NOT_IMPORTABLE = "from product import later\n\n\ndef test_later():\n    assert later()\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A product that answered 41, and answers 42 since; its tests are not yet written."""
    root = tmp_path / "repository"
    (root / "tests").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PYTEST)
    (root / "product.py").write_text("def answer():\n    return 41\n")
    (root / "tests" / "test_product.py").write_text(OLD)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "before"]):
        subprocess.run([*git, *words], cwd=root, check=True)
    (root / "product.py").write_text("def answer():\n    return 42\n\n\ndef later():\n    return True\n")
    monkeypatch.setattr(red_before, "ROOT", root)
    return root


def test_every_new_test_is_red_or_says_why_not(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Old tests are not asked; a module that needs new names cannot be imported there."""
    (repository / "tests" / "test_product.py").write_text(NEW)
    (repository / "tests" / "test_later.py").write_text(NOT_IMPORTABLE)
    assert red_before.main(["HEAD"]) == 0
    told = capsys.readouterr().out
    assert "3 tests are new" in told
    assert "1 failed, 1 not importable, 1 passed" in told
    assert "tests/test_product.py::test_neighbour: the neighbour" in told
    assert not (repository / ".git" / "worktrees").exists() or not list(
        (repository / ".git" / "worktrees").iterdir()
    )


def test_a_new_test_that_shows_nothing_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It passes before the change and gives no reason: exit code 1."""
    (repository / "tests" / "test_product.py").write_text(NEW + SHOWS_NOTHING)
    assert red_before.main(["HEAD", "tests/test_product.py"]) == 1
    assert "PASSES BEFORE      tests/test_product.py::test_shows_nothing" in capsys.readouterr().out


def test_a_conftest_that_cannot_be_imported_hides_no_other_file(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends pytest before any test: what shows nothing elsewhere is named all the same."""
    (repository / "tests" / "test_product.py").write_text(NEW + SHOWS_NOTHING)
    below = repository / "tests" / "below"
    below.mkdir()
    (below / "conftest.py").write_text("from product import later\n")
    (below / "test_below.py").write_text("def test_below():\n    assert True\n")
    assert red_before.main(["HEAD"]) == 1
    told = capsys.readouterr().out
    assert "tests/below/test_below.py: " in told
    assert "ImportError: cannot import name 'later'" in told
    assert "1 failed, 1 not importable, 2 passed" in told
    assert "PASSES BEFORE      tests/test_product.py::test_shows_nothing" in told
