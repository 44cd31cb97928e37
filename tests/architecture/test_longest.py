"""Workers begin with the files that take longest."""

from tests.support.longest import LONGEST, begins
from tests.support.sources import ROOT


def test_they_are_there() -> None:
    """One that was renamed would run last again, alone."""
    assert [each for each in LONGEST if not (ROOT / each).is_file()] == []


def test_they_come_in_their_order_before_all_others() -> None:
    """Whatever test of theirs it is."""
    named = ["tests/access/test_api.py::test_a", *(f"{each}::test_b[1-2]" for each in reversed(LONGEST))]
    assert [each.partition("::")[0] for each in sorted(named, key=begins)] == [
        *LONGEST,
        "tests/access/test_api.py",
    ]
