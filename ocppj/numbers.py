"""Numbers in text, as meters and their firmware write them: `1700`, ` 1700 `, `1,7`, `1700 Wh`.

What can mean one thing only is read; what could mean two (`1,700`) is no number here.
"""

import math
import re
from typing import NamedTuple

DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""How JSON and everybody else writes a number."""
_WITH_UNIT = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+,[0-9]+)\s*([A-Za-z%]*)"
)
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
"""`1,700` is 1700 to some and 1.7 to others."""
LONGEST = 100
"""Characters; a meter has no longer number, and some readers take quadratic time."""


class NumberText(NamedTuple):
    """A number, the unit that stands behind it (or None), and whether it is written in an odd way."""

    value: float
    unit: str | None = None
    is_odd: bool = False


def whole_number(text: str) -> float | None:
    """The number of a text that is plain digits, as most are; None: ask `number_in_text`."""
    return float(text) if len(text) <= 15 and text.isascii() and text.isdigit() else None


def number_in_text(text: str) -> NumberText | None:
    """The one number that a text can mean; None where there is none, two, or one beyond all bounds."""
    if len(text) > LONGEST:
        return None
    if DECIMAL.fullmatch(text):
        return _finite(NumberText(float(text)))
    match = _WITH_UNIT.fullmatch(text.strip())
    if match is None or _THOUSANDS.fullmatch(match[1]):
        return None
    return _finite(NumberText(float(match[1].replace(",", ".")), match[2] or None, is_odd=True))


def _finite(number: NumberText) -> NumberText | None:
    return number if math.isfinite(number.value) else None
