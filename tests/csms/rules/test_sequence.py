"""Sequence numbers: whatever the order of arrival, what was seen is known."""

from hypothesis import given
from hypothesis import strategies as st

from csms.rules.sequence import RUNS_KEPT, has_gap, has_seen, runs, with_number

NUMBERS = st.lists(st.integers(-9, 40), max_size=30)


def text_of(numbers: list[int]) -> str:
    """The text after these numbers have come."""
    text = ""
    for number in numbers:
        text = with_number(text, number)
    return text


@given(NUMBERS, st.integers(-9, 40))
def test_what_was_seen_is_known_and_nothing_else(numbers: list[int], other: int) -> None:
    """In any order and with any repetition."""
    assert has_seen(text_of(numbers), other) is (other in numbers)


@given(NUMBERS)
def test_the_order_of_arrival_does_not_matter(numbers: list[int]) -> None:
    """The same numbers make the same text."""
    assert text_of(numbers) == text_of(sorted(set(numbers)))


@given(NUMBERS)
def test_a_gap_is_a_number_that_is_missing(numbers: list[int]) -> None:
    """Between the first seen and the last that must be there."""
    last = max(numbers, default=0)
    expected = bool(numbers) and set(range(min(numbers), last + 1)) != set(numbers)
    assert has_gap(text_of(numbers), last if numbers else None) is expected


def test_a_number_before_the_end_may_be_missing_at_the_top() -> None:
    """The end came under a number whose predecessors have not come."""
    assert has_gap("0..3", 5)
    assert not has_gap("7..9", 9)  # a station may start at any number


def test_texts_read_as_people_write_them() -> None:
    """Runs, comma, run."""
    assert text_of([0, 1, 2, 5, 7, 6]) == "0..2,5..7"
    assert runs("0..2,5") == [(0, 2), (5, 5)]
    assert runs("") == []


def test_the_text_is_bounded() -> None:
    """A station that skips every other number costs RUNS_KEPT runs: the lowest are then taken for one."""
    text = text_of(list(range(0, 1000, 2)))
    assert len(runs(text)) == RUNS_KEPT
    assert has_seen(text, 1)
    assert not has_seen(text, 997)
