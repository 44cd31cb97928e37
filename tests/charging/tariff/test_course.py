"""charging.tariff.course: what a session was."""

from datetime import UTC, datetime

from charging.tariff.course import Activity, Course, CoursePart, joined, thousandths, totals

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
CHARGING, SUSPENDED = Activity.CHARGING, Activity.SUSPENDED_EV


def test_totals() -> None:
    """It charged first, and was idle in the end; never longer idle than it lasted."""
    assert totals(AT, energy_wh=1.5, duration_s=10, idle_s=4).parts == (
        CoursePart(6000, CHARGING, 1500),
        CoursePart(4000, SUSPENDED),
    )
    assert totals(AT, energy_wh=-1, duration_s=10).parts == (CoursePart(10_000, CHARGING, 0),)
    assert totals(AT, energy_wh=0, duration_s=0, idle_s=4).ms == 4000


def test_in_vain_is_what_is_known_to_have_taken_nothing() -> None:
    """Not what was not measured, and not what never started."""
    assert Course(AT, (CoursePart(60_000, CHARGING),)).is_in_vain
    assert not Course(AT, (CoursePart(60_000, CHARGING, 1),)).is_in_vain
    assert not Course(AT, (CoursePart(60_000, CHARGING),), is_measured=False).is_in_vain
    assert not Course(AT).is_in_vain


def test_some_stations_never_report_that_they_charge() -> None:
    """Whatever they deliver."""
    assert Course(AT, (CoursePart(1000, SUSPENDED), CoursePart(1000, CHARGING))).is_charging_reported
    assert not Course(AT, (CoursePart(1000, SUSPENDED, 7),)).is_charging_reported


def test_joined() -> None:
    """Alike at the same rate; nothing that nothing went on in."""
    parts = (
        CoursePart(0, SUSPENDED),
        CoursePart(1000, CHARGING, 10),
        CoursePart(2000, CHARGING, 20),
        CoursePart(2000, CHARGING, 30),
        CoursePart(0, CHARGING, 5),
        CoursePart(1000, CHARGING, 10, power_w=7),
    )
    assert joined(parts) == (
        CoursePart(3000, CHARGING, 30),
        CoursePart(2000, CHARGING, 30),
        CoursePart(0, CHARGING, 5),
        CoursePart(1000, CHARGING, 10, power_w=7),
    )
    assert Course(AT, parts).energy_mwh == 75


def test_thousandths() -> None:
    """Never less than none."""
    assert [thousandths(each) for each in (-1.0, 0.0004, 1.2345)] == [0, 0, 1234]
