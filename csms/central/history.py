"""What has been, read back for people and programs."""

from collections.abc import Sequence

from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted
from csms.storage.connector_states import connector_states_of
from runtime.database import Database


class StoredHistory:
    """Implements `csms.api.needs.History`: each method is one query."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def connector_states(
        self, wanted: ConnectorStatesWanted, limit: int = 100, before: int | None = None
    ) -> Sequence[ConnectorStateRecord]:
        """The states that fit, newest first; those with a smaller number."""
        return await self._database.run_read(
            lambda connection: connector_states_of(connection, wanted, limit, before)
        )
