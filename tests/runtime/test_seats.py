"""How many may wait at once: in all, and of one."""

import pytest

from runtime.http import Problem
from runtime.seats import Seats


def test_one_may_not_take_the_places_of_all() -> None:
    """429, and what to do; the others go on."""
    seats = Seats("live streams", most=5, most_each=2)
    with seats.taken_by("ann"), seats.taken_by("ann"):
        with pytest.raises(Problem) as refused:
            seats.take("ann")
        assert (refused.value.status, refused.value.code) == (429, "too_many_open")
        assert "ann has 2 live streams open" in refused.value.detail
        with seats.taken_by("bob"):
            assert seats.taken == 3
    assert seats.taken == 0
    seats.take("ann")


def test_all_together_may_not_take_more_than_there_are() -> None:
    """However many accounts somebody has."""
    seats = Seats("live streams", most=3, most_each=2)
    for who in "abc":
        seats.take(who)
    with pytest.raises(Problem, match="3 live streams are open"):
        seats.take("d")
    seats.leave("a")
    seats.take("d")
