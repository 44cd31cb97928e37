"""What is stored, read back for people: each method is one query or one short transaction."""

from collections.abc import Sequence

from csms.central.stations import KnownStations
from csms.central.tokens import KnownTokens
from csms.domain.records import (
    ConnectorRecord,
    SampleRecord,
    StationRecord,
    TokenRecord,
    TransactionRecord,
    VariableRecord,
)
from csms.storage.connectors import all_connectors
from csms.storage.samples import samples_of
from csms.storage.stations import add_station, all_stations, one_station
from csms.storage.transactions import find_transactions
from csms.storage.variables import variables_of
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, StationId
from runtime.database import Database


class StoredRecords:
    """Implements `csms.api.needs.Records` and `csms.gateway.needs.VersionMemory`."""

    def __init__(self, database: Database, tokens: KnownTokens, known: KnownStations) -> None:
        self._database = database
        self._tokens = tokens
        self._known = known

    async def stations(self) -> Sequence[StationRecord]:
        """All stations, by id."""
        return await self._database.run_read(all_stations)

    async def station(self, station_id: StationId) -> StationRecord | None:
        """One station."""
        return await self._database.run_read(lambda connection: one_station(connection, station_id))

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """The OCPP version of its last connection."""
        record = await self.station(station_id)
        label = record.version if record is not None else None
        return OcppVersion.from_subprotocol(f"ocpp{label}") if label is not None else None

    async def add_station(self, station: StationRecord) -> bool:
        """Store a station that never connected; False if it exists already."""
        is_new = await self._database.run_write(lambda connection: add_station(connection, station))
        if is_new and station.admission is not None:
            self._known.add(station.station_id, station.admission)
        return is_new

    async def connectors(self, station_id: StationId | None = None) -> Sequence[ConnectorRecord]:
        """The connectors of one station or of all, by EVSE and connector."""
        return await self._database.run_read(lambda connection: all_connectors(connection, station_id))

    async def variables(self, station_id: StationId) -> Sequence[VariableRecord]:
        """What a station reported of itself, by component and variable."""
        return await self._database.run_read(lambda connection: variables_of(connection, station_id))

    async def transactions(
        self,
        *,
        station_id: StationId | None = None,
        transaction_id: str | None = None,
        id_token: str | None = None,
        is_open: bool | None = None,
        limit: int = 100,
    ) -> Sequence[TransactionRecord]:
        """Transactions that fit all that is given, newest first."""
        return await self._database.run_read(
            lambda connection: find_transactions(
                connection,
                station_id=station_id,
                transaction_id=transaction_id,
                id_token=id_token,
                is_open=is_open,
                limit=limit,
            )
        )

    async def samples(
        self, station_id: StationId, transaction_id: str, limit: int = 1000
    ) -> Sequence[SampleRecord]:
        """The metered values of a transaction, oldest first."""
        return await self._database.run_read(
            lambda connection: samples_of(connection, station_id, transaction_id, limit)
        )

    async def tokens(self) -> Sequence[TokenRecord]:
        """All id tokens, by value."""
        return self._tokens.all()

    async def token(self, id_token: IdToken) -> TokenRecord | None:
        """One token, whatever its case and type."""
        return self._tokens.one(id_token)

    async def save_token(self, token: TokenRecord) -> bool:
        """Add or replace a token; True if it is new."""
        return await self._tokens.save(token)

    async def remove_token(self, id_token: IdToken) -> bool:
        """Forget a token; False if it was not there."""
        return await self._tokens.remove(id_token)
