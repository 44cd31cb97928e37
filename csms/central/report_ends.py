"""Tells of reports that stay incomplete: looks at what is stored, now and then."""

from csms.central.message_writer import MessageWriter
from csms.central.write_requests import ReportsDue
from csms.storage.announced_reports import overdue_reports
from runtime.clock import Clock
from runtime.database import Database
from runtime.lifecycle import Background
from runtime.surviving import RecurringTask

LOOK_EVERY_S = 60.0


class ReportEnds:
    """Nothing is remembered between two looks: all follows from rows."""

    def __init__(
        self, database: Database, message_writer: MessageWriter, clock: Clock, tasks: Background
    ) -> None:
        self._database, self._message_writer, self._clock = database, message_writer, clock
        self._looks = RecurringTask(clock, LOOK_EVERY_S, self.look, tasks, event="reports_not_looked_for")

    def start(self) -> None:
        """Look now, and from now on."""
        self._looks.start()

    def stop(self) -> None:
        """Look no more."""
        self._looks.stop()

    async def look(self) -> int:
        """Tell of those that are overdue; how many were."""
        now = self._clock.now()
        found = await self._database.run_read(lambda connection: overdue_reports(connection, now))
        if found:
            await self._message_writer.expire(ReportsDue(tuple(found), now))
        return len(found)
