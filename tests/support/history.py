"""What has been, where nothing has: for tests of all else."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted, FleetPoint
from csms.domain.timeline import TimelineEntry, TimelinePlace
from ocppj.vocabulary import StationId


class MemoryHistory:
    """Implements `csms.api.ports.History`: nothing has been. What has is asked of the real one."""

    async def connector_states(
        self, wanted: ConnectorStatesWanted, limit: int = 100, before: int | None = None
    ) -> Sequence[ConnectorStateRecord]:
        """None."""
        return []

    async def timeline(
        self, station_id: StationId, limit: int = 100, after: TimelinePlace | None = None
    ) -> Sequence[TimelineEntry]:
        """Nothing."""
        return []

    async def fleet(self, since: datetime, until: datetime, step: timedelta) -> Sequence[FleetPoint]:
        """None."""
        return []
