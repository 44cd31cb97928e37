"""Leases of stations: begun, renewed, ended. One change, one transaction; what follows from it is durable
work (`csms.central.lease_keeper`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from csms.domain.audit import Change
from csms.domain.leases import (
    BaselineState,
    BaselineValue,
    BenchStation,
    BenchWanted,
    Lease,
    LeasesWanted,
    LeaseWish,
)
from csms.domain.station_events import StationEvent
from csms.ports import EventSink
from csms.rules.leases import (
    LeaseHeld,
    begin_lease,
    give_back,
    lease_event,
    lease_work,
    renew_lease,
    revoke_lease,
)
from csms.storage.leases import (
    add_lease,
    bench_stations,
    change_lease,
    find_leases,
    one_lease,
    open_lease_of,
    save_baseline,
    set_tags,
    tags_of,
)
from ocppj.vocabulary import StationId
from runtime.audit import Act, record_acts
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.work.engine import WorkEngine
from runtime.work.storage import write_work

WAITING_MOST = 200
"""Wishes that wait for a station at once; whoever comes then is answered at once."""
NEWS_LIMIT = 100
LOOK_EVERY_S = 5.0
"""What another process of the same database freed is found so late at most."""
NEWS_OF_BENCH = frozenset({"lease.changed", "link.connected"})


class LeaseUnknown(Exception):  # noqa: N818 - what was found
    """There is no such lease."""


class NoStationFree(Exception):  # noqa: N818 - what was found
    """All that fit are somebody's; `held` is by whom. None at all where nothing fits."""

    def __init__(self, held: Sequence[Lease]) -> None:
        super().__init__(f"{len(held)} are held")
        self.held = tuple(held)


@dataclass(frozen=True, slots=True)
class _Moved:
    before: Lease
    after: Lease


Decide = Callable[[Lease], Lease | None]


class Leases:
    """What people and programs do with leases, and what is stored of them."""

    def __init__(
        self,
        database: Database,
        events: EventSink,
        bus: EventBus[StationEvent],
        work: WorkEngine,
        *,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._database, self._events, self._bus, self._work = database, events, bus, work
        self._clock, self._chance = clock, chance
        self._waiting = 0

    async def begin(self, candidates: Sequence[StationId], wish: LeaseWish) -> Lease:
        """The first of these stations that is free is theirs. Raises NoStationFree."""
        lease_id, now = str(self._chance.uuid()), self._clock.now()

        def write(connection: Connection) -> Lease:
            held: list[Lease] = []
            for station_id in candidates:
                there = open_lease_of(connection, station_id)
                try:
                    lease = begin_lease(lease_id, station_id, wish, there, now)
                except LeaseHeld as found:
                    held.append(found.lease)
                    continue
                if not add_lease(connection, lease):
                    continue  # another process was faster: whoever waits looks again
                write_work(connection, lease_work(None, lease))
                act = Act(station_id, now, wish.holder, Change.LEASED.value, None, wish.purpose, lease_id)
                record_acts(connection, [act])
                self._events.write(connection, [lease_event(lease)])
                return lease
            raise NoStationFree(held)

        lease = await self._database.run_write(write)
        self._publish(lease)
        return lease

    async def renew(self, lease_id: str) -> Lease:
        """It lasts as long again. Raises LeaseUnknown, LeaseOver."""
        return await self.change(lease_id, lambda lease: renew_lease(lease, self._clock.now()))

    async def give_back(self, lease_id: str, by: str) -> Lease:
        """Its holder is done. Raises LeaseUnknown, LeaseOver."""
        now = self._clock.now()
        act = Act("", now, by, Change.LEASE_GIVEN_BACK.value, reference=lease_id)
        return await self.change(lease_id, lambda lease: give_back(lease, by, now), act=act)

    async def revoke(self, lease_id: str, by: str, reason: str) -> Lease:
        """An administrator takes it away. Raises LeaseUnknown, LeaseOver."""
        now = self._clock.now()
        act = Act("", now, by, Change.LEASE_TAKEN_AWAY.value, None, reason, lease_id)
        return await self.change(lease_id, lambda lease: revoke_lease(lease, by, reason, now), act=act)

    async def change(
        self,
        lease_id: str,
        decide: Decide,
        *,
        act: Act | None = None,
        baseline: Sequence[BaselineValue] | None = None,
    ) -> Lease:
        """Write what a decision comes to, with what follows from it; None: it stays as it is. Raises
        LeaseUnknown, and what `decide` raises.
        """

        def write(connection: Connection) -> _Moved:
            before = one_lease(connection, lease_id, locks=True)
            if before is None:
                raise LeaseUnknown(lease_id)
            after = decide(before)
            if after is None or after == before:
                return _Moved(before, before)
            change_lease(connection, after)
            if baseline is not None:
                save_baseline(connection, lease_id, baseline)
            write_work(connection, lease_work(before, after))
            if act is not None:
                record_acts(connection, [replace(act, subject=after.station_id)])
            if _is_news(before, after):
                self._events.write(connection, [lease_event(after)])
            return _Moved(before, after)

        moved = await self._database.run_write(write)
        if _is_news(moved.before, moved.after):
            self._publish(moved.after)
        return moved.after

    async def one(self, lease_id: str) -> Lease | None:
        """One lease."""
        return await self._database.run_read(lambda connection: one_lease(connection, lease_id))

    async def of_station(self, station_id: StationId) -> Lease | None:
        """The station's lease that is not over."""
        return await self._database.run_read(lambda connection: open_lease_of(connection, station_id))

    async def find(
        self, wanted: LeasesWanted, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> Sequence[Lease]:
        """Leases that fit, latest first."""
        return await self._database.run_read(lambda connection: find_leases(connection, wanted, limit, after))

    async def bench(
        self, wanted: BenchWanted, limit: int = 100, after: StationId | None = None
    ) -> Sequence[BenchStation]:
        """The stations of the bench, in order of their ids."""
        return await self._database.run_read(
            lambda connection: bench_stations(connection, wanted, limit, after)
        )

    async def tags(self, station_id: StationId) -> tuple[str, ...]:
        """Those of one station."""
        found = await self._database.run_read(lambda connection: tags_of(connection, [station_id]))
        return found.get(station_id, ())

    async def set_tags(self, station_id: StationId, tags: Collection[str], by: str) -> tuple[str, ...]:
        """The station has these, and no other."""
        ordered = tuple(sorted(set(tags)))
        act = Act(station_id, self._clock.now(), by, Change.TAGGED.value, " ".join(ordered) or None)

        def write(connection: Connection) -> None:
            set_tags(connection, station_id, ordered)
            record_acts(connection, [act])

        await self._database.run_write(write)
        return ordered

    async def until_known(self, lease: Lease, within_s: float) -> Lease:
        """The lease once it is known what the station's configuration was; as it is then, where that takes
        longer.
        """

        def is_about(event: StationEvent) -> bool:
            return event.event == "lease.changed" and event.payload["lease_id"] == lease.lease_id

        with self._bus.subscribe(NEWS_LIMIT, is_about) as news:
            timer = self._clock.call_later(within_s, news.close)
            try:
                while (now := await self.one(lease.lease_id)) is not None:
                    if now.baseline is not BaselineState.READING or await news.next() is None:
                        return now
            finally:
                timer.cancel()
        return lease

    def waiting_room(self) -> "WaitingRoom":
        """For one wish that can wait."""
        return WaitingRoom(self._bus, self._clock, self)

    @property
    def waiting(self) -> int:
        """How many wishes wait."""
        return self._waiting

    def count_waiting(self, more: int) -> None:
        """One more waits, or one less."""
        self._waiting += more

    def _publish(self, lease: Lease) -> None:
        self._work.wake()
        self._events.publish([lease_event(lease)])


class WaitingRoom:
    """Waits for news of the bench, as long as somebody's patience lasts; a context manager."""

    def __init__(self, bus: EventBus[StationEvent], clock: Clock, leases: Leases) -> None:
        self._clock, self._leases = clock, leases
        self._news = bus.subscribe(NEWS_LIMIT, lambda event: event.event in NEWS_OF_BENCH)

    def __enter__(self) -> "WaitingRoom":
        self._leases.count_waiting(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._leases.count_waiting(-1)
        self._news.close()

    @property
    def is_full(self) -> bool:
        """Whether too many wait already."""
        return self._leases.waiting > WAITING_MOST

    async def until_news(self, until: float) -> bool:
        """There may be a free station; False: the time (of the monotonic clock) is up."""
        left = until - self._clock.monotonic()
        if left <= 0 or self._news.is_closed:
            return False
        try:
            async with self._clock.timeout(min(left, LOOK_EVERY_S)):
                await self._news.next()
        except TimeoutError:
            return self._clock.monotonic() < until
        return True


def _is_news(before: Lease, after: Lease) -> bool:
    """That it was renewed is none: it is so every few minutes."""
    return (before.state, before.baseline) != (after.state, after.baseline)
