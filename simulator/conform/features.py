"""Declared features, and whether a case applies: `C-13 and not C-56`, as part 5 names them."""

import re
from collections.abc import Mapping

from simulator.conform.errors import ConformError

_WORD = re.compile(r"\(|\)|[^\s()]+")
WORDS = ("and", "or", "not", "(", ")")


def missing(needs: str, features: Mapping[str, bool]) -> str | None:
    """None where what a case needs is declared; else which features it needs. Raises ConformError."""
    if not needs.strip():
        return None
    reader = _Reader(_WORD.findall(needs), features)
    holds = reader.either()
    if reader.left:
        raise ConformError(f"{needs!r} is no condition: `{reader.left[0]}` is one word too many")
    if holds:
        return None
    named = [word for word in _WORD.findall(needs) if word.lower() not in WORDS]
    declared = ", ".join(f"{word} {'yes' if features.get(word, False) else 'no'}" for word in named)
    return f"it needs {needs}; declared: {declared}"


class _Reader:
    """Reads a condition from left to right; `and` binds closer than `or`."""

    def __init__(self, words: list[str], features: Mapping[str, bool]) -> None:
        self.left = words
        self._features = features

    def either(self) -> bool:
        holds = self._both()
        while self._next_is("or"):
            holds = self._both() or holds
        return holds

    def _both(self) -> bool:
        holds = self._one()
        while self._next_is("and"):
            holds = self._one() and holds
        return holds

    def _one(self) -> bool:
        if self._next_is("not"):
            return not self._one()
        if self._next_is("("):
            holds = self.either()
            if not self._next_is(")"):
                raise ConformError("a condition lacks a closing parenthesis")
            return holds
        if not self.left or self.left[0].lower() in WORDS:
            raise ConformError("a condition ends too early")
        return bool(self._features.get(self.left.pop(0), False))

    def _next_is(self, word: str) -> bool:
        if self.left and self.left[0].lower() == word:
            self.left.pop(0)
            return True
        return False
