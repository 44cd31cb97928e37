"""The words of the page."""

import re

import pytest

from charging.certificate.document import ItemVerdict, OverallVerdict
from charging.certificate.page_words import ITEM_VERDICTS, VERDICTS, WORDS, words_of


def test_everything_is_said_in_both_languages() -> None:
    """With the same fields; a verdict of each kind."""
    assert set(VERDICTS) == set(OverallVerdict)
    assert set(ITEM_VERDICTS) == set(ItemVerdict)
    for both in (*WORDS.values(), *VERDICTS.values(), *ITEM_VERDICTS.values()):
        assert set(re.findall(r"{\w+}", both.fr)) == set(re.findall(r"{\w+}", both.en))


@pytest.mark.parametrize(("language", "text"), [("fr", "Reste\u00a0: x"), ("en", "Still open: x")])
def test_fields_are_filled_in(language: str, text: str) -> None:
    """French has a no-break space before the colon."""
    assert words_of("open_for", language, what="x") == text
