"""charging.shares: nobody gets more than they want, and nothing is left that somebody wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.shares import equal_shares


def test_equal_shares() -> None:
    """What one leaves, the others share."""
    assert equal_shares(30, {"a": 22, "b": 4, "c": 22}) == {"a": 13, "b": 4, "c": 13}
    assert equal_shares(100, {"a": 22, "b": 4}) == {"a": 22, "b": 4}
    assert equal_shares(-5, {"a": 22}) == {"a": 0}
    assert equal_shares(5, {}) == {}


@given(most=st.floats(0, 1e6), wanted=st.dictionaries(st.integers(0, 20), st.floats(0, 1e5), max_size=12))
def test_all_of_it_is_shared_and_nobody_gets_more_than_they_want(
    most: float, wanted: dict[int, float]
) -> None:
    """Who gets less than they want gets as much as anybody."""
    shares = equal_shares(most, wanted)
    assert sum(shares.values()) == pytest.approx(min(most, sum(wanted.values())))
    greatest = max(shares.values(), default=0.0)
    for key, share in shares.items():
        assert share <= wanted[key]
        assert share == wanted[key] or share == pytest.approx(greatest)
