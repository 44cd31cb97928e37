"""charging.tariff.explaining: why a session costs what it costs."""

from datetime import UTC, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from charging.tariff.bill import bill
from charging.tariff.course import Activity, Course, CoursePart
from charging.tariff.explaining import minutes, spans
from charging.tariff.model import PriceElement, Tariff
from charging.tariff.restrictions import Restrictions

MONTREAL = ZoneInfo("America/Montreal")
NIGHT = PriceElement("energy", 100_000, Restrictions(from_time=time(22), until_time=time(6)))
DAY = PriceElement("energy", 200_000)
IDLE = PriceElement("idle", 6_000_000, Restrictions(min_idle_s=60))
FEE = PriceElement("session", 1_000_000)
TARIFF = Tariff("t", "CAD", elements=(NIGHT, DAY, IDLE, FEE), zone="America/Montreal")
COURSE = Course(
    datetime(2026, 1, 6, 2, 58, 30, tzinfo=UTC),
    (
        CoursePart(180_000, Activity.CHARGING, 3_000_000),
        CoursePart(0, Activity.CHARGING, 10_000),
        CoursePart(120_000, Activity.SUSPENDED_EV),
    ),
)


def test_the_spans_tell_the_prices_apart() -> None:
    """Before and after 22:00, within the grace and after it; the fee where it came due."""
    found = spans(bill(TARIFF, COURSE), COURSE, MONTREAL)
    assert [(f"{each.begins_at:%H:%M:%S}", f"{each.ends_at:%H:%M:%S}", each.prices) for each in found] == [
        ("21:58:30", "22:00:00", (DAY, FEE)),
        ("22:00:00", "22:01:30", (NIGHT,)),
        ("22:01:30", "22:02:30", ()),
        ("22:02:30", "22:03:30", (IDLE,)),
    ]
    assert [each.energy_mwh for each in found] == [1_500_000, 1_510_000, 0, 0]
    assert [each.amount for each in found] == [1_300_000, 151_000, 0, 100_000]


def test_minute_by_minute_nothing_is_lost() -> None:
    """Minutes from the start of the session, cut where its price changes; together they are its price."""
    found = list(minutes(bill(TARIFF, COURSE), COURSE, MONTREAL))
    assert [f"{each.begins_at:%H:%M:%S}" for each in found] == [
        "21:58:30",
        "21:59:30",
        "22:00:00",
        "22:00:30",
        "22:01:30",
        "22:01:30",
        "22:02:30",
    ]
    assert sum(each.amount for each in found) == bill(TARIFF, COURSE).net
    assert sum(each.energy_mwh for each in found) == COURSE.energy_mwh
    assert found[0].amount == 1_000_000 + Fraction(200_000)


def test_spans_join_what_is_alike() -> None:
    """Two parts at one price."""
    course = Course(
        COURSE.starts_at, (CoursePart(1000, Activity.CHARGING, 1), CoursePart(1000, Activity.CHARGING))
    )
    free = Tariff("t", "CAD")
    assert [each.energy_mwh for each in spans(bill(free, course), course, MONTREAL)] == [1]
