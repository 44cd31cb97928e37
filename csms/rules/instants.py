"""Which time to believe: the station's own, unless it cannot be (quirk 58, reliability C-17; rule 19).

What happened lies before the message that tells of it, by as long as the station may have kept it: it is
received at once where the station was connected when it happened, and had sent what it kept before. A time
that cannot be gives way to that of reception, so that no bill rests on it.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from csms.domain.flags import CLOCK_AHEAD, CLOCK_BEHIND, CLOCK_UNSET

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead a clock may be: stations set theirs once a day, or less."""
BACKLOG_OLDEST = timedelta(days=730)
"""No station keeps a message longer, not even one that is out of reach for a season."""
DELAY_MOST = timedelta(minutes=50)
"""How late a message of a connected station may be: it tries again, and sends what it kept first, in order
(1.6 §4.8, §4.10; 2.x E13). A clock that shows local time as UTC is wrong by more than that.
"""


class Instant(msgspec.Struct, frozen=True, gc=False):
    """The instant to count with, and the flag where the station's clock is odd."""

    at: datetime
    flag: str | None = None

    @property
    def is_timed(self) -> bool:
        """Whether it is the station's own, and not that of reception."""
        return self.flag is None


def believed(at: datetime | None, received_at: datetime, online_since: datetime | None = None) -> Instant:
    """The instant to count with. `online_since`: from when on the station could send at once, where known.

    Samples may be older than that: stations collect them for the end (1.6 transactionData).
    """
    if at is None or at < EARLIEST:
        return Instant(received_at, CLOCK_UNSET)
    if at - received_at > CLOCK_TOLERANCE:
        return Instant(received_at, CLOCK_AHEAD)
    if received_at - at > BACKLOG_OLDEST:
        return Instant(received_at, CLOCK_BEHIND)
    if online_since is not None and online_since <= at and received_at - at > DELAY_MOST:
        return Instant(received_at, CLOCK_BEHIND)
    return Instant(at)
