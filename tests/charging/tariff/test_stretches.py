"""charging.tariff.stretches: a session is cut where a price may change."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from charging.tariff.course import Activity, Course, CoursePart
from charging.tariff.model import IdlePolicy, PriceElement, Tariff
from charging.tariff.restrictions import Restrictions
from charging.tariff.stretches import clock_edges, stretches

MONTREAL = ZoneInfo("America/Montreal")
MINUTE = 60_000
CHARGING, EV, EVSE = Activity.CHARGING, Activity.SUSPENDED_EV, Activity.SUSPENDED_EVSE


def tariff(*when: Restrictions, idle: IdlePolicy = "ev-after-charging", grace_s: int = 0) -> Tariff:
    elements = tuple(PriceElement("energy", 1, each) for each in when)
    return Tariff(
        "x", "CAD", elements=elements, zone="America/Montreal", idle_policy=idle, idle_grace_s=grace_s
    )


def course(*parts: CoursePart, at: datetime = datetime(2026, 1, 5, 12, tzinfo=UTC)) -> Course:
    return Course(at, parts)


def cuts(of: Tariff, session: Course) -> list[float]:
    """Where each stretch begins, in minutes."""
    return [float(each.begins / MINUTE) for each in stretches(of, session)]


def test_nothing_to_cut() -> None:
    """One stretch per part, in whole numbers."""
    found = list(stretches(tariff(), course(CoursePart(MINUTE, CHARGING, 7), CoursePart(MINUTE, EV))))
    assert [(each.ms, each.energy, each.is_idle) for each in found] == [(MINUTE, 7, False), (MINUTE, 0, True)]
    assert all(isinstance(each.ms, int) for each in found)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Restrictions(min_duration_s=300), [0, 5, 10]),
        (Restrictions(max_energy_wh=1), [0, 2, 10]),
        (Restrictions(min_charging_s=600, max_charging_s=900), [0, 10]),
        (Restrictions(min_charging_s=240), [0, 4, 10]),
        (Restrictions(min_idle_s=240, max_idle_s=300), [0, 10, 14, 15]),
        (Restrictions(from_time=time(7, 3)), [0, 3, 10]),
        (Restrictions(weekdays=frozenset({1})), [0, 10]),
    ],
)
def test_cut_at_each_threshold(when: Restrictions, expected: list[float]) -> None:
    """Ten minutes of 5 Wh, then ten idle; from 07:00 in Montréal on."""
    session = course(CoursePart(10 * MINUTE, CHARGING, 5000), CoursePart(10 * MINUTE, EV))
    assert cuts(tariff(when), session) == expected


def test_each_idle_period_has_its_own_grace() -> None:
    """It ends when it charges again; not with a pause of the station, which does not count in it."""
    session = course(
        CoursePart(MINUTE, EV),
        CoursePart(MINUTE, CHARGING),
        CoursePart(2 * MINUTE, EV),
        CoursePart(5 * MINUTE, EVSE),
        CoursePart(2 * MINUTE, EV),
        CoursePart(MINUTE, CHARGING),
        CoursePart(4 * MINUTE, Activity.CONNECTED),
    )
    found = list(stretches(tariff(grace_s=180), session))
    assert [
        (float(each.begins / MINUTE), float(each.now.idle / MINUTE)) for each in found if each.is_idle
    ] == [
        (2, 0),
        (9, 2),
        (10, 3),
        (12, 0),
        (15, 3),
    ]


@pytest.mark.parametrize(
    ("policy", "idle"),
    [
        ("ev-after-charging", [False, False, False, True, False]),
        ("ev-side", [False, True, False, True, False]),
        ("not-charging", [False, True, False, True, True]),
    ],
)
def test_what_counts_as_idle_is_a_named_policy(policy: IdlePolicy, idle: list[bool]) -> None:
    """Never the time before somebody may charge."""
    activities = (Activity.WAITING, EV, CHARGING, EV, EVSE)
    session = course(*(CoursePart(MINUTE, each) for each in activities))
    assert [each.is_idle for each in stretches(tariff(idle=policy), session)] == idle


def test_some_stations_never_say_that_they_charge() -> None:
    """What they delivered shows that they did; who took nothing only stood there."""
    session = course(CoursePart(MINUTE, EV, 7))
    assert [each.is_idle for each in stretches(tariff(), session)] == [True]
    assert [each.is_idle for each in stretches(tariff(), course(CoursePart(MINUTE, EV)))] == [False]


def test_the_meter_may_jump() -> None:
    """Energy in no time is cut by energy alone."""
    found = list(stretches(tariff(Restrictions(max_energy_wh=1)), course(CoursePart(0, CHARGING, 4000))))
    assert [each.energy for each in found] == [1000, 3000]


@pytest.mark.parametrize(
    ("starts", "minutes", "expected"),
    [
        # 02:00 jumps to 03:00: what is skipped has no edge but the change itself.
        (datetime(2026, 3, 8, 6, 30, tzinfo=UTC), 60, [30]),
        # 02:00 EDT goes back to 01:00 EST: 01:30 comes at the start and an hour later.
        (datetime(2026, 11, 1, 5, 0, tzinfo=UTC), 120, [30, 60, 90]),
        (datetime(2026, 1, 5, 4, 50, tzinfo=UTC), 20, [10]),
    ],
)
def test_edges_on_the_clock(starts: datetime, minutes: int, expected: list[int]) -> None:
    """01:30 and midnight in Montréal; where the clock is changed is an edge as well."""
    session = course(CoursePart(minutes * MINUTE, CHARGING), at=starts)
    found = {each / MINUTE for each in clock_edges(session, {time(0), time(1, 30), time(2, 30)}, MONTREAL)}
    assert sorted(found) == expected


def test_an_edge_is_never_before_its_minute() -> None:
    """A session that starts between two milliseconds meets 07:01 at or after it."""
    session = course(CoursePart(2 * MINUTE, CHARGING), at=datetime(2026, 1, 5, 12, 0, 0, 1, tzinfo=UTC))
    second = list(stretches(tariff(Restrictions(from_time=time(7, 1))), session))[1]
    assert second.now.local.time().replace(microsecond=0) == time(7, 1)


def test_a_cut_by_energy_between_milliseconds_has_a_time_of_day() -> None:
    """A third of a minute and a bit."""
    both = tariff(Restrictions(from_time=time(7, 1), max_energy_wh=1))
    found = list(stretches(both, course(CoursePart(MINUTE, CHARGING, 7000))))
    assert [each.now.local.second for each in found] == [0, 8]
