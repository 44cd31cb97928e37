"""The terminal speaks the language of whoever sits there."""

import re

import pytest

from borne.language import _TEXTS, speech_of


@pytest.mark.parametrize(
    ("wish", "environment", "language"),
    [
        ("fr", {"LANG": "en_CA.UTF-8"}, "fr"),
        ("en", {"LANG": "fr_CA.UTF-8"}, "en"),
        (None, {"LANG": "fr_CA.UTF-8"}, "fr"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "fr_CA.UTF-8"}, "en"),
        (None, {"LC_MESSAGES": "fr_FR", "LANG": "de_DE"}, "fr"),
        (None, {"BORNE_LANGUAGE": "fr", "LC_ALL": "en_CA.UTF-8"}, "fr"),
        (None, {"BORNE_LANGUAGE": "en", "LANG": "fr_CA.UTF-8"}, "en"),
        (None, {}, "en"),
    ],
)
def test_a_wish_wins_over_the_locale(wish: str | None, environment: dict[str, str], language: str) -> None:
    """BORNE_LANGUAGE wins, then LC_ALL over LC_MESSAGES over LANG, as POSIX says; no French is English."""
    assert speech_of(wish, environment).language == language


def test_both_languages_say_all_of_it() -> None:
    """The same fields in each text; no text is empty."""
    for key, (english, french) in _TEXTS.items():
        assert english
        assert french
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", french)), key


def test_a_text_is_said_with_its_fields() -> None:
    """And a key that nobody wrote is an error, not an empty line."""
    assert speech_of("en").text("more", count=3) == "… and 3 more"
    assert speech_of("fr").text("more", count=3) == "… et 3 de plus"
    with pytest.raises(KeyError):
        speech_of("en").text("nothing")
