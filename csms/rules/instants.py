"""Which time to believe: the station's own, unless its clock makes no sense (quirk 58, reliability C-17)."""

from datetime import UTC, datetime, timedelta

from csms.rules.flags import CLOCK_AHEAD, CLOCK_UNSET

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(minutes=5)


def believed(at: datetime | None, received_at: datetime) -> tuple[datetime, str | None]:
    """The instant to count with, and the flag where the station's clock is odd."""
    if at is None or at < EARLIEST:
        return received_at, CLOCK_UNSET
    if at - received_at > CLOCK_TOLERANCE:
        return at, CLOCK_AHEAD
    return at, None
