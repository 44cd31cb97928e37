"""Small kinds of values in scenario files: durations, texts in two languages, places of variables."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|s|min|h)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
LONGEST_S = 7 * 24 * 3600.0

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_.]*)\}")
"""`${name}` in a text."""
WHOLE_VARIABLE = re.compile(r"^\$\{([A-Za-z_][A-Za-z0-9_.]*)\}$")


def seconds_of(value: Any) -> float:
    """`5 s`, `2 min`, `1 h`, `500 ms`, or a number of seconds. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a duration is a text such as 5 s or 2 min")  # noqa: TRY004 - pydantic wants it
    if isinstance(value, str):
        matched = _DURATION.fullmatch(value.strip())
        if matched is None:
            raise ValueError(f"{value!r} is no duration: write a number and ms, s, min or h, such as 30 s")
        value = float(matched[1]) * _UNIT_S[matched[2]]
    if not 0 < value <= LONGEST_S:
        raise ValueError("a duration is above zero and at most a week")
    return float(value)


def _translated(value: Any) -> Any:
    """One text for both languages, or one for each."""
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    if isinstance(value, dict) and value.keys() == set(LANGUAGES):
        return value
    raise ValueError("a text for people is one text, or {en: …, fr: …}")


Seconds = Annotated[float, BeforeValidator(seconds_of)]
Translated = Annotated[dict[Language, Annotated[str, Field(min_length=1)]], BeforeValidator(_translated)]


def _whole_number(value: Any) -> Any:
    if isinstance(value, str) and WHOLE_VARIABLE.match(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    raise ValueError("this is a whole number, or a variable such as ${evse}")


WholeNumber = Annotated[int | str, BeforeValidator(_whole_number)]
"""A number, or the variable that holds it."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=50)]
Word = Annotated[str, Field(min_length=1, max_length=500)]
