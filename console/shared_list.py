"""What all open pages look at together: however many there are, stations are read once a second at most."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csms.api import Fleet, FleetQuery, StationIds, StationViews
from csms.domain.news import StationNews
from runtime.clock import Clock
from runtime.events import EventBus

LOOK_EVERY_S = 1.0
STALE_AFTER_S = 5.0
"""A row is composed again after so long, also where nothing happened: some things change without news."""
ROWS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class StationsShown:
    """A part of the list, as GET /stations tells each; how many fit, how many of those are online.

    The same rows are the same object, until one of them changes.
    """

    rows: Sequence[dict[str, Any]]
    total: int
    online: int


class SharedList:
    """The list of stations for all pages."""

    def __init__(self, fleet: Fleet, views: StationViews, clock: Clock) -> None:
        self._fleet = fleet
        self._views = views
        self._clock = clock
        self._looked_at = float("-inf")
        self._rows: OrderedDict[str, tuple[int, int, dict[str, Any]]] = OrderedDict()
        self._shown: OrderedDict[StationIds, list[dict[str, Any]]] = OrderedDict()

    async def stations(self, query: FleetQuery, first: int, count: int) -> StationsShown:
        """`count` of those that fit, from number `first` on."""
        now = self._clock.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            await self._fleet.look()
        elif not self._fleet.version:
            await self._fleet.look()  # somebody else looks for the first time: wait for it
        found = self._fleet.find(query)
        wanted = found.station_ids[first : first + count]
        return StationsShown(await self._composed(wanted), len(found.station_ids), found.online)

    async def _composed(self, wanted: StationIds) -> list[dict[str, Any]]:
        age = int(self._clock.monotonic() / STALE_AFTER_S)
        stale = [each for each in wanted if self._mark(each, age) != self._rows.get(each, ())[:2]]
        if stale:
            marks = {each: self._mark(each, age) for each in stale}
            for row in await self._views.stations(stale):
                station_id = row["station_id"]
                self._rows[station_id] = (*marks[station_id], row)
                self._rows.move_to_end(station_id)
            while len(self._rows) > max(ROWS_KEPT, len(wanted)):
                self._rows.popitem(last=False)
        rows = [self._rows[each][2] for each in wanted if each in self._rows]
        before = self._shown.get(wanted)
        if before is not None and len(before) == len(rows) and all(map(_is_same, before, rows)):
            return before
        self._shown[wanted] = rows
        while len(self._shown) > ROWS_KEPT // 50:
            self._shown.popitem(last=False)
        return rows

    def _mark(self, station_id: Any, age: int) -> tuple[int, int]:
        return self._fleet.version_of(station_id), age


def _is_same(one: object, other: object) -> bool:
    return one is other


class NewsOfStation:
    """Whether there was news of a station since one asked last."""

    def __init__(self, bus: EventBus[StationNews], station_id: str) -> None:
        self._station_id = station_id
        self._is_news = False
        self._listening = bus.subscribe(1, self._take)

    def _take(self, news: StationNews) -> bool:
        self._is_news = self._is_news or news.station_id == self._station_id
        return False  # that there was some is all that is kept

    def has_come(self) -> bool:
        """Once for all that happened."""
        was, self._is_news = self._is_news, False
        return was

    def close(self) -> None:
        """Stop listening."""
        self._listening.close()
