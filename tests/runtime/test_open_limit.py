"""How many may wait at once: in all, and of one."""

import pytest

from runtime.http import Problem
from runtime.open_limit import OpenLimit
from runtime.wording import Phrase

STREAMS = Phrase("flux en direct", "live streams")


def test_one_may_not_take_the_places_of_all() -> None:
    """429, and what to do; the others go on."""
    limit = OpenLimit(STREAMS, most=5, most_each=2)
    with limit.held_by("ann"), limit.held_by("ann"):
        with pytest.raises(Problem) as refused:
            limit.acquire("ann")
        assert (refused.value.status, refused.value.code) == (429, "too_many_open")
        assert "ann has 2 live streams open" in refused.value.detail
        with limit.held_by("bob"):
            assert limit.open_count == 3
    assert limit.open_count == 0
    limit.acquire("ann")


def test_all_together_may_not_take_more_than_there_are() -> None:
    """However many accounts somebody has."""
    limit = OpenLimit(STREAMS, most=3, most_each=2)
    for who in "abc":
        limit.acquire(who)
    with pytest.raises(Problem, match="3 live streams are open"):
        limit.acquire("d")
    limit.release("a")
    limit.acquire("d")
