"""Id tokens, answered from memory: they are asked for with every start."""

from collections.abc import Sequence

from csms.domain.records import TokenRecord
from csms.storage import tokens as storage
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo
from runtime.clock import Clock
from runtime.database import Database


class KnownTokens:
    """Implements `csms.ports.TokenSource` over the table of tokens, which only this object changes."""

    def __init__(self, database: Database, clock: Clock, records: Sequence[TokenRecord]) -> None:
        self._database = database
        self._clock = clock
        self._records = {record.id_token.key: record for record in records}

    @classmethod
    async def open(cls, database: Database, clock: Clock) -> "KnownTokens":
        """Read the table."""
        return cls(database, clock, await database.run_read(storage.all_tokens))

    async def find(self, id_token: IdToken) -> IdTokenInfo:
        """The verdict; a token whose time is over is Expired, whatever else is noted of it."""
        record = self._records.get(id_token.key)
        if record is None:
            return IdTokenInfo(AuthorizationStatus.UNKNOWN)
        status = record.status
        is_over = record.expires_at is not None and record.expires_at <= self._clock.now()
        if is_over and status is AuthorizationStatus.ACCEPTED:
            status = AuthorizationStatus.EXPIRED
        return IdTokenInfo(status, record.group_id_token, record.expires_at)

    def all(self) -> list[TokenRecord]:
        """All, by value."""
        return [self._records[key] for key in sorted(self._records)]

    def one(self, id_token: IdToken) -> TokenRecord | None:
        """One, whatever its case and type."""
        return self._records.get(id_token.key)

    async def save(self, record: TokenRecord) -> bool:
        """Add or replace; True if it is new. It counts once it is stored."""
        key = record.id_token.key
        await self._database.run_write(lambda connection: storage.write_tokens(connection, [record]))
        is_new = key not in self._records
        self._records[key] = record
        return is_new

    async def remove(self, id_token: IdToken) -> bool:
        """Forget; False if it was not there."""
        await self._database.run_write(lambda connection: storage.remove_token(connection, id_token))
        return self._records.pop(id_token.key, None) is not None
