"""Both languages say the same, all of it."""

import string

from simulator.scenario.model import KINDS
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts, texts


def test_both_languages_say_everything() -> None:
    """With the same fields; and every kind of step has a title."""
    for key, (english, french) in texts().items():
        assert _fields(english) == _fields(french), key
    assert KINDS.keys() <= texts().keys()
    for words in (RunTexts("en"), RunTexts("fr")):
        assert all(words.verdict(verdict) for verdict in (*Verdict, None))
    assert (RunTexts("fr").seconds(1.25), RunTexts("en").seconds(1.25), RunTexts("en").seconds(61.7)) == (
        "1,2\u00a0s",
        "1.2 s",
        "62 s",
    )


def _fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
