"""A language that nobody speaks: every text of the console between marks, so that what is not shows."""

import re
from collections.abc import Mapping
from functools import cached_property

from console.catalogue import texts_of
from console.words import Words

BEGIN, END = "⟦", "⟧"
_INNERMOST = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")


def marked(text: str) -> str:
    """Between the marks."""
    return f"{BEGIN}{text}{END}"


class PseudoWords(Words):
    """English between marks."""

    @cached_property
    def texts(self) -> Mapping[str, str]:  # type: ignore[override] # read once; the other asks its cache
        """All of them."""
        return {key: marked(text) for key, text in texts_of("en").items()}

    def as_is(self, text: str) -> str:
        """What other parts of the program say."""
        return marked(text)


def without_marked(text: str) -> str:
    """What is left when all that stands between marks is taken out, also where some stand inside others."""
    while (shorter := _INNERMOST.sub(" ", text)) != text:
        text = shorter
    return text
