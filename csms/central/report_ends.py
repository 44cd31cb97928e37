"""Tells of reports that stay incomplete: looks at what is stored, now and then."""

from csms.central.stored_looks import StoredLooks
from csms.central.write_requests import ReportsDue
from csms.storage.announced_reports import overdue_reports


class ReportEnds(StoredLooks):
    """Publishes that they are overdue, once each."""

    event = "reports_not_looked_for"

    async def look(self) -> int:
        """Tell of those that are overdue; how many were."""
        now = self._clock.now()
        found = await self._database.run_read(lambda connection: overdue_reports(connection, now))
        if found:
            await self._message_writer.expire(ReportsDue(tuple(found), now))
        return len(found)
