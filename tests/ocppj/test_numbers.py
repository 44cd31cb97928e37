"""Numbers in text: the short way of the usual ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.numbers import LONGEST, NumberText, number_in_text, whole_number


@given(st.text("0123456789-+.,e ٣²W", max_size=20) | st.integers(0).map(str))
def test_a_whole_number_is_read_sooner_and_the_same(text: str) -> None:
    """Plain digits, of which most readings are made."""
    whole = whole_number(text)
    assert whole is None or number_in_text(text) == NumberText(whole)
    assert whole_number("7190") == 7190.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1700", NumberText(1700.0)),
        ("-1.5e3", NumberText(-1500.0)),
        (".5", NumberText(0.5)),
        (" 1700 ", NumberText(1700.0, is_odd=True)),
        ("1,7", NumberText(1.7, is_odd=True)),
        ("1700 Wh", NumberText(1700.0, "Wh", is_odd=True)),
        ("80%", NumberText(80.0, "%", is_odd=True)),
        ("-1,75kWh", NumberText(-1.75, "kWh", is_odd=True)),
        ("0,700", NumberText(0.7, is_odd=True)),  # nobody groups a zero
        ("1,700", None),  # 1700 to some, 1.7 to others
        ("-12,345 Wh", None),
        ("1 700", None),
        ("1_700", None),
        ("Wh", None),
        ("", None),
        ("NaN", None),
        ("1e400", None),
        ("1e400 Wh", None),
        ("0" * LONGEST, NumberText(0.0)),
        ("0" * (LONGEST + 1), None),
    ],
)
def test_a_text_is_the_one_number_that_it_can_mean(text: str, expected: NumberText | None) -> None:
    """And no number where it could mean two, or one beyond all bounds."""
    assert number_in_text(text) == expected
