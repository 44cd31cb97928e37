"""Messages in quarantine: read for people, and decided on."""

from collections.abc import Awaitable, Callable, Sequence

from access.principals import AccessScope
from csms.central.message_writer import MessageWriter
from csms.domain.inbound import Inbound
from csms.domain.quarantine import QuarantineDecision, QuarantineRecord, QuarantineState
from csms.rules.rows import QuarantineDecisionRow
from csms.storage.quarantine import (
    count_waiting,
    find_quarantine,
    one_of_quarantine,
    write_quarantine_decisions,
)
from ocppj.model.messages import Reply
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from runtime.database import Database


class Quarantine:
    """Implements `csms.api.ports.QuarantineRecords` and `csms.gateway.readmission.QuarantineStore`."""

    def __init__(
        self,
        database: Database,
        message_writer: MessageWriter,
        last_version: Callable[[StationId], Awaitable[OcppVersion | None]],
    ) -> None:
        self._database = database
        self._message_writer = message_writer
        self._last_version = last_version

    async def find(
        self,
        scope: AccessScope,
        *,
        station_id: StationId | None = None,
        state: QuarantineState | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[QuarantineRecord]:
        """The messages that fit all that is given, newest first."""
        return await self._database.run_read(
            lambda connection: find_quarantine(
                connection, scope, station_id=station_id, state=state, before=before, limit=limit
            )
        )

    async def one(self, quarantine_id: int) -> QuarantineRecord | None:
        """One message."""
        return await self._database.run_read(lambda connection: one_of_quarantine(connection, quarantine_id))

    async def waiting(self, scope: AccessScope) -> int:
        """How many wait for somebody."""
        return await self._database.run_read(lambda connection: count_waiting(connection, scope))

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """What the station spoke last."""
        return await self._last_version(station_id)

    async def readmit(self, inbound: Inbound, proposal: Reply, decision: QuarantineDecision) -> str | None:
        """Store it together with the decision; the objection where it contradicts what is stored."""
        return await self._message_writer.readmit(inbound, proposal, decision)

    async def decide(self, decision: QuarantineDecision) -> None:
        """Store a decision alone."""
        rows = [QuarantineDecisionRow(decision)]
        await self._database.run_write(lambda connection: write_quarantine_decisions(connection, rows))
