"""Times on the wire: what stations send, read as aware UTC; what we send, always the same form.

Stations send times without a zone (quirk 55), with a short offset (56), with nanoseconds and with nonsense.
A time that cannot be read is None, never an error, because a billing message is not refused for its clock.
"""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from ocppj.findings import TIME_WITHOUT_ZONE, UNREADABLE_TIME, add_finding

_encode = msgspec.json.Encoder().encode
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = len('"2026-11-24T08:30:00.000000Z"')
_LEAP_SECOND = re.compile(r"(?<=:[0-5]\d):60")


def time_from_wire(text: str | datetime | None) -> tuple[datetime | None, str | None]:
    """Read a wire time: (aware UTC or None, finding or None). Never raises."""
    if text is None:
        return None, None
    at = _parsed(text.strip()) if isinstance(text, str) else text
    if at is None:
        return None, UNREADABLE_TIME
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC), TIME_WITHOUT_ZONE
    try:
        return at.astimezone(UTC), None
    except (OverflowError, ValueError):  # year 1 with a positive offset lies before time began
        return None, UNREADABLE_TIME


def read_time(text: str | datetime | None, findings: list[str]) -> datetime | None:
    """A time of a request; what is odd about it is found once: the codec may have said so."""
    at, finding = time_from_wire(text)
    if finding is not None:
        add_finding(findings, finding)
    return at


def deadline_from_wire(text: str | datetime | None) -> datetime:
    """A time until which something holds; one that cannot be read has passed long ago."""
    at, _ = time_from_wire(text)
    return at if at is not None else _LONG_AGO


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:  # RFC 3339 has small letters (§5.6) and leap seconds (§5.7), `datetime` has neither
        plain, leaps = _LEAP_SECOND.subn(":59", text.upper())
        return datetime.fromisoformat(plain) + timedelta(seconds=leaps)
    except (ValueError, OverflowError):
        return None


def time_to_wire(at: datetime) -> str:
    """Aware UTC as `2026-11-24T08:30:00.000Z`.

    Some stations die without the fraction (quirk 32), others of more than three digits (quirk 33).
    """
    # Every answer to a heartbeat holds one: `isoformat` takes five times as long.
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    quoted = _encode(utc)  # "2026-11-24T08:30:00.000000Z", without the fraction where it is 0
    return f"{quoted[1:24].decode()}Z" if len(quoted) == _MICROSECONDS else f"{quoted[1:20].decode()}.000Z"
