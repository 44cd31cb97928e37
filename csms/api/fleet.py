"""All stations in a few words each, kept by the news: what lists are filtered, sorted and counted by.

Read once, when somebody looks for the first time; from then on only stations of which there was news, or
whose details changed, are read again, and only when somebody looks. However many look, they look at the same.
"""

import asyncio
from bisect import insort
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from csms.commands import StationCommands
from csms.domain.links import LinkSecurity
from csms.domain.news import StationNews
from csms.domain.records import StationRecord, StationState
from csms.ports import StationDetails
from ocppj.vocabulary import StationId
from runtime.clock import Clock
from runtime.events import EventBus, Subscription
from runtime.slices import in_slices

READ_AT_ONCE = 200
"""Stations in one read of the database."""
SLICE = 25
"""Stations that are looked at before the loop does something else: a millisecond or two."""
CHANGED_MOST = 1000
"""Stations that one look reads again; the rest waits for the next one."""
READ_AGAIN_S = 300.0
"""After so long a look reads all of them again: a stranger may have been forgotten, which is no news."""
FOUND_KEPT = 16
"""Lists that are kept as they were found until something changes."""

Order = Literal["station", "model", "version", "link", "lifecycle", "blocked", "clears", "power", "energy"]


StationIds = tuple[StationId, ...]


class Entry(msgspec.Struct, frozen=True):
    """A station. `text` holds, in lower case, what people search for; `blockers` how much is in its way."""

    station_id: StationId
    name: str
    text: str
    model: str
    version: str
    lifecycle: str
    is_online: bool
    is_unauthenticated: bool
    blockers: int
    clears: str
    power_w: float
    energy_wh: float


@dataclass(frozen=True, slots=True)
class FleetQuery:
    """Which stations, and in which order. None fits all; `text` is searched in ids, names and models."""

    text: str = ""
    is_online: bool | None = None
    lifecycle: str | None = None
    order: Order | None = None
    """None: by id."""
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The ids that fit, in order, and how many of them are online."""

    station_ids: StationIds
    online: int


_KEYS: dict[Order, Callable[[Entry], Any]] = {
    "station": lambda entry: entry.name,
    "model": lambda entry: entry.model,
    "version": lambda entry: entry.version,
    "link": lambda entry: (not entry.is_online, entry.is_unauthenticated),
    "lifecycle": lambda entry: entry.lifecycle,
    "blocked": lambda entry: entry.blockers,
    "clears": lambda entry: entry.clears,
    "power": lambda entry: entry.power_w,
    "energy": lambda entry: entry.energy_wh,
}


class FleetRecords(Protocol):
    """What is stored (`csms.central.records`)."""

    async def station_ids(self, after: StationId | None = None, limit: int = 100) -> Sequence[StationId]:
        """The ids of the first stations after this one, in order."""
        ...

    async def states(self, wanted: Collection[StationId]) -> Mapping[StationId, StationState]:
        """These stations with what is true at them now."""
        ...


class Fleet:
    """Look with `look`, then `find`."""

    def __init__(
        self,
        records: FleetRecords,
        commands: StationCommands,
        details: StationDetails,
        bus: EventBus[StationNews],
        clock: Clock,
    ) -> None:
        self.version = 0
        """Rises whenever anything in it changes."""
        self._records, self._commands, self._details = records, commands, details
        self._bus, self._clock = bus, clock
        self._entries: dict[StationId, Entry] = {}
        self._ids: list[StationId] = []
        self._versions: dict[StationId, int] = {}
        self._changed: dict[StationId, None] = {}
        self._listening: Subscription[StationNews] | None = None
        self._read_at = 0.0
        self._found: dict[FleetQuery, Found] = {}
        self._lock = asyncio.Lock()

    async def look(self) -> None:
        """Bring it up to date; whoever looks at the same time waits for the same work."""
        async with self._lock:
            now = self._clock.monotonic()
            if self._listening is None:
                self._listen()
            elif self._entries and now - self._read_at < READ_AGAIN_S:
                changed = list(self._changed)[:CHANGED_MOST]
                for station_id in changed:
                    del self._changed[station_id]
                await self._reread(changed)
                return
            self._read_at = now
            await self._read_all()

    def note(self, station_id: StationId) -> None:
        """The station changed in a way that is no news."""
        self._changed[station_id] = None

    def find(self, query: FleetQuery) -> Found:
        """Those that fit, as of the last look."""
        found = self._found.get(query)
        if found is None:
            found = self._found[query] = self._search(query)
            if len(self._found) > FOUND_KEPT:
                del self._found[next(iter(self._found))]
        return found

    def version_of(self, station_id: StationId) -> int:
        """Rises whenever the station changes."""
        return self._versions.get(station_id, 0)

    # Keeping it ---------------------------------------------------------------------------------------

    def _listen(self) -> None:
        def take(news: StationNews) -> bool:
            self._changed[news.station_id] = None
            return False  # nothing has to be kept of it: which station is enough

        self._listening = self._bus.subscribe(1, take)
        self._details.watch(self.note)

    async def _read_all(self) -> None:
        before, last = set(self._entries), None
        self._changed.clear()
        stored: set[StationId] = set()
        while page := await self._records.station_ids(last, READ_AT_ONCE):
            last = page[-1]
            stored.update(page)
            await self._reread(page)
        others = {link.station_id for link in self._commands.links()}
        others |= set(self._details.stations())
        await self._reread(sorted(others - stored))
        self._drop(before - stored - others)

    async def _reread(self, station_ids: Collection[StationId]) -> None:
        """Read these; where that fails they are read again at the next look."""
        waiting = list(station_ids)
        try:
            while waiting:
                part = waiting[:READ_AT_ONCE]
                states = await self._records.states(part)
                async for some in in_slices(part, SLICE):
                    for station_id in some:
                        self._take(station_id, states[station_id])
                del waiting[: len(part)]
        finally:
            self._changed |= dict.fromkeys(waiting)

    def _take(self, station_id: StationId, state: StationState) -> None:
        entry = self._entry(station_id, state)
        if entry is None:
            self._drop((station_id,))
            return
        before = self._entries.get(station_id)
        self.version += 1
        self._versions[station_id] = self.version
        if entry == before:
            return
        if before is None:
            insort(self._ids, station_id)
        self._entries[station_id] = entry
        self._found.clear()

    def _drop(self, station_ids: Iterable[StationId]) -> None:
        gone = {each for each in station_ids if self._entries.pop(each, None) is not None}
        if gone:
            self._ids = [each for each in self._ids if each not in gone]
            for station_id in gone:
                self._versions.pop(station_id, None)
            self.version += 1
            self._found.clear()

    def _entry(self, station_id: StationId, state: StationState) -> Entry | None:
        """None for a station that is neither stored, nor connected, nor known to provisioning."""
        details, link = self._details.details(station_id), self._commands.link(station_id)
        if state.record is None and link is None and not details.get("lifecycle"):
            return None
        record = state.record or StationRecord(station_id)
        mac, lifecycle = details.get("mac"), details.get("lifecycle")
        place, site = details.get("place") or {}, details.get("site") or {}
        version = link.version.label if link is not None else record.version
        model = " ".join(part for part in (record.vendor, record.model) if part)
        words = (
            station_id,
            mac,
            model,
            record.serial_number,
            version,
            lifecycle,
            place.get("name"),
            site.get("name"),
        )
        return Entry(
            station_id=station_id,
            name=mac or station_id,
            text="\n".join(word for word in words if word).casefold(),
            model=model,
            version=version or "",
            lifecycle=lifecycle or "",
            is_online=link is not None,
            is_unauthenticated=link is not None and link.security is LinkSecurity.UNAUTHENTICATED,
            blockers=len(details.get("blocked_by") or ()) + _problems(details),
            clears=details.get("who_clears") or "",
            power_w=sum(each.power_w or 0.0 for each in state.open_ones) if link is not None else 0.0,
            energy_wh=sum(each.energy_wh or 0.0 for each in state.open_ones),
        )

    def _search(self, query: FleetQuery) -> Found:
        text = query.text.strip().casefold()
        entries = [
            entry
            for entry in map(self._entries.__getitem__, self._ids)
            if (not text or text in entry.text)
            and (query.is_online is None or entry.is_online is query.is_online)
            and (query.lifecycle is None or entry.lifecycle == query.lifecycle)
        ]
        if query.order is not None:
            entries.sort(key=_KEYS[query.order], reverse=query.is_descending)
        ids = tuple(entry.station_id for entry in entries)
        return Found(ids, sum(entry.is_online for entry in entries))


def _problems(details: Mapping[str, Any]) -> int:
    """How much is wrong with a station, whether or not it is active."""
    return sum(each.get("severity") == "problem" for each in details.get("remarks") or ())
