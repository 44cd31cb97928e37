"""Opening hours that close for a moment, so that one sees stations close and open whatever the hour."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)


def always_open_but(closes: datetime, opens: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A body for `PUT /sites/{id}/hours`: always open except from `closes` to `opens` (aware, under a day).

    `zone` must not change its clocks between the two.
    """
    start, end = closes.astimezone(zone), opens.astimezone(zone)
    days = {start.date(), end.date()}
    return {
        "weekly": None,
        "exceptions": {day.isoformat(): _open_parts(day, start, end) for day in sorted(days)},
    }


def _open_parts(day: date, start: datetime, end: datetime) -> list[dict[str, str]]:
    """What is left of a local day without the closed time; `00:00` as an end is the end of the day."""
    begins = datetime.combine(day, MIDNIGHT, tzinfo=start.tzinfo)
    ends = begins + timedelta(days=1)
    parts = ((begins, min(start, ends)), (max(end, begins), ends))
    return [
        {
            "opens": opens.time().isoformat(),
            "closes": (MIDNIGHT if closes == ends else closes.time()).isoformat(),
        }
        for opens, closes in parts
        if opens < closes
    ]
