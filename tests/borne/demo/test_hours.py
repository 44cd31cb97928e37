"""The demo's hours are closed exactly when they are meant to be, also over midnight."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borne.demo.hours import always_open_but
from charging.calendar import OpeningHours, Period

ZONE = ZoneInfo("America/Regina")


def _calendar(body: dict[str, dict[str, list[dict[str, str]]]]) -> OpeningHours:
    exceptions = tuple(
        (
            date.fromisoformat(day),
            tuple(Period(time.fromisoformat(p["opens"]), time.fromisoformat(p["closes"])) for p in periods),
        )
        for day, periods in body["exceptions"].items()
    )
    return OpeningHours(ZONE, None, exceptions)


@given(
    st.integers(0, 365 * 86_400),
    st.integers(1, 7200),
    st.integers(-90_000, 90_000),
)
def test_closed_within_the_window_and_open_everywhere_else(start_s: int, length_s: int, probe_s: int) -> None:
    """The oracle is the comparison of instants."""
    closes = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=start_s)
    opens = closes + timedelta(seconds=length_s)
    probe = closes + timedelta(seconds=probe_s)
    calendar = _calendar(always_open_but(closes, opens, ZONE))
    assert calendar.is_open(probe) is not (closes <= probe < opens)


@pytest.mark.parametrize("hour", [5, 6])
def test_edges_at_local_midnight(hour: int) -> None:
    """06:00 UTC is midnight in Regina: a day must not vanish when the window begins or ends there."""
    closes = datetime(2026, 5, 1, hour, tzinfo=UTC)
    opens = closes + timedelta(hours=1)
    calendar = _calendar(always_open_but(closes, opens, ZONE))
    assert calendar.next_edge(closes - timedelta(minutes=1)) == closes
    assert calendar.next_edge(closes) == opens
