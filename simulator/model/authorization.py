"""Who may charge: local list, authorization cache, and what to decide without the central system. Pure.

OCPP 1.6 §3.5 and 2.0.1 part 2 C have the same rules: the list outranks the cache; online, a token that is
accepted locally need not be asked for (`LocalPreAuthorize`); offline, list and cache decide, and for a token
that is in neither, `OfflineTxForUnknownIdEnabled`.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ocppj.vocabulary import (
    AuthorizationStatus,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    LocalListUpdate,
)
from simulator.model.inventory import LIST_ENTRIES
from simulator.model.variables import VariableStore

_MASTERS = ("AuthCtrlr", "MasterPassGroupId")
CACHE_SIZE = 200
"""Tokens kept; the one that was not used for longest goes first."""

UNASKED = frozenset({IdTokenType.CENTRAL, IdTokenType.NO_AUTHORIZATION})
"""No driver presents these: nobody asks for them, no cache keeps them (2.0.1 C02.FR.03, C05.FR.01, .02)."""


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token with a verdict, as list and cache keep it; `kind` is the wire's word for its type."""

    value: str
    status: AuthorizationStatus
    group: str | None = None
    expires_at: datetime | None = None
    kind: str = IdTokenType.ISO14443.value
    used_at: datetime | None = None
    """When it was last presented, or learnt; only of the cache."""

    @property
    def key(self) -> str:
        """As of the token that it is about."""
        return IdToken(self.value, self.kind).key

    def verdict(self, now: datetime) -> IdTokenInfo:
        """The verdict as of now."""
        is_expired = self.expires_at is not None and self.expires_at <= now
        status = AuthorizationStatus.EXPIRED if is_expired else self.status
        return IdTokenInfo(status, self.group, self.expires_at)


def known_token(id_token: IdToken, info: IdTokenInfo) -> KnownToken:
    """What is kept of a verdict."""
    kind = id_token.type.value if isinstance(id_token.type, IdTokenType) else id_token.type
    return KnownToken(id_token.value, info.status, info.group_id_token, info.expires_at, kind)


class ListStatus(enum.Enum):
    """What came of a new local list (SendLocalListStatusEnumType)."""

    ACCEPTED = "Accepted"
    FAILED = "Failed"
    VERSION_MISMATCH = "VersionMismatch"


class Authorization:
    """A station's memory of tokens."""

    def __init__(self, variables: VariableStore) -> None:
        self._variables = variables
        self.list_version = 0
        self.local_list: dict[str, KnownToken] = {}
        self.cache: dict[str, KnownToken] = {}

    # What it knows

    def local_verdict(self, id_token: IdToken, now: datetime) -> IdTokenInfo | None:
        """What list or cache say; None if neither knows the token."""
        if self._variables.flag("LocalAuthListCtrlr", "Enabled"):
            listed = self.local_list.get(id_token.key)
            if listed is not None:
                return listed.verdict(now)
        if self._variables.flag("AuthCacheCtrlr", "Enabled"):
            return self._cached_verdict(id_token, now)
        return None

    def _cached_verdict(self, id_token: IdToken, now: datetime) -> IdTokenInfo | None:
        """Without a date of its own, it is gone when it was not used for the life time (C10.FR.08, .10)."""
        cached = self.cache.get(id_token.key)
        if cached is None:
            return None
        life_s = self._variables.number("AuthCacheCtrlr", "LifeTime", 0)
        used_at = cached.used_at or now
        is_timed = cached.expires_at is None and life_s > 0
        if is_timed and used_at + timedelta(seconds=life_s) <= now:
            del self.cache[id_token.key]
            return None
        self.cache[id_token.key] = replace(cached, used_at=now)
        return cached.verdict(now)

    def verdict_before_request(self, id_token: IdToken, now: datetime) -> IdTokenInfo | None:
        """Online: a local verdict that makes asking needless; None: ask."""
        if not self._variables.flag("AuthCtrlr", "LocalPreAuthorize"):
            return None
        info = self.local_verdict(id_token, now)
        return info if info is not None and info.status is AuthorizationStatus.ACCEPTED else None

    def offline_verdict(self, id_token: IdToken, now: datetime) -> IdTokenInfo:
        """Offline: what is decided here."""
        info = self.local_verdict(id_token, now)
        if info is not None:
            if self._variables.flag("AuthCtrlr", "LocalAuthorizeOffline"):
                return info
            return IdTokenInfo(AuthorizationStatus.INVALID)
        if self._variables.flag("AuthCtrlr", "OfflineTxForUnknownIdEnabled"):
            return IdTokenInfo(AuthorizationStatus.ACCEPTED)
        return IdTokenInfo(AuthorizationStatus.UNKNOWN)

    @property
    def has_masters(self) -> bool:
        """Whether there is a group that may end everybody's charge (2.0.1 C16)."""
        return bool(self._variables.text(*_MASTERS))

    def is_master(self, info: IdTokenInfo) -> bool:
        """Whether a valid token is of that group."""
        masters, group = self._variables.text(*_MASTERS), info.group_id_token or ""
        is_of_group = masters != "" and group.casefold() == masters.casefold()
        return is_of_group and info.status is AuthorizationStatus.ACCEPTED

    # What it learns

    def remember(self, id_token: IdToken, info: IdTokenInfo, now: datetime) -> None:
        """Keep a verdict of the central system, unless the token is on the list (1.6 §3.5.1)."""
        if not self._variables.flag("AuthCacheCtrlr", "Enabled") or id_token.key in self.local_list:
            return
        if id_token.type in UNASKED:
            return
        self.cache.pop(id_token.key, None)
        self.cache[id_token.key] = replace(known_token(id_token, info), used_at=now)
        while len(self.cache) > CACHE_SIZE:
            del self.cache[next(iter(self.cache))]

    def update_list(
        self,
        version: int,
        update: LocalListUpdate,
        entries: Iterable[LocalListEntry],
        *,
        may_clear: bool = False,
    ) -> ListStatus:
        """Replace or change the list, all or nothing (OCPP 2.0.1 D01, 1.6 §5.15).

        `may_clear`: a full, empty update to version 0 empties the list (1.6 §5.10: 0 is the empty list).
        """
        wanted = list(entries)
        is_clearing = may_clear and version == 0 and update is LocalListUpdate.FULL and not wanted
        if not self._accepts(wanted, update) or (version <= 0 and not is_clearing):
            return ListStatus.FAILED
        if update is LocalListUpdate.DIFFERENTIAL and version <= self.list_version:
            return ListStatus.VERSION_MISMATCH
        new = {} if update is LocalListUpdate.FULL else dict(self.local_list)
        for entry in wanted:
            if entry.info is None:
                new.pop(entry.id_token.key, None)
            else:
                new[entry.id_token.key] = known_token(entry.id_token, entry.info)
        if len(new) > self._list_limit:
            return ListStatus.FAILED
        self.keep_list(version, new.values())
        return ListStatus.ACCEPTED

    def keep_list(self, version: int, tokens: Iterable[KnownToken]) -> None:
        """This is the list now; the variable that counts it follows."""
        self.local_list = {known.key: known for known in tokens}
        self.list_version = version
        self._variables.put(LIST_ENTRIES, str(len(self.local_list)))

    def _accepts(self, entries: list[LocalListEntry], update: LocalListUpdate) -> bool:
        if not self._variables.flag("LocalAuthListCtrlr", "Enabled"):
            return False
        if len(entries) > self._variables.number("LocalAuthListCtrlr", "ItemsPerMessage", 10):
            return False
        if update is LocalListUpdate.FULL and any(entry.info is None for entry in entries):
            return False
        return len({entry.id_token.key for entry in entries}) == len(entries)

    @property
    def _list_limit(self) -> float:
        entries = self._variables.find(LIST_ENTRIES)
        return entries.maximum or 0 if entries is not None else 0
