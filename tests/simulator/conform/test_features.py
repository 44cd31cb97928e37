"""Conditions of cases."""

import pytest

from simulator.conform.errors import ConformError
from simulator.conform.features import missing

FEATURES = {"C-1": True, "C-2": False, "C-3": True}


@pytest.mark.parametrize(
    "needs",
    ["", "C-1", "C-2 or C-1", "not C-2", "C-1 and C-3", "not (C-1 and C-2)", "C-1 and (C-2 or C-3)"],
)
def test_conditions_that_hold(needs: str) -> None:
    """With and, or, not, parentheses."""
    assert missing(needs, FEATURES) is None


@pytest.mark.parametrize("needs", ["C-2", "C-9", "C-1 and C-2", "not C-1", "C-2 or C-2 and C-1"])
def test_conditions_that_do_not(needs: str) -> None:
    """What nobody declares is not there."""
    reason = missing(needs, FEATURES)
    assert reason is not None
    assert reason.startswith(f"it needs {needs}; declared: C-")


@pytest.mark.parametrize("needs", ["C-1 C-2", "(C-1", "C-1 and", ")"])
def test_what_is_no_condition(needs: str) -> None:
    """Is refused."""
    with pytest.raises(ConformError):
        missing(needs, FEATURES)
