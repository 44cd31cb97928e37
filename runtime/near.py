"""The word that somebody may have meant: one rule for bodies, queries, settings, scenarios and commands."""

from collections.abc import Iterable
from difflib import get_close_matches

from runtime.wording import Phrase

NONE_THERE = Phrase("il n'y en a pas", "there is none")
ONLY_ONE = Phrase("il n'y a que {word}", "there is only {word}")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; None where none is."""
    words = {each.casefold(): each for each in known}
    found = get_close_matches(word.casefold(), list(words), 1)
    return words[found[0]] if found else None


def guess(word: str, known: Iterable[str], shown: str = "`{}`") -> Phrase:
    """`did you mean …?`, or which words there are. `shown` is how a word is written."""
    words = sorted(known)
    near = nearest(word, words)
    if near is not None:
        meant = shown.format(near)
        return Phrase("vouliez-vous dire {meant}?", "did you mean {meant}?").filled({"meant": meant})
    if not words:
        return NONE_THERE
    if len(words) == 1:
        return ONLY_ONE.filled({"word": words[0]})
    return Phrase("il y a {words}", "there are {words}").filled({"words": ", ".join(words)})
