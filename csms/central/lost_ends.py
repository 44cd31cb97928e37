"""Ends transactions whose end never came: looks at what is stored, now and then."""

from datetime import timedelta

from csms.central.stored_looks import StoredLooks
from csms.storage.ends import Waits, find_lost

FREE_FOR = timedelta(minutes=15)
"""How long a connector is Available before its transaction is taken for over: a station that was offline
sends what it has queued first (1.6 §4.10, 2.x E13)."""
BOOTED_FOR = timedelta(hours=1)
"""How long after a boot a station has to tell of a transaction that it took with it, or to send its end."""
AWAY_FOR = timedelta(days=1)
"""How long a station that is out of reach may still have the end, which it cannot send."""
BACK_FOR = timedelta(minutes=5)
"""How long it has to send it once it is back."""


class LostEnds(StoredLooks):
    """Ends them, each with why."""

    event = "lost_ends_not_looked_for"

    async def look(self) -> int:
        """End those whose end is lost; how many."""
        now = self._clock.now()
        found = await self._database.run_read(
            lambda connection: find_lost(
                connection, now, Waits(now - FREE_FOR, now - BOOTED_FOR, now - AWAY_FOR, now - BACK_FOR)
            )
        )
        for request in found:
            await self._message_writer.end(request)
        return len(found)
