"""Keeps sites within their power: shares it whenever a charge begins or ends, a station comes, goes or does
not obey.

Durable work, one piece at a time for each site. What stations hold is read from their charging profiles,
never remembered here: after a restart it goes on from there. Lower limits are sent first; others rise into
what they leave only after those have been kept for a while (ADR 0022).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from charging.budget import PowerClaim, next_turn, shares
from charging.schedule.shapes import STATION_MAX
from csms.central.records import StoredRecords
from csms.commands import StationCommands
from csms.domain.charging_profiles import LimitsWanted, ProfileState, ProfilesWanted
from csms.domain.links import LinkView
from csms.domain.station_events import StationEvent
from csms.rules.charging_rows import ChargingProfileRow
from ocppj.model.smart_charging import (
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearChargingProfile,
    SetChargingProfile,
)
from ocppj.vocabulary import StationId
from provisioning.app import Provisioning
from provisioning.storage.budgets import (
    PHASES,
    SITE_POWER,
    VOLTAGE_V,
    SiteBudget,
    StationShare,
    budgeted_sites,
    load_budget,
    save_sharing,
)
from runtime.events import EventBus
from runtime.surviving import survive
from runtime.wording import Phrase, counted
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome, WorkWait
from runtime.work.request import WorkRequest

log = structlog.get_logger(__name__)

PROFILE_ID = 2_000_000_000
"""Of the limit of a station by its site's budget: one at each, which every new one replaces."""
ORIGIN = "site-power"
USUAL_MAX_A = 32.0
"""Of an EVSE that has told no maximum."""
SETTLING = timedelta(seconds=15)
"""After a limit was lowered, before another one rises: cars follow within seconds (IEC 61851-1)."""
SOON = timedelta(seconds=1)
"""What happens at once is one sharing."""
AGAIN_AFTER = timedelta(minutes=1)
REFUSED_FOR = timedelta(hours=1)
"""So long a station that refused its limit counts with its maximum before it is asked again."""
NEWS = frozenset(
    {
        "transaction.started",
        "transaction.ended",
        "link.connected",
        "link.disconnected",
        "limit.exceeded",
        "limit.obeyed",
        "connector.status",
    }
)
UNREAD_MOST = 20_000
NO_BUDGET = Phrase("le site n'a pas de budget", "the site has no budget")
NOTHING_TO_CHANGE = Phrase("rien à changer", "nothing to change")
ONE_CHANGED = Phrase("{count} limite changée", "{count} limit changed")
MANY_CHANGED = Phrase("{count} limites changées", "{count} limits changed")
SOME_AWAY = Phrase("des bornes sont hors ligne", "some stations are offline")


@dataclass(frozen=True, slots=True)
class PowerStanding:
    """A station at a site: its claim, why it cannot be limited, and when its limit last moved."""

    claim: PowerClaim
    unlimited: str | None
    moved_at: datetime | None


class SitePower:
    """Shares what each site may draw."""

    def __init__(
        self,
        provisioning: Provisioning,
        records: StoredRecords,
        commands: StationCommands,
        work: WorkEngine,
        bus: EventBus[StationEvent],
    ) -> None:
        self._provisioning, self._cache = provisioning, provisioning.station_cache
        self._records, self._commands, self._work, self._bus = records, commands, work, bus
        self._database = self._cache.database
        self._budgeted: frozenset[str] = frozenset()
        work.serve(SITE_POWER, self.share, again_after=AGAIN_AFTER)

    async def run(self) -> None:
        """Follow what happens, and look at every site once a minute."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            group.create_task(self._look_again())

    async def _look_again(self) -> None:
        while True:
            await survive(self._look_at_all(), event="site_power_not_looked_at")
            await self._cache.clock.sleep(AGAIN_AFTER.total_seconds())

    async def _look_at_all(self) -> None:
        self._budgeted = frozenset(await self._database.run_read(budgeted_sites))
        for site_id in self._budgeted:
            self._enqueue(site_id, "minute")

    async def _follow(self) -> None:
        with self._bus.subscribe(UNREAD_MOST, lambda event: event.event in NEWS) as events:
            async for each in events:
                self._receive(each.station_id, each.event)

    def _receive(self, station_id: StationId, cause: str) -> None:
        site = self._cache.site_of(station_id) if station_id in self._cache.devices else None
        if site is not None and site.site_id in self._budgeted:
            self._enqueue(site.site_id, cause)

    def _enqueue(self, site_id: str, cause: str) -> None:
        now = self._cache.clock.now()
        self._work.enqueue(SITE_POWER.request(site_id, now, due_at=now + SOON, cause=cause))

    # Work

    async def share(self, piece: Piece) -> WorkOutcome:
        """Send what may change now, and come back for the rest."""
        site_id = piece.subject
        budget = await self._database.run_read(lambda connection: load_budget(connection, site_id))
        stations = self._cache.stations_on(site_id)
        if budget is None:
            return await self._release(site_id, stations)
        self._budgeted |= {site_id}
        now = self._cache.clock.now()
        standings = {each: await self._standing(each, budget, now) for each in stations}
        claims = [each.claim for each in standings.values()]
        wanted = shares(budget.amperes, claims, budget.strategy)
        moved = [each.moved_at for each in standings.values() if each.moved_at is not None]
        is_settled = all(now - each >= SETTLING for each in moved)
        turn = next_turn(budget.amperes, claims, wanted, is_settled=is_settled)
        await self._keep(site_id, standings, wanted, now)
        await asyncio.gather(*(self._limit(StationId(name), to, now) for name, to in turn.changes.items()))
        then: tuple[WorkRequest, ...] = ()
        if turn.changes or not turn.is_last:
            later = now + SETTLING
            then = (SITE_POWER.request(site_id, now, due_at=later, key="then", cause="settled"),)
        if not turn.changes:
            return WorkDone(NOTHING_TO_CHANGE, then)
        return WorkDone(counted(len(turn.changes), ONE_CHANGED, MANY_CHANGED), then)

    async def _standing(self, station_id: StationId, budget: SiteBudget, now: datetime) -> PowerStanding:
        picture = await self._records.charging_picture(station_id)
        rows = await self._records.charging_profiles(ProfilesWanted(station_id), 50)
        ours = [each for each in rows if _is_ours(each)]
        exceeded = await self._records.exceeded_limits(LimitsWanted(station_id, is_open=True), 1)
        running = [each for each in picture.evses if each.transaction_id is not None]
        maxima = [each.max_w / (VOLTAGE_V * PHASES) if each.max_w else USUAL_MAX_A for each in picture.evses]
        max_a = sum(maxima) or USUAL_MAX_A
        unlimited = self._unlimited(station_id, ours, now, is_exceeding=bool(exceeded))
        held = _held_a(ours, max_a)
        limit_a = max_a if unlimited in ("exceeds", "refuses", "quiet") else held
        place = (
            budget.priorities.index(station_id) if station_id in budget.priorities else len(budget.priorities)
        )
        claim = PowerClaim(
            name=station_id,
            max_a=max_a,
            limit_a=limit_a,
            charges=len(running),
            is_limitable=unlimited is None,
            since=min((each.since for each in running if each.since is not None), default=None),
            rank=place,
        )
        latest = ours[0].moved_at if ours else None
        return PowerStanding(claim, unlimited, latest)

    def _unlimited(
        self, station_id: StationId, ours: Sequence[ChargingProfileRow], now: datetime, *, is_exceeding: bool
    ) -> str | None:
        """Why it cannot be limited now; None: it can."""
        link = self._commands.link(station_id)
        if link is None:
            return "offline"
        if self._provisioning.is_quiet(station_id):
            return "quiet"
        if is_exceeding:
            return "exceeds"
        return "refuses" if _has_refused(ours, link, now) else None

    async def _limit(self, station_id: StationId, to: float, now: datetime) -> None:
        """What came of it is in the row of the profile, whatever it was."""
        schedule = ChargingSchedule(
            unit="A", periods=(ChargingPeriod(limit=to),), starts_at=now.replace(microsecond=0)
        )
        profile = ChargingProfile(
            profile_id=PROFILE_ID, purpose="ChargingStationMaxProfile", schedules=(schedule,)
        )
        outcome = await self._commands.send(station_id, SetChargingProfile(0, profile), origin=ORIGIN)
        if not outcome.is_accepted:
            log.warning("limit_not_taken", station_id=station_id, limit_a=to, reason=outcome.refusal)

    async def _keep(
        self,
        site_id: str,
        standings: Mapping[StationId, PowerStanding],
        wanted: Mapping[str, float],
        now: datetime,
    ) -> None:
        sharing: dict[str, StationShare] = {
            name: StationShare(
                wanted.get(name, each.claim.limit_a), each.claim.limit_a, each.claim.charges, each.unlimited
            )
            for name, each in standings.items()
        }
        await self._database.run_write(lambda connection: save_sharing(connection, site_id, sharing, now))

    async def _release(self, site_id: str, stations: Sequence[StationId]) -> WorkOutcome:
        """The site has no budget any more: stations give up what they hold of it."""
        self._budgeted -= {site_id}
        is_one_away = False
        for station_id in stations:
            rows = await self._records.charging_profiles(ProfilesWanted(station_id, is_open=True), 50)
            if not any(_is_ours(each) for each in rows):
                continue
            if self._commands.link(station_id) is None:
                is_one_away = True
                continue
            await self._commands.send(station_id, ClearChargingProfile(profile_id=PROFILE_ID), origin=ORIGIN)
        if is_one_away:
            return WorkWait(SOME_AWAY, self._cache.clock.now() + 10 * AGAIN_AFTER)
        return WorkDone(NO_BUDGET)


def _is_ours(row: ChargingProfileRow) -> bool:
    return row.profile.profile_id == PROFILE_ID and row.profile.purpose == STATION_MAX


def _has_refused(ours: Sequence[ChargingProfileRow], link: LinkView, now: datetime) -> bool:
    """At this connection, and not long ago."""
    if not ours or ours[0].state is not ProfileState.REFUSED:
        return False
    return ours[0].moved_at >= link.connected_at and now - ours[0].moved_at < REFUSED_FOR


def _held_a(ours: Sequence[ChargingProfileRow], max_a: float) -> float:
    """By the latest of which it is known: a lost answer may have been a yes or a no."""
    for each in ours:
        limit = each.profile.schedules[0].periods[0].limit
        if each.state is ProfileState.HELD and limit is not None:
            return min(limit, max_a)
        if each.state is not ProfileState.REFUSED:
            return max_a
    return max_a
