"""The pages on settings and commands are those that the code gives."""

from pathlib import Path

import pytest

from tools import generate_reference


def test_reference_pages_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """A new option that was not written down fails here."""
    assert generate_reference.main(["--check"]) == 0, capsys.readouterr().out


def test_stale_page_is_named_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check writes nothing and says what to run."""
    monkeypatch.setattr(generate_reference, "REFERENCE", tmp_path)
    assert generate_reference.main(["--check"]) == 1
    assert "docs/reference/settings.md is not fresh" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert generate_reference.main([]) == 0
    assert generate_reference.main(["--check"]) == 0
