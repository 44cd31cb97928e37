"""charging.schedule.timing: which period holds, and until when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from charging.schedule.shapes import DAILY, DYNAMIC, RECURRING, RELATIVE, WEEKLY
from charging.schedule.timing import Timing, stretch_at
from tests.charging.schedule.profiles import NOON, Profile, profile

HOUR = timedelta(hours=1)


def limit_at(of: Profile, at: datetime, timing: Timing | None = None) -> tuple[float | None, datetime | None]:
    """The limit that holds, and until when."""
    found = stretch_at(of, at, timing or Timing())
    return (found.period.limit if found.period is not None else None), found.until


def test_an_absolute_schedule_begins_at_its_start_and_ends_with_its_duration() -> None:
    """K01.FR.30, .12, .11: also a period that would begin at the end is not executed."""
    of = profile((0, 16), (3600, 10), (7200, 6), duration_s=7200)
    assert limit_at(of, NOON - HOUR) == (None, NOON)
    assert limit_at(of, NOON) == (16, NOON + HOUR)
    assert limit_at(of, NOON + HOUR) == (10, NOON + 2 * HOUR)
    assert limit_at(of, NOON + 2 * HOUR) == (None, None)


def test_without_a_duration_the_last_period_goes_on() -> None:
    """2.x ChargingScheduleType.duration."""
    assert limit_at(profile((0, 16), (3600, 10)), NOON + 100 * HOUR) == (10, None)


def test_validity_includes_its_beginning_and_not_its_end() -> None:
    """K01.FR.36, .37."""
    of = profile((0, 16), valid_from=NOON + HOUR, valid_to=NOON + 2 * HOUR)
    assert limit_at(of, NOON) == (None, NOON + HOUR)
    assert limit_at(of, NOON + HOUR) == (16, NOON + 2 * HOUR)
    assert limit_at(of, NOON + 2 * HOUR) == (None, None)


def test_a_relative_schedule_counts_from_when_energy_could_flow() -> None:
    """2.1 §3.3; nothing is said before."""
    of = profile((0, 16), (60, 6), kind=RELATIVE, starts_at=None)
    assert limit_at(of, NOON) == (None, None)
    assert limit_at(of, NOON, Timing(NOON + HOUR)) == (None, NOON + HOUR)
    assert limit_at(of, NOON, Timing(NOON - HOUR)) == (6, None)


def test_an_absolute_schedule_without_a_start_is_relative() -> None:
    """1.6 §7.13; of a recurring one likewise."""
    assert limit_at(profile((0, 16), starts_at=None), NOON, Timing(NOON)) == (16, None)
    assert limit_at(profile((0, 16), starts_at=None, kind=RECURRING), NOON, Timing(NOON)) == (16, None)


def test_a_daily_schedule_begins_again_and_leaves_gaps() -> None:
    """K01.FR.13; 1.6 errata 3.79: every 24 hours after its start, and never before it."""
    of = profile((0, 16), (3600, 10), duration_s=7200, kind=RECURRING, recurrence=DAILY)
    assert limit_at(of, NOON - HOUR) == (None, NOON)
    tomorrow = NOON + timedelta(days=1)
    assert limit_at(of, NOON + 2 * HOUR) == (None, tomorrow)
    assert limit_at(of, tomorrow) == (16, tomorrow + HOUR)
    assert limit_at(of, tomorrow + 1.5 * HOUR) == (10, tomorrow + 2 * HOUR)


def test_what_is_longer_than_a_recurrence_is_cut_off() -> None:
    """1.6 errata 3.44."""
    of = profile((0, 16), (90_000, 6), duration_s=100_000, kind=RECURRING, recurrence=DAILY)
    assert limit_at(of, NOON + timedelta(days=9, hours=3)) == (16, NOON + timedelta(days=10))
    weekly = profile((0, 16), (90_000, 6), kind=RECURRING, recurrence=WEEKLY)
    assert limit_at(weekly, NOON + timedelta(days=9)) == (6, NOON + timedelta(days=14))


def test_local_time_keeps_the_wall_time_over_a_change_of_clocks() -> None:
    """2.1 useLocalTime: 17:00 stays 17:00 in summer, though the day of the change has 23 hours."""
    zone = ZoneInfo("America/Montreal")
    of = profile(
        (0, 6),
        duration_s=3600,
        kind=RECURRING,
        recurrence=DAILY,
        starts_at=datetime(2026, 3, 6, 17, tzinfo=UTC),  # the zone is disregarded
        use_local_time=True,
    )
    timing = Timing(zone=zone)
    for day in (6, 7, 8, 9, 10):  # clocks change on the 8th
        five = datetime(2026, 3, day, 17, tzinfo=zone).astimezone(UTC)
        assert limit_at(of, five - timedelta(seconds=1), timing) == (None, five)
        assert limit_at(of, five, timing) == (6, five + HOUR)


def test_local_time_in_autumn() -> None:
    """The day of the change has 25 hours: the number of days that have passed is one less than it seems."""
    zone = ZoneInfo("America/Montreal")
    of = profile(
        (0, 6),
        kind=RECURRING,
        recurrence=DAILY,
        starts_at=datetime(2026, 10, 31, 17, tzinfo=UTC),
        use_local_time=True,
    )
    again = datetime(2026, 11, 1, 17, tzinfo=zone).astimezone(UTC)
    assert limit_at(of, again - timedelta(minutes=30), Timing(zone=zone)) == (6, again)


def test_an_absolute_start_in_local_time() -> None:
    """Of an absolute schedule the same."""
    zone = ZoneInfo("America/Montreal")
    of = profile((0, 6), use_local_time=True)
    noon_there = datetime(2026, 3, 2, 12, tzinfo=zone).astimezone(UTC)
    assert limit_at(of, NOON, Timing(zone=zone)) == (None, noon_there)


def test_a_dynamic_profile_holds_at_once() -> None:
    """K28.FR.02."""
    assert limit_at(profile((0, 7), kind=DYNAMIC, starts_at=None), NOON) == (7, None)


def test_offline_a_profile_may_lose_its_validity() -> None:
    """2.1 maxOfflineDuration: after so long, lower levels hold."""
    of = profile((0, 16), max_offline_s=3600)
    assert limit_at(of, NOON, Timing(offline_since=NOON)) == (16, NOON + HOUR)
    assert limit_at(of, NOON + HOUR, Timing(offline_since=NOON)) == (None, None)
    assert limit_at(of, NOON + HOUR, Timing()) == (16, None)


def test_before_its_first_period_a_schedule_says_nothing() -> None:
    """No station takes such a one (K01.FR.31); a report may hold it."""
    assert limit_at(profile((60, 16)), NOON) == (None, NOON + timedelta(minutes=1))
