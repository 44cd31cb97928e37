"""Which time is believed (reliability CLK-01)."""

from datetime import UTC, datetime, timedelta

import pytest

from csms.domain.flags import CLOCK_AHEAD, CLOCK_BEHIND, CLOCK_UNSET
from csms.rules.instants import Instant, believed
from tests.support.inbound import NOON


@pytest.mark.parametrize(
    ("at", "instant", "flag"),
    [
        (None, NOON, CLOCK_UNSET),
        (datetime(1970, 1, 1, tzinfo=UTC), NOON, CLOCK_UNSET),
        (datetime(1, 1, 1, tzinfo=UTC), NOON, CLOCK_UNSET),
        (NOON - timedelta(days=400), NOON - timedelta(days=400), None),
        (NOON - timedelta(days=740), NOON, CLOCK_BEHIND),
        (NOON.replace(year=2016), NOON, CLOCK_BEHIND),
        (NOON + timedelta(minutes=5), NOON + timedelta(minutes=5), None),
        (NOON + timedelta(minutes=6), NOON, CLOCK_AHEAD),
        (NOON.replace(year=2036), NOON, CLOCK_AHEAD),
    ],
)
def test_the_stations_time_counts_where_it_makes_sense(
    at: datetime | None, instant: datetime, flag: str | None
) -> None:
    """1970 is no time, an old time an offline one; what is older still, or yet to come, cannot be."""
    assert believed(at, NOON) == Instant(instant, flag)


@pytest.mark.parametrize(
    ("minutes_ago", "online_for", "is_believed"),
    [
        (300, 400, False),  # local time marked Z: connected all the time, and five hours late
        (60, 61, False),
        (50, 400, True),  # it may try again for some time
        (300, 60, True),  # it kept it until it could connect
        (300, None, True),
        (-4, 400, True),
    ],
)
def test_a_station_that_could_have_told_it_at_once_did_not_keep_it(
    minutes_ago: float, online_for: float | None, *, is_believed: bool
) -> None:
    """Then its clock is behind, and the reception counts."""
    at = NOON - timedelta(minutes=minutes_ago)
    online_since = NOON - timedelta(minutes=online_for) if online_for is not None else None
    found = believed(at, NOON, online_since)
    assert found == (Instant(at) if is_believed else Instant(NOON, CLOCK_BEHIND))
    assert found.is_timed is is_believed
