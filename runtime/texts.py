"""How instants and amounts are written, for the outside and for people. Pure."""

import re
from datetime import UTC, datetime

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A stranger's words for a terminal: what would steer it or turn the line around is escaped."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


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
