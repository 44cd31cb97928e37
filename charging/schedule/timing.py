"""Which period of a profile holds at an instant, and until when the answer stays the same."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from charging.schedule.shapes import DYNAMIC, RECURRING, RELATIVE, WEEKLY, PeriodShape, ProfileShape

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """What a profile says from an instant on: a period, or nothing, `until` then (None: for ever)."""

    period: PeriodShape | None
    until: datetime | None


FOR_EVER_NOTHING = PeriodSpan(None, None)


@dataclass(frozen=True, slots=True)
class Timing:
    """What the time of a profile is measured by."""

    since: datetime | None = None
    """When energy could first be delivered: relative schedules begin here (2.1 §3.3). None: not yet."""
    offline_since: datetime | None = None
    zone: tzinfo = UTC
    """The station's own, for schedules in local time (2.1)."""


def stretch_at(profile: ProfileShape, at: datetime, timing: Timing) -> PeriodSpan:
    """The period that holds at `at`; `valid_from` is included, `valid_to` is not (K01.FR.36, .37)."""
    if profile.valid_from is not None and at < profile.valid_from:
        return PeriodSpan(None, profile.valid_from)
    ends_at = earlier(profile.valid_to, _offline_end(profile, timing))
    if ends_at is not None and at >= ends_at:
        return FOR_EVER_NOTHING
    found = _scheduled(profile, at, timing)
    if found.period is None and found.until is None:
        return found
    return PeriodSpan(found.period, earlier(found.until, ends_at))


def _offline_end(profile: ProfileShape, timing: Timing) -> datetime | None:
    """2.1: it stays valid for so long without a connection."""
    if timing.offline_since is None or profile.max_offline_s is None:
        return None
    return timing.offline_since + timedelta(seconds=profile.max_offline_s)


def _scheduled(profile: ProfileShape, at: datetime, timing: Timing) -> PeriodSpan:
    schedule = profile.schedules[0]
    length = timedelta(seconds=schedule.duration_s) if schedule.duration_s is not None else None
    if profile.kind == DYNAMIC:
        return PeriodSpan(schedule.periods[0], None)
    if profile.kind == RECURRING and schedule.starts_at is not None:
        return _recurring(profile, schedule.starts_at, at, timing, length)
    start = schedule.starts_at
    if profile.kind == RELATIVE or start is None:  # 1.6 §7.13: without a start it is relative
        start = timing.since
    elif schedule.use_local_time:
        start = _local(start, timing.zone, timedelta(0))
    if start is None:
        return FOR_EVER_NOTHING
    if at < start:
        return PeriodSpan(None, start)  # K01.FR.30
    return _within(schedule.periods, start, at, start + length if length is not None else None)


def _recurring(
    profile: ProfileShape, starts_at: datetime, at: datetime, timing: Timing, length: timedelta | None
) -> PeriodSpan:
    """It begins again every 24 hours or 7 days after its start (1.6 errata 3.79); what is longer than that is
    cut off (3.44), what is shorter falls back to lower levels (K01.FR.13).
    """
    schedule, every = profile.schedules[0], WEEK if profile.recurrence == WEEKLY else DAY

    def nth(number: int) -> datetime:
        if schedule.use_local_time:
            return _local(starts_at, timing.zone, number * every)
        return starts_at + number * every

    first = nth(0)
    if at < first:
        return PeriodSpan(None, first)
    number = (at - first) // every
    while nth(number + 1) <= at:  # where clocks change, a day is shorter or longer
        number += 1
    while nth(number) > at:
        number -= 1
    start, again = nth(number), nth(number + 1)
    end = min(start + length, again) if length is not None else again
    found = _within(schedule.periods, start, at, end)
    return found if found.until is not None else PeriodSpan(None, again)


def _within(
    periods: Sequence[PeriodShape], start: datetime, at: datetime, end: datetime | None
) -> PeriodSpan:
    """Periods that begin at the schedule's end or later are not executed (K01.FR.11, .12)."""
    if end is not None and at >= end:
        return FOR_EVER_NOTHING
    starts = [each.start_s for each in periods]
    index = bisect_right(starts, (at - start).total_seconds())
    following = start + timedelta(seconds=starts[index]) if index < len(periods) else None
    return PeriodSpan(periods[index - 1] if index else None, earlier(following, end))


def _local(start: datetime, zone: tzinfo, later: timedelta) -> datetime:
    """The wall time of `start`, so much later, in the station's zone."""
    return (start.replace(tzinfo=None) + later).replace(tzinfo=zone).astimezone(UTC)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants; None is never."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)
