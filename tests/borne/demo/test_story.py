"""The story is told in both languages, with the same facts."""

import re

import pytest

from borne.demo.story import _LINES, Story

_FIELD = re.compile(r"\{(\w+)\}")


def test_both_languages_tell_the_same_facts() -> None:
    """The same fields in each line."""
    for key, (english, french) in _LINES.items():
        assert sorted(_FIELD.findall(english)) == sorted(_FIELD.findall(french)), key


@pytest.mark.parametrize(("language", "words"), [("en", "is active"), ("fr", "est active")])
def test_a_line_is_written_once(language: str, words: str) -> None:
    """With its fields; a key that nobody wrote is an error."""
    lines: list[str] = []
    Story(lines.append, language).write("active", mac="02:B0:16:00:00:01")
    assert len(lines) == 1
    assert lines[0].startswith("02:B0:16:00:00:01")
    assert words in lines[0]
    with pytest.raises(KeyError):
        Story(lines.append, language).write("nothing")
