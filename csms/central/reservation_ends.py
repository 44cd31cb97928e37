"""Ends reservations whose time has passed: looks at what is stored, now and then."""

from csms.central.message_writer import MessageWriter
from csms.central.write_requests import ReservationsDue
from csms.rules.reservations import EXPIRED_AFTER
from csms.storage.reservations import due_reservations
from runtime.clock import Clock
from runtime.database import Database
from runtime.lifecycle import Background
from runtime.surviving import RecurringTask

LOOK_EVERY_S = 30.0


class ReservationEnds:
    """Nothing is remembered between two looks: all follows from rows."""

    def __init__(
        self, database: Database, message_writer: MessageWriter, clock: Clock, tasks: Background
    ) -> None:
        self._database, self._message_writer, self._clock = database, message_writer, clock
        self._looks = RecurringTask(
            clock, LOOK_EVERY_S, self.look, tasks, event="reservations_not_looked_for"
        )

    def start(self) -> None:
        """Look now, and from now on."""
        self._looks.start()

    def stop(self) -> None:
        """Look no more."""
        self._looks.stop()

    async def look(self) -> int:
        """End those that are over; how many were due."""
        now = self._clock.now()
        due = await self._database.run_read(
            lambda connection: due_reservations(connection, now - EXPIRED_AFTER)
        )
        if due:
            await self._message_writer.expire(ReservationsDue(tuple(due), now))
        return len(due)
