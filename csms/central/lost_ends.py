"""Ends transactions whose end never came: looks at what is stored, now and then."""

from datetime import timedelta

from csms.central.message_writer import MessageWriter
from csms.storage.ends import Waits, find_lost
from runtime.clock import Clock
from runtime.database import Database
from runtime.lifecycle import Background
from runtime.surviving import RecurringTask

LOOK_EVERY_S = 60.0
FREE_FOR = timedelta(minutes=15)
"""How long a connector is Available before its transaction is taken for over: a station that was offline
sends what it has queued first (1.6 §4.10, 2.x E13)."""
BOOTED_FOR = timedelta(hours=1)
"""How long after a boot a station has to tell of a transaction that it took with it, or to send its end."""
AWAY_FOR = timedelta(days=1)
"""How long a station that is out of reach may still have the end, which it cannot send."""
BACK_FOR = timedelta(minutes=5)
"""How long it has to send it once it is back."""


class LostEnds:
    """Nothing is remembered between two looks: all follows from rows."""

    def __init__(
        self, database: Database, message_writer: MessageWriter, clock: Clock, tasks: Background
    ) -> None:
        self._database, self._message_writer, self._clock = database, message_writer, clock
        self._looks = RecurringTask(clock, LOOK_EVERY_S, self.look, tasks, event="lost_ends_not_looked_for")

    def start(self) -> None:
        """Look now, and from now on."""
        self._looks.start()

    def stop(self) -> None:
        """Look no more."""
        self._looks.stop()

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
