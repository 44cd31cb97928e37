"""Durations, as people write them."""

from typing import Any

import pytest

from simulator.scenario.values import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"), [("5 s", 5), ("2min", 120), ("1.5 h", 5400), ("250 ms", 0.25), (7, 7), (0.5, 0.5)]
)
def test_durations_have_units(text: Any, seconds: float) -> None:
    """A bare number is of seconds."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "5", "5 weeks", "-5 s", "0 s", 0, -1, True, None, [5], "9999 h", "5 s ago"]
)
def test_other_durations_are_refused(text: Any) -> None:
    """Zero, negative, too long, or none."""
    with pytest.raises(ValueError, match="duration"):
        seconds_of(text)
