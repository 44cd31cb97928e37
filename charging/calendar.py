"""Opening hours in a site's time zone: weekly periods and dated exceptions, also over midnight and DST changes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo


class HoursInvalid(ValueError):
    """The opening hours contradict themselves; the text says where."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Open from `opens` to `closes` local time. `closes` at or before `opens` means the next day; equal: 24 h."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a site is open. `weekly` has seven entries, Monday first; a date in `exceptions` replaces its weekday.

    A period belongs to the local day it opens on. `weekly=None` means always open, save the exceptions.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Period, ...], ...] | None = None
    exceptions: tuple[tuple[date, tuple[Period, ...]], ...] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at `at` (aware). Openings are included, closings are not."""
        raise NotImplementedError

    def next_edge(self, after: datetime) -> datetime | None:
        """The next instant (UTC) strictly after `after` at which `is_open` changes; None if none within 370 days."""
        raise NotImplementedError
