"""Id tokens, answered from memory: they are asked for with every start."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.records import TokenRecord
from csms.ports import ChangePart, StoreToken
from csms.storage import tokens as storage
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo
from runtime.clock import Clock
from runtime.database import Database


class KnownTokens:
    """Implements `csms.ports.TokenSource` over the table of tokens, which only this object changes."""

    def __init__(self, database: Database, clock: Clock, records: Sequence[TokenRecord]) -> None:
        self._database = database
        self._clock = clock
        self._records: dict[str, TokenRecord] = {}
        self._by_value: dict[str, dict[str, TokenRecord]] = {}
        self._by_group: dict[str, dict[str, IdToken]] = {}
        self.store: StoreToken = self._store_alone
        """Stores a verdict; the wiring puts a way here that sends it to stations too."""
        for record in records:
            self._remember(record)

    @classmethod
    async def open(cls, database: Database, clock: Clock) -> "KnownTokens":
        """Read the table."""
        return cls(database, clock, await database.run_read(storage.all_tokens))

    async def find(self, id_token: IdToken) -> IdTokenInfo:
        """The verdict; a token whose time is over is Expired, whatever else is noted of it.

        Named without its type, it means all of its value: the strictest verdict counts.
        """
        if id_token.has_type:
            record = self._records.get(id_token.key)
            return self._verdict(record) if record is not None else IdTokenInfo(AuthorizationStatus.UNKNOWN)
        verdicts = [self._verdict(record) for record in self.of_value(id_token.value)]
        if not verdicts:
            return IdTokenInfo(AuthorizationStatus.UNKNOWN)
        return replace(min(verdicts, key=_leniency), is_ambiguous=len(verdicts) > 1)

    def _verdict(self, record: TokenRecord) -> IdTokenInfo:
        status = record.status
        is_over = record.expires_at is not None and record.expires_at <= self._clock.now()
        if is_over and status is AuthorizationStatus.ACCEPTED:
            status = AuthorizationStatus.EXPIRED
        return IdTokenInfo(status, record.group_id_token, record.expires_at)

    def of_value(self, value: str) -> list[TokenRecord]:
        """All of this value, whatever its case, by type."""
        kinds = self._by_value.get(IdToken(value).value_key, {})
        return [kinds[key] for key in sorted(kinds)]

    def in_group(self, group_id_token: str) -> tuple[IdToken, ...]:
        """All tokens of a group, whatever the case of its name."""
        return tuple(self._by_group.get(group_id_token.casefold(), {}).values())

    def all(self) -> list[TokenRecord]:
        """All, by value."""
        return [self._records[key] for key in sorted(self._records)]

    def one(self, id_token: IdToken) -> TokenRecord | None:
        """One of this value and type, whatever their case."""
        return self._records.get(id_token.key)

    async def save(self, record: TokenRecord, by: str) -> bool:
        """Add or replace, with all that follows from it; True if it is new. It counts once it is stored."""
        is_new = record.id_token.key not in self._records
        part = ChangePart(
            lambda connection: storage.write_tokens(connection, [record]), lambda: self._remember(record)
        )
        await self.store(record.id_token, by, part)
        return is_new

    async def remove(self, id_token: IdToken, by: str) -> bool:
        """Forget, with all that follows from it; False if it was not there."""
        was_there = id_token.key in self._records
        part = ChangePart(
            lambda connection: storage.remove_token(connection, id_token), lambda: self._forget(id_token)
        )
        await self.store(id_token, by, part)
        return was_there

    async def _store_alone(self, _id_token: IdToken, _by: str, part: ChangePart) -> None:
        await self._database.run_write(part.write)
        part.apply()

    def _forget(self, id_token: IdToken) -> None:
        self._leave_group(id_token.key)
        self._by_value.get(id_token.value_key, {}).pop(id_token.key, None)
        if not self._by_value.get(id_token.value_key, True):
            del self._by_value[id_token.value_key]
        self._records.pop(id_token.key, None)

    def _remember(self, record: TokenRecord) -> None:
        key = record.id_token.key
        self._leave_group(key)
        if record.group_id_token is not None:
            self._by_group.setdefault(record.group_id_token.casefold(), {})[key] = record.id_token
        self._records[key] = record
        self._by_value.setdefault(record.id_token.value_key, {})[key] = record

    def _leave_group(self, key: str) -> None:
        before = self._records.get(key)
        if before is None or before.group_id_token is None:
            return
        members = self._by_group[before.group_id_token.casefold()]
        members.pop(key)
        if not members:
            del self._by_group[before.group_id_token.casefold()]


class TokenConcurrency:
    """Fills `csms.ports.ConcurrencyPolicy`: so many of a token, so many of a group; None: any number."""

    def __init__(self, tokens: KnownTokens, of_token: int | None, of_group: int | None) -> None:
        self._tokens, self._of_token, self._of_group = tokens, of_token, of_group

    def limits_for(self, id_token: IdToken, info: IdTokenInfo) -> tuple[ConcurrencyLimit, ...]:
        """That of the token and that of its group."""
        limits: tuple[ConcurrencyLimit, ...] = ()
        if self._of_token is not None:
            limits = (ConcurrencyLimit(self._of_token, (id_token,)),)
        if self._of_group is not None and info.group_id_token is not None:
            members = self._tokens.in_group(info.group_id_token)
            limits = (*limits, ConcurrencyLimit(self._of_group, members))
        return limits


def _leniency(info: IdTokenInfo) -> tuple[bool, bool, float, str]:
    """The least is the strictest: what refuses, then what refuses for good, then what expires first."""
    is_accepted = info.status is AuthorizationStatus.ACCEPTED
    expires_at = info.expires_at.timestamp() if info.expires_at is not None else inf
    return is_accepted, info.status is not AuthorizationStatus.BLOCKED, expires_at, info.group_id_token or ""
