"""What the page of today shows: what waits for whom, in the views of the API, and the fleet in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from access.actions import Permission, may, scope_of
from access.principals import SERVER, Principal, Role
from console.shared_read import SharedReads
from csms.api import ApiParts, StationViews
from csms.api.views import StationAnswer
from csms.domain.waiting import FleetNow, Undecided, WaitingPart, WaitingWanted
from provisioning.blockers import Clearer

TURNS = {
    Role.ADMIN: frozenset({Clearer.ADMINISTRATOR.value, Clearer.OWNER.value}),
    Role.MANAGER: frozenset({Clearer.OWNER.value}),
    Role.INSTALLER: frozenset({Clearer.INSTALLER.value}),
    Role.VIEWER: frozenset[str](),
}
"""Whose turn each role takes."""
COUNTED_MOST = 1000
RECENT = timedelta(hours=1)
"""A connection that failed before that is history."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A station that waits, since when, as far as that is known."""

    station: StationAnswer
    since: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """A part of a list of those that wait; how many there are in all."""

    rows: Sequence[WaitingRow]
    total: int


class TodayViews:
    """Functions for the page; each asks whether its reader may."""

    def __init__(self, parts: ApiParts, stations: StationViews) -> None:
        self._parts, self._stations = parts, stations
        self._shared = SharedReads(parts.clock)

    @property
    def now(self) -> datetime:
        """By the server's clock."""
        return self._parts.clock.now()

    async def fleet(self, who: Principal) -> FleetNow:
        """The stations that they may see, in numbers."""
        scope = scope_of(who, Permission.READ)
        return await self._shared.read(("fleet", scope), lambda: self._parts.records.fleet_now(scope))

    async def waiting(self, who: Principal, limit: int, offset: int, *, is_for_others: bool) -> WaitingRows:
        """The stations that wait for them, or for others, the longest first."""
        turns = frozenset[str]().union(*(TURNS[each.role] for each in who.memberships))
        scope, own_scope = scope_of(who, Permission.READ), scope_of(who, Permission.TRY_OUT)
        wanted = WaitingWanted(scope, own_scope, turns, is_for_others)

        async def read() -> WaitingRows:
            return await self._composed(await self._parts.records.waiting_stations(wanted, limit, offset))

        return await self._shared.read((wanted, limit, offset), read)

    async def _composed(self, part: WaitingPart) -> WaitingRows:
        since: dict[str, datetime | None] = {each.station_id: each.since for each in part.stations}
        ids = [each.station_id for each in part.stations]
        states = await self._parts.records.states(ids)
        ordered = {each: states[each] for each in ids}
        rows = [WaitingRow(each, since.get(each.station_id)) async for each in self._stations.rows(ordered)]
        return WaitingRows(rows, part.total)

    async def undecided(self, who: Principal) -> tuple[Undecided, Undecided]:
        """The transactions and the messages that they may decide about."""
        reviews = scope_of(who, Permission.REVIEW)
        quarantine = scope_of(who, Permission.DECIDE_QUARANTINE)
        if not reviews and not quarantine:
            return Undecided(), Undecided()
        return await self._shared.read(
            ("undecided", reviews, quarantine),
            lambda: self._parts.records.undecided(reviews, quarantine, COUNTED_MOST),
        )

    def failed(self, who: Principal) -> Undecided:
        """The connections that failed lately, for who may see them."""
        if not may(who, Permission.READ_ATTEMPTS, SERVER):
            return Undecided()
        recent = self._parts.attempts.latest(limit=COUNTED_MOST)
        at = [each.at for each in recent if self.now - each.at < RECENT]
        return Undecided(len(at), min(at, default=None))
