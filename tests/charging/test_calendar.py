"""charging.calendar against an oracle that walks minute by minute and reads the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charging.calendar import HoursInvalid, OpeningHours, Period
from tests.support.examples import examples

MONTREAL = ZoneInfo("America/Montreal")
MINUTE = timedelta(minutes=1)
OFFICE = Period(time(8), time(21))
NIGHT = Period(time(22), time(6))


def week(*periods: Period) -> tuple[tuple[Period, ...], ...]:
    """The same periods every day."""
    return (periods,) * 7


def local(text: str, zone: ZoneInfo = MONTREAL) -> datetime:
    """A local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def utc(text: str) -> datetime:
    """A UTC time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_office_hours() -> None:
    """Openings are included, closings are not."""
    hours = OpeningHours(MONTREAL, week(OFFICE))
    assert [hours.is_open(local(f"2026-01-07T{at}")) for at in ("07:59", "08:00", "20:59", "21:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert hours.next_edge(local("2026-01-07T08:00")) == local("2026-01-07T21:00")
    assert hours.next_edge(local("2026-01-07T21:00")) == local("2026-01-08T08:00")


def test_over_midnight() -> None:
    """A night belongs to the day it begins on."""
    hours = OpeningHours(MONTREAL, ((), (), (), (), (NIGHT,), (), ()))  # Friday
    assert hours.is_open(local("2026-01-10T05:59"))  # Saturday morning
    assert not hours.is_open(local("2026-01-09T05:59"))
    assert hours.next_edge(local("2026-01-05T00:00")) == local("2026-01-09T22:00")


def test_exceptions_replace_the_weekday() -> None:
    """A holiday closes, also what would have begun that night; an event night opens."""
    holiday, event = date(2026, 6, 24), date(2026, 6, 27)
    hours = OpeningHours(MONTREAL, week(OFFICE, NIGHT), ((holiday, ()), (event, (Period(time(0), time(0)),))))
    assert hours.is_open(local("2026-06-24T05:00"))  # the night of the 23rd
    assert not hours.is_open(local("2026-06-24T12:00"))
    assert not hours.is_open(local("2026-06-25T05:00"))
    assert hours.is_open(local("2026-06-27T21:30"))


def test_always_open_has_no_edge() -> None:
    """Days of 24 h join, also over a change of the clocks; a closed day far away is found."""
    assert OpeningHours(MONTREAL).next_edge(utc("2026-01-01T00:00")) is None
    assert OpeningHours(MONTREAL, week()).next_edge(utc("2026-01-01T00:00")) is None
    christmas = OpeningHours(MONTREAL, None, ((date(2026, 12, 25), ()),))
    assert christmas.next_edge(utc("2026-01-01T00:00")) == local("2026-12-25T00:00")
    assert christmas.next_edge(local("2026-12-25T00:00")) == local("2026-12-26T00:00")


def test_adjoining_periods_are_one() -> None:
    """No edge where one period takes over from the other."""
    periods = (Period(time(8), time(12)), Period(time(12), time(20)), Period(time(9), time(10)))
    hours = OpeningHours(MONTREAL, week(*periods))
    assert hours.next_edge(local("2026-01-07T08:00")) == local("2026-01-07T20:00")


def test_spring_forward() -> None:
    """On 2026-03-08 in Montréal 02:30 does not exist: it means the moment of the change, 07:00 UTC."""
    opens = OpeningHours(MONTREAL, week(Period(time(2, 30), time(5))))
    assert opens.next_edge(local("2026-03-08T01:00")) == utc("2026-03-08T07:00")
    inside = OpeningHours(MONTREAL, week(Period(time(2, 10), time(2, 50))))
    assert inside.next_edge(local("2026-03-07T12:00")) == local("2026-03-09T02:10")


def test_fall_back() -> None:
    """On 2026-11-01 01:30 comes twice: it opens at the first (05:30 UTC) and closes at the second
    (06:30 UTC).
    """
    opens = OpeningHours(MONTREAL, week(Period(time(1, 30), time(5))))
    assert opens.next_edge(local("2026-11-01T00:00")) == utc("2026-11-01T05:30")
    assert opens.next_edge(utc("2026-11-01T05:30")) == utc("2026-11-01T10:00")
    closes = OpeningHours(MONTREAL, week(Period(time(0), time(1, 30))))
    assert closes.next_edge(local("2026-11-01T00:10")) == utc("2026-11-01T06:30")


def test_contradictions_are_refused() -> None:
    """Six days are no week; a date has one exception."""
    with pytest.raises(HoursInvalid, match="seven days"):
        OpeningHours(MONTREAL, (((),) * 6))
    with pytest.raises(HoursInvalid, match="two exceptions"):
        OpeningHours(MONTREAL, None, ((date(2026, 1, 1), ()), (date(2026, 1, 1), (OFFICE,))))


CHANGES = [  # where and when the clocks change: by an hour, half an hour, at midnight, not at all
    (ZoneInfo("America/Montreal"), date(2026, 3, 8)),
    (ZoneInfo("America/Montreal"), date(2026, 11, 1)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4)),
    (ZoneInfo("America/Havana"), date(2026, 3, 8)),
    (ZoneInfo("America/Havana"), date(2026, 11, 1)),
    (ZoneInfo("America/Santiago"), date(2026, 9, 6)),
    (ZoneInfo("Asia/Kolkata"), date(2026, 5, 5)),
]
times = st.builds(lambda quarter: time(quarter // 4, quarter % 4 * 15), st.integers(0, 95))
days = st.lists(st.builds(Period, times, times), max_size=2).map(tuple)
SPAN_MINUTES = 4 * 24 * 60


def walls_around(zone: ZoneInfo, day: date) -> tuple[datetime, list[datetime]]:
    """Midnight before the day before, and what a clock on the wall shows each minute from there on."""
    start = datetime.combine(day - timedelta(days=2), time(0), UTC)
    return start, [(start + n * MINUTE).astimezone(zone).replace(tzinfo=None) for n in range(SPAN_MINUTES)]


def oracle(hours: OpeningHours, day: date) -> tuple[datetime, list[bool]]:
    """Minute by minute: from the first showing of an opening to the last showing of its closing."""
    start, walls = walls_around(hours.zone, day)
    first_at = {wall: n for n, wall in reversed(list(enumerate(walls)))}
    last_at = {wall: n for n, wall in enumerate(walls)}
    opened = [False] * len(walls)
    exceptions = dict(hours.exceptions)
    for offset in range(-4, 5):
        on = day + timedelta(days=offset)
        weekday = (hours.weekly or ())[on.weekday()]
        for period in exceptions.get(on, weekday):
            opens = datetime.combine(on, period.opens)
            ends_on = on if period.closes > period.opens else on + timedelta(days=1)
            closes = datetime.combine(ends_on, period.closes)
            begin = first_at.get(opens, next((n for n, w in enumerate(walls) if w >= opens), len(walls)))
            end = last_at.get(closes, next((n for n, w in enumerate(walls) if w >= closes), len(walls)))
            opened[begin:end] = [True] * max(end - begin, 0)
    return start, opened[: len(walls)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change[0].key}-{change[1]}")
@settings(max_examples=examples(25))
@given(weekly=st.lists(days, min_size=7, max_size=7).map(tuple), special=days)
def test_against_the_clock_on_the_wall(
    change: tuple[ZoneInfo, date], weekly: tuple[tuple[Period, ...], ...], special: tuple[Period, ...]
) -> None:
    """is_open agrees with the oracle at every quarter of an hour, and next_edge with its first change."""
    zone, day = change
    hours = OpeningHours(zone, weekly, ((day, special),))
    start, opened = oracle(hours, day)
    for n in range(24 * 60, 3 * 24 * 60, 15):
        assert hours.is_open(start + n * MINUTE) == opened[n], start + n * MINUTE
    at = 24 * 60 + 7
    for _ in range(4):
        edge = next((n for n in range(at + 1, 3 * 24 * 60) if opened[n] != opened[n - 1]), None)
        found = hours.next_edge(start + at * MINUTE)
        if edge is None:
            assert found is None or found >= start + 3 * 24 * 60 * MINUTE
            return
        assert found == start + edge * MINUTE
        at = edge
