"""How instants and amounts are written, for the outside and for people. Pure."""

import re
from datetime import UTC, datetime
from typing import overload

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_UNSEEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\xad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb"
    "\\ud800-\\udfff\\U000e0000-\\U000e007f]"
)
"""Control characters, line ends of all kinds, what turns text around or has no width, half characters."""


def printable(text: str) -> str:
    """A stranger's words as one line for a terminal or a log: what would steer it, end the line or turn it
    around is escaped, as JSON does it.
    """
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


@overload
def instant_text(at: datetime) -> str: ...
@overload
def instant_text(at: datetime | None) -> str | None: ...
def instant_text(at: datetime | None) -> str | None:
    """An instant as RFC 3339 text, for the outside: in UTC, with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def number_text(value: float, digits: int = 0, language: str = "en") -> str:
    """With the separators of the language: 1,234.5 in English, 1 234,5 with a narrow space in French."""
    text = f"{value:,.{digits}f}"
    return text.replace(",", NARROW_SPACE).replace(".", ",") if language == "fr" else text


def power_text(watts: float | None, language: str = "en") -> str:
    """In kW."""
    return f"{number_text((watts or 0) / 1000, 1, language)} kW"


def energy_text(watt_hours: float | None, language: str = "en") -> str:
    """In kWh."""
    return f"{number_text((watt_hours or 0) / 1000, 3, language)} kWh"
