"""The word that somebody may have meant: one rule for bodies, queries, settings, scenarios and commands."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; None where none is."""
    words = {each.casefold(): each for each in known}
    found = get_close_matches(word.casefold(), list(words), 1)
    return words[found[0]] if found else None


def guess(word: str, known: Iterable[str], shown: str = "`{}`") -> str:
    """`did you mean …?`, or which words there are. `shown` is how a word is written."""
    words = sorted(known)
    near = nearest(word, words)
    if near is not None:
        return f"did you mean {shown.format(near)}?"
    return f"there are {', '.join(words)}" if words else "there is none"
