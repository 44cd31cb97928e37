"""What has been, read back for people and programs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted, FleetPoint
from csms.domain.timeline import TimelineEntry, TimelinePlace
from csms.storage.connector_states import connector_states_of
from csms.storage.fleet_counts import fleet_points
from csms.storage.timeline import timeline_of
from ocppj.vocabulary import StationId
from runtime.database import Database


class StoredHistory:
    """Implements `csms.api.ports.History`: each method is one snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def connector_states(
        self, wanted: ConnectorStatesWanted, limit: int = 100, before: int | None = None
    ) -> Sequence[ConnectorStateRecord]:
        """The states that fit, newest first; those with a smaller number."""
        return await self._database.run_read(
            lambda connection: connector_states_of(connection, wanted, limit, before)
        )

    async def timeline(
        self, station_id: StationId, limit: int = 100, after: TimelinePlace | None = None
    ) -> Sequence[TimelineEntry]:
        """What happened to a station, the newest first, from behind a place on."""
        return await self._database.run_read(
            lambda connection: timeline_of(connection, station_id, limit, after)
        )

    async def fleet(self, since: datetime, until: datetime, step: timedelta) -> Sequence[FleetPoint]:
        """The fleet in numbers from `since` to before `until`, oldest first, a point for each step."""
        return await self._database.run_read(lambda connection: fleet_points(connection, since, until, step))
