"""How many may wait at once: in all, and of one."""

import pytest

from runtime.http import Problem
from runtime.open_limit import OpenLimit
from runtime.wording import Phrase

STREAMS = Phrase("flux en direct", "live streams")


def test_one_may_not_take_the_places_of_all() -> None:
    """429, and what to do; the others go on."""
    limit = OpenLimit(STREAMS, most=5, most_each=2)
    with limit.taken_by("ann"), limit.taken_by("ann"):
        with pytest.raises(Problem) as refused:
            limit.take("ann")
        assert (refused.value.status, refused.value.code) == (429, "too_many_open")
        assert "ann has 2 live streams open" in refused.value.detail
        with limit.taken_by("bob"):
            assert limit.taken == 3
    assert limit.taken == 0
    limit.take("ann")


def test_all_together_may_not_take_more_than_there_are() -> None:
    """However many accounts somebody has."""
    limit = OpenLimit(STREAMS, most=3, most_each=2)
    for who in "abc":
        limit.take(who)
    with pytest.raises(Problem, match="3 live streams are open"):
        limit.take("d")
    limit.give_back("a")
    limit.take("d")
