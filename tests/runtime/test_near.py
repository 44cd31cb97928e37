"""The word that was meant, in one place for all who type."""

import pytest

from runtime.near import guess, nearest


@pytest.mark.parametrize(
    ("word", "expected"), [("expire_at", "expires_at"), ("LIMT", "limit"), ("xyzzy", None), ("", None)]
)
def test_the_nearest_word_is_found_whatever_its_case(word: str, expected: str | None) -> None:
    """None where nothing is like it."""
    assert nearest(word, ["limit", "expires_at", "value"]) == expected


def test_a_guess_names_the_word_or_those_that_there_are() -> None:
    """So that nobody has to look them up."""
    assert guess("limt", ["since", "limit"]).en == "did you mean `limit`?"
    assert guess("xyzzy", ["since", "limit"]).fr == "il y a limit, since"
    assert guess("xyzzy", ["since", "limit"]).en == "there are limit, since"
    assert guess("xyzzy", ["limit"]).en == "there is only limit"
    assert guess("xyzzy", []).en == "there is none"
