"""How JSON values are compared: as numbers, as times, as versions, as words. Pure."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any


def is_same(wanted: Any, value: Any) -> bool:
    """The same value; numbers by value, and true is never 1."""
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    return bool(wanted == value)


def is_word(word: str, value: Any) -> bool:
    """Whether a word of a form means `value`: the text, or the number, truth or null it spells."""
    if isinstance(value, str):
        return word == value
    if value is None or isinstance(value, bool):
        return word == json.dumps(value)
    amount = number(word)
    return amount is not None and bool(amount == value)


def number(value: Any) -> float | int | None:
    """A number, or a text that is one; None for everything else, and for what is not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int):
        return value
    try:
        amount = float(value)
    except ValueError:
        return None
    return amount if math.isfinite(amount) else None


def instant(value: Any) -> datetime | None:
    """An RFC 3339 time; without a zone it is UTC."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        at = datetime.fromisoformat(value)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def version(text: str) -> tuple[int, ...]:
    """The numbers of a version, without the zeros at its end, so that 1.4 is 1.4.0."""
    numbers = [int(digits[:18]) for digits in re.findall(r"[0-9]+", text)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
