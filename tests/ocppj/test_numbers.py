"""Numbers in text: the short way of the usual ones."""

from hypothesis import given
from hypothesis import strategies as st

from ocppj.numbers import NumberText, number_in_text, whole_number


@given(st.text("0123456789-+.,e ٣²W", max_size=20) | st.integers(0).map(str))
def test_a_whole_number_is_read_sooner_and_the_same(text: str) -> None:
    """Plain digits, of which most readings are made."""
    whole = whole_number(text)
    assert whole is None or number_in_text(text) == NumberText(whole)
    assert whole_number("7190") == 7190.0
