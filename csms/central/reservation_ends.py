"""Ends reservations whose time has passed: looks at what is stored, now and then."""

from csms.central.stored_looks import StoredLooks
from csms.central.write_requests import ReservationsDue
from csms.rules.reservations import EXPIRED_AFTER
from csms.storage.reservations import due_reservations


class ReservationEnds(StoredLooks):
    """Lets them expire."""

    event = "reservations_not_looked_for"
    every_s = 30.0

    async def look(self) -> int:
        """End those that are over; how many were due."""
        now = self._clock.now()
        due = await self._database.run_read(
            lambda connection: due_reservations(connection, now - EXPIRED_AFTER)
        )
        if due:
            await self._message_writer.expire(ReservationsDue(tuple(due), now))
        return len(due)
