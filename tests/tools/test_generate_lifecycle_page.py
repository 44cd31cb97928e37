"""The page on the lifecycle is the one that the code gives, and draws every state and step."""

from pathlib import Path

import pytest

from provisioning.activation.runs import StepName, StepState
from provisioning.lifecycle import TRANSITIONS, Lifecycle
from tools import generate_lifecycle_page


def test_the_page_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """A new state or transition that was not drawn fails here."""
    assert generate_lifecycle_page.main(["--check"]) == 0, capsys.readouterr().out


def test_the_page_holds_every_state_transition_and_step() -> None:
    """None is forgotten."""
    text = generate_lifecycle_page.page()
    for state in Lifecycle:
        assert f"| `{state.value}` |" in text
    for before, event, after in TRANSITIONS:
        assert f"{before} --> {after}: {event}" in text
    assert set(generate_lifecycle_page.STEPS) == set(StepName)
    assert set(generate_lifecycle_page.STATES) == set(StepState)


def test_a_stale_page_is_named_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check writes nothing and says what to run."""
    monkeypatch.setattr(generate_lifecycle_page, "PAGE", tmp_path / "lifecycle.md")
    assert generate_lifecycle_page.main(["--check"]) == 1
    assert "docs/reference/lifecycle.md is not fresh" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert generate_lifecycle_page.main([]) == 0
    assert generate_lifecycle_page.main(["--check"]) == 0
