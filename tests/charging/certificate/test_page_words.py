"""The words of the page."""

import re

import pytest

from charging.certificate.document import ItemVerdict, OverallVerdict
from charging.certificate.page_words import ITEM_VERDICTS, VALUE_NAMES, VERDICTS, WORDS, value_name, words_of


def test_everything_is_said_in_both_languages() -> None:
    """With the same fields; a verdict of each kind."""
    assert set(VERDICTS) == set(OverallVerdict)
    assert set(ITEM_VERDICTS) == set(ItemVerdict)
    for both in (*WORDS.values(), *VERDICTS.values(), *ITEM_VERDICTS.values(), *VALUE_NAMES.values()):
        assert set(re.findall(r"{\w+}", both.fr)) == set(re.findall(r"{\w+}", both.en))


@pytest.mark.parametrize(("language", "text"), [("fr", "Reste\u00a0: x"), ("en", "Still open: x")])
def test_fields_are_filled_in(language: str, text: str) -> None:
    """French has a no-break space before the colon."""
    assert words_of("open_for", language, what="x") == text


def test_values_go_by_their_names() -> None:
    """One that nobody named is shown as it is."""
    assert [value_name("offset", each) for each in ("fr", "en")] == ["écart", "offset"]
    assert value_name("mA", "fr") == "mA"
