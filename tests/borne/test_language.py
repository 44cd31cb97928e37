"""The terminal speaks the language of whoever sits there."""

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
        (None, {}, "en"),
    ],
)
def test_a_wish_wins_over_the_locale(wish: str | None, environment: dict[str, str], language: str) -> None:
    """LC_ALL wins over LC_MESSAGES over LANG, as POSIX says; what is no French is English."""
    assert speech_of(wish, environment).language == language


def test_both_languages_say_all_of_it() -> None:
    """The same fields in each text; no text is empty."""
    for key, (english, french) in _TEXTS.items():
        assert english
        assert french
        fields = {"url": 1, "count": 2, "station": 3, "file": 4, "command": 5}
        assert all(
            (f"{value}" in english.format(**fields)) == (f"{value}" in french.format(**fields))
            for value in fields.values()
        ), key


def test_a_text_is_said_with_its_fields() -> None:
    """And a key that nobody wrote is an error, not an empty line."""
    assert speech_of("en").say("more", count=3) == "… and 3 more"
    assert speech_of("fr").say("more", count=3) == "… et 3 de plus"
    with pytest.raises(KeyError):
        speech_of("en").say("nothing")
