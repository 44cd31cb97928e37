"""A session cut where a price may change: at each edge of a restriction, on the clock or in what is measured.

Within a stretch every restriction holds throughout or not at all, so that one look at its beginning tells the
price of all of it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from charging.tariff.course import MS, Activity, Course, CoursePart
from charging.tariff.model import IdlePolicy, Tariff, zone_of
from charging.tariff.money import Exact
from charging.tariff.restrictions import Circumstances

_EV_SIDE = frozenset({Activity.SUSPENDED_EV, Activity.CONNECTED})
IDLE_ACTIVITIES: dict[IdlePolicy, frozenset[Activity]] = {
    "ev-after-charging": _EV_SIDE,
    "ev-side": _EV_SIDE,
    "not-charging": _EV_SIDE | {Activity.SUSPENDED_EVSE},
}
PARKED = IDLE_ACTIVITIES["not-charging"]
"""Connected, allowed to charge, and not charging (OCPI PARKING_TIME)."""


class Stretch(NamedTuple):
    """A part of a session with one price per component. `begins` in ms from its start."""

    begins: Exact
    ms: Exact
    energy: Exact
    activity: Activity
    is_idle: bool
    now: Circumstances


class Edges:
    """Where the prices of a tariff may change."""

    def __init__(self, tariff: Tariff, course: Course) -> None:
        used = [each.when for each in tariff.elements]
        self.energies = _thresholds(used, "energy_wh")
        self.durations = _thresholds(used, "duration_s")
        self.chargings = _thresholds(used, "charging_s")
        idles = _thresholds(used, "idle_s")
        if tariff.idle_grace_s:
            idles = sorted({*idles, tariff.idle_grace_s * MS})
        self.idles = idles
        self.has_clock = any(each.has_clock or each.has_day for each in used)
        if self.has_clock:
            times = {time(0)}
            for each in used:
                times |= {moment for moment in (each.from_time, each.until_time) if moment is not None}
            self.durations = sorted({*self.durations, *clock_edges(course, times, zone_of(tariff))})


def _thresholds(used: Iterable[object], name: str) -> list[int]:
    found = {getattr(each, f"{end}_{name}") for each in used for end in ("min", "max")}
    return sorted(value * 1000 for value in found if value)


def clock_edges(course: Course, times: Iterable[time], zone: ZoneInfo) -> Iterator[int]:
    """Where the wall clock shows one of these times, or is changed, in ms from the start of the session."""
    first, last = course.starts_at, course.starts_at + timedelta(milliseconds=course.ms)
    day, until = first.astimezone(zone).date(), last.astimezone(zone).date()
    while day <= until:
        for instant in _instants_of(day, times, zone):
            if first < instant < last:
                yield -((first - instant) // timedelta(milliseconds=1))  # never before it
        day += timedelta(days=1)


def _instants_of(day: date, times: Iterable[time], zone: ZoneInfo) -> Iterator[datetime]:
    begins = datetime.combine(day, time(0), zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
    for each in times:
        for fold in (0, 1):
            yield datetime.combine(day, each, zone).replace(fold=fold).astimezone(UTC)
    if begins.astimezone(zone).utcoffset() != ends.astimezone(zone).utcoffset():
        yield _change_between(begins, ends, zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock is changed, by bisection."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


class _Counters:
    """What has gone by at the beginning of a part."""

    def __init__(self, *, has_charged: bool) -> None:
        self.ms = self.energy = self.charging = self.idle = 0
        self.has_charged = has_charged


def stretches(tariff: Tariff, course: Course) -> Iterator[Stretch]:
    """The session, cut."""
    edges, zone = Edges(tariff, course), zone_of(tariff)
    seen = _Counters(has_charged=not course.is_charging_reported and course.energy_mwh > 0)
    holidays = frozenset(tariff.holidays)
    local = course.starts_at.astimezone(zone)
    idle_activities = IDLE_ACTIVITIES[tariff.idle_policy]
    for part in course.parts:
        if part.activity is Activity.CHARGING:
            seen.has_charged, seen.idle = True, 0
        is_after = seen.has_charged or tariff.idle_policy != "ev-after-charging"
        is_idle = part.activity in idle_activities and is_after
        for begins, ends in _cut(part, seen, edges, is_idle=is_idle):
            gone = part.ms * begins
            if edges.has_clock:
                since = timedelta(microseconds=int((seen.ms + gone) * 1000))
                local = (course.starts_at + since).astimezone(zone)
            now = Circumstances(
                local,
                bool(holidays) and local.date() in holidays,
                course.evse_kind,
                seen.energy + part.energy_mwh * begins,
                part.power_w,
                part.current_ma,
                seen.ms + gone,
                seen.charging + (gone if part.activity is Activity.CHARGING else 0),
                seen.idle + (gone if is_idle else 0),
            )
            share = ends - begins
            yield Stretch(
                seen.ms + gone, part.ms * share, part.energy_mwh * share, part.activity, is_idle, now
            )
        seen.ms += part.ms
        seen.energy += part.energy_mwh
        seen.charging += part.ms if part.activity is Activity.CHARGING else 0
        seen.idle += part.ms if is_idle else 0


def _cut(part: CoursePart, seen: _Counters, edges: Edges, *, is_idle: bool) -> Iterable[tuple[Exact, Exact]]:
    """The shares of a part between which something changes: (0, 1) where nothing does."""
    shares: set[Fraction] = set()
    _add(shares, edges.durations, seen.ms, part.ms)
    _add(shares, edges.energies, seen.energy, part.energy_mwh)
    if part.activity is Activity.CHARGING:
        _add(shares, edges.chargings, seen.charging, part.ms)
    if is_idle:
        _add(shares, edges.idles, seen.idle, part.ms)
    if not shares:
        return ((0, 1),)
    ordered: list[Exact] = [0, *sorted(shares), 1]
    return pairwise(ordered)


def _add(shares: set[Fraction], thresholds: list[int], begins: int, length: int) -> None:
    for threshold in thresholds[bisect_right(thresholds, begins) :]:
        if threshold >= begins + length:
            return
        shares.add(Fraction(threshold - begins, length))
