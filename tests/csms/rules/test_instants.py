"""Which time is believed (reliability CLK-01)."""

from datetime import UTC, datetime, timedelta

import pytest

from csms.rules.flags import CLOCK_AHEAD, CLOCK_UNSET
from csms.rules.instants import believed
from tests.support.inbound import NOON


@pytest.mark.parametrize(
    ("at", "instant", "flag"),
    [
        (None, NOON, CLOCK_UNSET),
        (datetime(1970, 1, 1, tzinfo=UTC), NOON, CLOCK_UNSET),
        (datetime(1, 1, 1, tzinfo=UTC), NOON, CLOCK_UNSET),
        (NOON - timedelta(days=400), NOON - timedelta(days=400), None),
        (NOON + timedelta(minutes=5), NOON + timedelta(minutes=5), None),
        (NOON + timedelta(minutes=6), NOON + timedelta(minutes=6), CLOCK_AHEAD),
        (NOON.replace(year=2036), NOON.replace(year=2036), CLOCK_AHEAD),
    ],
)
def test_the_stations_time_counts_where_it_makes_sense(
    at: datetime | None, instant: datetime, flag: str | None
) -> None:
    """1970 is no time; an old time is an offline one; a clock that is ahead is believed and flagged."""
    assert believed(at, NOON) == (instant, flag)
