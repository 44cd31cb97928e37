"""What all open pages look at together: however many there are, a list is read once a second at most."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from csms.api import ApiParts, StationViews
from csms.api.stations import resolved
from csms.api.views import StationAnswer
from csms.domain.station_events import StationEvent
from csms.domain.station_lists import StationsWanted
from runtime.events import Subscription

LOOK_EVERY_S = 1.0
STALE_AFTER_S = 5.0
"""A list is read again after so long, also where nothing happened: some things change without news."""
LISTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class StationsShown:
    """A part of the list, as GET /stations tells each; how many fit, how many of those are online.

    The same rows are the same object, until one of them changes.
    """

    rows: Sequence[StationAnswer]
    total: int
    online: int
    is_more: bool = False


Key = tuple[StationsWanted, str | None, int]


@dataclass(frozen=True, slots=True)
class ReadList:
    """What was shown of a list, when it was read, and what had happened by then."""

    shown: StationsShown
    at: float
    version: int


class SharedList:
    """The list of stations for all pages."""

    def __init__(self, parts: ApiParts, views: StationViews) -> None:
        self._parts, self._views = parts, views
        self._listening: Subscription[StationEvent] | None = None
        self._version = 0
        """Rises whenever something happens at a station."""
        self._lists: OrderedDict[Key, ReadList] = OrderedDict()
        self._lock = asyncio.Lock()

    async def stations(self, wanted: StationsWanted, after: str | None, count: int) -> StationsShown:
        """`count` of those that fit, behind this one; who asks meanwhile waits for the same answer."""
        key = (wanted, after, count)
        async with self._lock:
            if self._listening is None:
                self._listen()
            known, now = self._lists.get(key), self._parts.clock.monotonic()
            if known is None or self._is_stale(known, now):
                known = self._lists[key] = await self._read(key, known, now)
                self._lists.move_to_end(key)
                if len(self._lists) > LISTS_KEPT:
                    self._lists.popitem(last=False)
            return known.shown

    def _is_stale(self, known: ReadList, now: float) -> bool:
        age = now - known.at
        return age >= STALE_AFTER_S or (age >= LOOK_EVERY_S and known.version != self._version)

    async def _read(self, key: Key, before: ReadList | None, now: float) -> ReadList:
        (wanted, after, count), version = key, self._version
        behind = resolved(self._parts, after) if after else None
        part = await self._parts.records.list_stations(wanted, count, after=behind)
        composed = [each async for each in self._views.rows(part.states)]
        rows = _kept(before.shown.rows, composed) if before is not None else composed
        return ReadList(StationsShown(rows, part.total, part.online, part.is_more), now, version)

    def _listen(self) -> None:
        self._listening = self._parts.bus.subscribe(1, self._note)
        self._parts.details.watch(self._note)

    def _note(self, _what: object) -> bool:
        self._version += 1
        return False  # nothing has to be kept of it: that there was something is enough


def _kept(before: Sequence[StationAnswer], rows: list[StationAnswer]) -> Sequence[StationAnswer]:
    """What is as it was is the same object, also all of it together."""
    known = {each.station_id: each for each in before}
    kept = [was if (was := known.get(each.station_id)) == each else each for each in rows]
    is_same = len(kept) == len(before) and all(one is other for one, other in zip(kept, before, strict=True))
    return before if is_same else kept
