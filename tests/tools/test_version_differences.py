"""The page of what 2.1 and 2.0.1 have differently is fresh, and says so when it is not."""

from pathlib import Path

import pytest

from tools import version_differences


def test_the_page_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """Run the tool after an upgrade of the schemas."""
    assert version_differences.main(is_check=True) == 0, capsys.readouterr().out


def test_a_stale_page_is_named_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --check nothing is written."""
    monkeypatch.setattr(version_differences, "PAGE", tmp_path / "docs" / "reference" / "page.md")
    version_differences.PAGE.parent.mkdir(parents=True)
    assert version_differences.main(is_check=True) == 1
    assert "stale" in capsys.readouterr().out
    assert version_differences.main(is_check=False) == 0
    assert version_differences.main(is_check=True) == 0
