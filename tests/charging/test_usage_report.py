"""Reports: days of the site's own zone, sums that no order changes."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.usage_report import (
    ReportBy,
    ReportedSession,
    ReportLine,
    ReportPeriod,
    ReportPlace,
    ReportWanted,
    UsageReport,
    summed,
)

MONTREAL = ZoneInfo("America/Montreal")
PORT = ReportPlace("a", "une", MONTREAL, "p1", "P1", "s1", "Port")
QUAY = ReportPlace("b", "une", MONTREAL, "p2", "P2", "s1", "Port")
NOWHERE = ReportPlace("c", "default")
MARCH = ReportWanted(date(2026, 3, 1), date(2026, 3, 31))


def session(at: str, energy_wh: float | None = 1000, cost: int | None = 250_000) -> ReportedSession:
    """One of an hour."""
    started_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    currency = "CAD" if cost is not None else None
    return ReportedSession(started_at, started_at + timedelta(hours=1), energy_wh, cost, currency)


@pytest.mark.parametrize(
    ("by", "about"),
    [
        (ReportBy.STATION, [("a", "P1", 2), ("b", "P2", 1), ("c", "c", 1)]),
        (ReportBy.PLACE, [("", "", 1), ("p1", "P1", 2), ("p2", "P2", 1)]),
        (ReportBy.SITE, [("", "", 1), ("s1", "Port", 3)]),
        (ReportBy.ORGANISATION, [("default", "default", 1), ("une", "une", 3)]),
    ],
)
def test_lines_are_about_what_was_asked_for(by: ReportBy, about: list[tuple[str, str, int]]) -> None:
    """Who is at no place is a line of its own."""
    wanted = ReportWanted(MARCH.since, MARCH.until, by)
    one = session("2026-03-05T12:00")
    found = summed(wanted, [(PORT, one), (PORT, one), (QUAY, one), (NOWHERE, one)])
    assert [(each.about_id, each.about, each.sessions) for each in found] == about


@pytest.mark.requirement("R46", "refuses")
def test_a_day_is_that_of_the_site() -> None:
    """After midnight UTC it is still yesterday in Montréal; what began on no day of these is in none."""
    report = UsageReport(MARCH)
    assert report.add(PORT, session("2026-04-01T03:30"))
    assert not report.add(NOWHERE, session("2026-04-01T03:30"))
    assert not report.add(PORT, session("2026-03-01T04:30"))
    assert report.add(NOWHERE, session("2026-03-01T04:30"))


def test_clocks_that_change_lose_no_day() -> None:
    """8 March 2026: from 01:59 EST to 03:00 EDT."""
    wanted = ReportWanted(date(2026, 3, 8), date(2026, 3, 8), period=ReportPeriod.DAY)
    report = UsageReport(wanted)
    inside = [report.add(PORT, session(at)) for at in ("2026-03-08T05:00", "2026-03-09T03:59")]
    outside = [report.add(PORT, session(at)) for at in ("2026-03-08T04:59", "2026-03-09T04:00")]
    assert (inside, outside) == ([True, True], [False, False])


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        (ReportPeriod.DAY, ["2026-03-04", "2026-03-09", "2026-03-31"]),
        (ReportPeriod.WEEK, ["2026-03-03", "2026-03-09", "2026-03-30"]),
        (ReportPeriod.MONTH, ["2026-03-03"]),
        (ReportPeriod.WHOLE, ["2026-03-03"]),
    ],
)
def test_lines_are_as_long_as_was_asked_for(period: ReportPeriod, begins: list[str]) -> None:
    """Weeks begin on Monday, and no line before the report."""
    wanted = ReportWanted(date(2026, 3, 3), date(2026, 4, 30), period=period)
    days = ("2026-03-04", "2026-03-09", "2026-03-31")
    found = summed(wanted, [(PORT, session(f"{day}T15:00")) for day in days])
    assert [each.begins.isoformat() for each in found] == begins


@pytest.mark.requirement("R46", "passes")
def test_what_was_delivered_earned_and_avoided() -> None:
    """Each rounded once; a session without a price is in the energy, and in no revenue."""
    wanted = ReportWanted(
        MARCH.since, MARCH.until, energy_price_micro=101_500, avoided_g_per_kwh=Fraction("612.5")
    )
    some = session("2026-03-05T12:00", 1234.5), session("2026-03-06T12:00", None, None)
    (line,) = summed(wanted, [(PORT, each) for each in some])
    assert (line.sessions, line.seconds, line.energy_wh, line.revenue) == (2, 7200, 1235, {"CAD": 250_000})
    assert line.energy_cost_micro(wanted) == 125_302  # 1.2345 kWh at 0.1015: 0.12530175
    assert line.avoided_g(wanted) == 756  # 756.13
    assert line.energy_cost_micro(MARCH) is None
    assert line.avoided_g(MARCH) is None


def test_what_may_still_change_is_counted() -> None:
    """It is in the sums all the same; a clock that went back makes no negative time."""
    at = datetime(2026, 3, 5, tzinfo=UTC)
    held = ReportedSession(at, at - timedelta(hours=1), 500, 1, "CAD", is_provisional=True)
    (line,) = summed(MARCH, [(PORT, held), (PORT, session("2026-03-05T12:00"))])
    assert (line.sessions, line.provisional, line.seconds) == (2, 1, 3600)


def test_a_correction_below_nothing_is_rounded_alike() -> None:
    """Half away from zero."""
    line = ReportLine("a", "A", MARCH.since, energy_mwh=-1500)
    assert line.energy_wh == -2
    assert ReportLine("a", "A", MARCH.since, energy_mwh=1500).energy_wh == 2


SESSIONS = st.lists(
    st.builds(
        session,
        st.sampled_from(["2026-03-01T04:59", "2026-03-05T12:00", "2026-03-31T23:00", "2026-04-01T03:59"]),
        st.none() | st.floats(0, 1e6),
        st.none() | st.integers(0, 10**9),
    ),
    max_size=8,
)


@given(sessions=SESSIONS, seed=st.randoms())
def test_no_order_changes_a_sum(sessions: list[ReportedSession], seed: object) -> None:
    """Nor into how many lines the time is cut."""
    mixed = sorted(sessions, key=lambda _: seed.random())  # type: ignore[attr-defined] # a Random
    assert summed(MARCH, [(PORT, each) for each in sessions]) == summed(
        MARCH, [(PORT, each) for each in mixed]
    )
    daily = summed(
        ReportWanted(MARCH.since, MARCH.until, period=ReportPeriod.DAY), [(PORT, each) for each in sessions]
    )
    whole = summed(MARCH, [(PORT, each) for each in sessions])
    assert sum(each.energy_mwh for each in daily) == sum(each.energy_mwh for each in whole)
    assert sum(each.sessions for each in daily) == sum(each.sessions for each in whole)
