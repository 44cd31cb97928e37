"""charging.tariff.restrictions: what holds at an instant."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from charging.tariff.restrictions import (
    ALWAYS,
    Circumstances,
    Restrictions,
    RestrictionsInvalid,
    allows,
    is_within,
)

FRIDAY_23 = Circumstances(
    datetime(2026, 1, 9, 23, 0, tzinfo=UTC), evse_kind="AC", power_w=7000, current_ma=30_000
)


def test_nothing_set_holds_always() -> None:
    """Also where the same is written out."""
    assert allows(ALWAYS, FRIDAY_23)
    assert allows(Restrictions(), FRIDAY_23)


@pytest.mark.parametrize(
    ("begins", "ends", "inside", "outside"),
    [
        (time(9), time(17), (time(9), time(16, 59)), (time(8, 59), time(17))),
        (time(22), time(6), (time(22), time(0), time(5, 59)), (time(6), time(21, 59))),
        (time(9), time(0), (time(9), time(23, 59)), (time(0), time(8, 59))),
        (time(9), None, (time(9), time(23, 59)), (time(8, 59),)),
        (None, time(6), (time(0), time(5, 59)), (time(6),)),
        (time(0), time(0), (time(0), time(12)), ()),
        (time(9), time(9), (time(9), time(8)), ()),
    ],
)
def test_the_time_of_day(begins: Any, ends: Any, inside: tuple[time, ...], outside: tuple[time, ...]) -> None:
    """From included, until not; over midnight; 00:00 is the end of the day."""
    assert [is_within(each, begins, ends) for each in inside] == [True] * len(inside)
    assert [is_within(each, begins, ends) for each in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (Restrictions(from_time=time(22), until_time=time(6)), True),
        (Restrictions(from_time=time(6), until_time=time(22)), False),
        (Restrictions(weekdays=frozenset({4})), True),
        (Restrictions(weekdays=frozenset({5, 6})), False),
        (Restrictions(from_date=date(2026, 1, 9)), True),
        (Restrictions(from_date=date(2026, 1, 10)), False),
        (Restrictions(until_date=date(2026, 1, 10)), True),
        (Restrictions(until_date=date(2026, 1, 9)), False),
        (Restrictions(holidays="only"), False),
        (Restrictions(holidays="never"), True),
        (Restrictions(evse_kind="AC"), True),
        (Restrictions(evse_kind="DC"), False),
        (Restrictions(reservation="used"), False),
        (Restrictions(min_power_w=7000), True),
        (Restrictions(max_power_w=7000), False),
        (Restrictions(min_current_ma=30_001), False),
        (Restrictions(max_current_ma=30_001), True),
        (Restrictions(min_energy_wh=1), False),
        (Restrictions(max_energy_wh=1), True),
        (Restrictions(min_duration_s=1), False),
        (Restrictions(max_charging_s=1), True),
        (Restrictions(min_idle_s=1), False),
    ],
)
def test_each_restriction(when: Restrictions, holds: bool) -> None:
    """At the start of a session, Friday at 23:00."""
    assert allows(when, FRIDAY_23) is holds


def test_all_must_hold() -> None:
    """AND, also over the calendar and the course."""
    both = Restrictions(weekdays=frozenset({4}), min_power_w=6000)
    assert allows(both, FRIDAY_23)
    assert not allows(both, FRIDAY_23._replace(power_w=5000))
    assert not allows(replace(both, weekdays=frozenset({1})), FRIDAY_23)


def test_what_is_not_known_does_not_hold() -> None:
    """Neither as a least nor as a most value."""
    unknown = FRIDAY_23._replace(power_w=None, evse_kind=None)
    assert not allows(Restrictions(max_power_w=50_000), unknown)
    assert not allows(Restrictions(min_power_w=0), unknown)
    assert not allows(Restrictions(evse_kind="AC"), unknown)


def test_a_holiday() -> None:
    """It is one of the tariff's dates."""
    holiday = FRIDAY_23._replace(is_holiday=True)
    assert allows(Restrictions(holidays="only"), holiday)
    assert not allows(Restrictions(holidays="never"), holiday)


def test_reservations() -> None:
    """A price for those that expired is not for those that were used."""
    used = FRIDAY_23._replace(reservation="used")
    assert allows(Restrictions(reservation="used"), used)
    assert not allows(Restrictions(reservation="expired"), used)
    assert allows(ALWAYS, used)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"weekdays": frozenset({7})}, "weekdays"),
        ({"min_energy_wh": 5, "max_energy_wh": 5}, "max_energy_wh must be above"),
        ({"min_idle_s": -1}, "min_idle_s"),
        ({"max_power_w": 0}, "max_power_w"),
        ({"from_date": date(2026, 1, 2), "until_date": date(2026, 1, 2)}, "until_date"),
    ],
)
def test_what_no_instant_can_meet_is_refused(fields: dict[str, Any], words: str) -> None:
    """The text names the field."""
    with pytest.raises(RestrictionsInvalid, match=words):
        Restrictions(**fields)


def test_what_it_depends_on() -> None:
    """On the clock, the day, and on what went before."""
    assert Restrictions(until_time=time(6)).has_clock
    assert Restrictions(holidays="only").has_day
    assert Restrictions(max_idle_s=1).has_course
    assert (ALWAYS.has_clock, ALWAYS.has_day, ALWAYS.has_course) == (False, False, False)
