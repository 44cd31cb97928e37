"""Opening hours in a site's time zone: weekly periods and dated exceptions, also over midnight and DST
changes.

Where the clocks change, a time that comes twice opens at its first and closes at its second, and a time that
is skipped means the moment of the change: the site is never closed while the sign at its door says open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HORIZONS_DAYS = (9, 370)  # weekly hours show their next edge within the first; exceptions within the second


class HoursInvalid(ValueError):  # noqa: N818 - named by what is wrong
    """The opening hours contradict themselves; the text says where."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Open from `opens` to `closes`, naive local times. `closes` at or before `opens` means the
    next day; equal: 24 h.
    """

    opens: time
    closes: time


ALL_DAY = Period(time(0), time(0))


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a site is open. `weekly` has seven entries, Monday first; a date in `exceptions` replaces its
    weekday.

    A period belongs to the local day it opens on. `weekly=None` means always open, save the exceptions.
    Raises HoursInvalid.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Period, ...], ...] | None = None
    exceptions: tuple[tuple[date, tuple[Period, ...]], ...] = ()
    _by_date: dict[date, tuple[Period, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.weekly is not None and len(self.weekly) != 7:
            raise HoursInvalid(f"weekly hours need seven days, Monday first, not {len(self.weekly)}")
        by_date = dict(self.exceptions)
        if len(by_date) != len(self.exceptions):
            raise HoursInvalid("a date has two exceptions: give each date once, with all its periods")
        object.__setattr__(self, "_by_date", by_date)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at `at` (aware). Openings are included, closings are not."""
        today = at.astimezone(self.zone).date()
        return any(opens <= at < closes for opens, closes in self._spans(today - DAY, 2))

    def next_edge(self, after: datetime) -> datetime | None:
        """The next instant (UTC) strictly after `after` at which `is_open` changes; None if none
        within 370 days.
        """
        today = after.astimezone(self.zone).date()
        for days in HORIZONS_DAYS:
            # The last day only closes gaps at midnight: what opens after it is unknown here.
            horizon = _instant(datetime.combine(today + days * DAY, time(0)), self.zone, is_last=False)
            for edge in _edges(sorted(self._spans(today - DAY, days + 2))):
                if after < edge < horizon:
                    return edge
        return None

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """The periods that open on a local day."""
        if day in self._by_date:
            return self._by_date[day]
        return (ALL_DAY,) if self.weekly is None else self.weekly[day.weekday()]

    def _spans(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The open spans (UTC) of `days` local days from `first` on."""
        for offset in range(days):
            day = first + offset * DAY
            for period in self.periods_on(day):
                last = day if period.closes > period.opens else day + DAY
                yield (
                    _instant(datetime.combine(day, period.opens), self.zone, is_last=False),
                    _instant(datetime.combine(last, period.closes), self.zone, is_last=True),
                )


def _edges(spans: list[tuple[datetime, datetime]]) -> Iterator[datetime]:
    """The beginnings and ends of the union of sorted spans."""
    begins: datetime | None = None
    ends = datetime.min.replace(tzinfo=UTC)
    for opens, closes in spans:
        if closes <= opens:
            continue  # a period that falls wholly into a skipped hour
        if begins is None or opens > ends:
            if begins is not None:
                yield ends
            yield opens
            begins, ends = opens, closes
        ends = max(ends, closes)
    if begins is not None:
        yield ends


def _instant(wall: datetime, zone: ZoneInfo, *, is_last: bool) -> datetime:
    """The instant (UTC) of a local time: its first or last one where it comes twice, the change
    where it is skipped.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    last = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= last:
        return last if is_last else first
    return _change_between(last, first, zone)  # PEP 495: in a gap, fold=1 names the earlier instant


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the zone's offset changes, by bisection."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
