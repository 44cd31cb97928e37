"""All pages look at the same: stations are read once a second at most, rows composed when they changed."""

import asyncio
from pathlib import Path
from typing import Any

from console.shared_list import LOOK_EVERY_S, STALE_AFTER_S, NewsOfStation
from console.views import ConsoleViews
from csms.api import FleetQuery
from csms.domain.records import StationRecord
from ocppj.vocabulary import StationId
from tests.support.central import A16, B201, Central, opened_central

ALL = FleetQuery()


def fill(central: Central, count: int) -> None:
    """So many stations."""
    for number in range(count):
        station_id = StationId(f"s{number:03}")
        central.records.kept[station_id] = StationRecord(station_id)


def ids(rows: Any) -> list[str]:
    """Of the rows."""
    return [each["station_id"] for each in rows]


async def test_pages_get_the_rows_that_they_show(tmp_path: Path) -> None:
    """And how many there are."""
    async with opened_central(tmp_path) as central:
        fill(central, 120)
        views = ConsoleViews(central.parts)
        shown = await views.stations(ALL, 50, 50)
        assert ids(shown.rows) == [f"s{number:03}" for number in range(50, 100)]
        assert (shown.total, shown.online) == (120, 0)
        last = await views.stations(ALL, 100, 50)
        assert len(last.rows) == 20


async def test_one_look_serves_all_pages(tmp_path: Path) -> None:
    """Five pages: each station that changed is read twice, once to list it and once to show it."""
    async with opened_central(tmp_path) as central:
        fill(central, 60)
        views = ConsoleViews(central.parts)
        await asyncio.gather(*(views.stations(ALL, 0, 50) for _ in range(5)))
        central.records.states_read.clear()
        for _ in range(3):
            central.publish("transaction.updated", StationId("s003"))
        for _ in range(5):
            await views.stations(ALL, 0, 50)
        assert central.records.states_read == []  # within the second
        await central.clock.advance(LOOK_EVERY_S)
        for _ in range(5):
            await views.stations(ALL, 0, 50)
        assert central.records.states_read == ["s003", "s003"]


async def test_rows_are_the_same_object_until_one_changes(tmp_path: Path) -> None:
    """A page whose rows did not change has nothing to do."""
    async with opened_central(tmp_path) as central:
        fill(central, 3)
        views = ConsoleViews(central.parts)
        first = await views.stations(ALL, 0, 50)
        await central.clock.advance(LOOK_EVERY_S)
        assert (await views.stations(ALL, 0, 50)).rows is first.rows
        central.publish("connector.status", StationId("s001"))
        await central.clock.advance(LOOK_EVERY_S)
        after = await views.stations(ALL, 0, 50)
        assert after.rows is not first.rows
        assert [one is other for one, other in zip(after.rows, first.rows, strict=True)] == [
            True,
            False,
            True,
        ]


async def test_rows_are_composed_again_where_nothing_happened(tmp_path: Path) -> None:
    """Some things change without news; five seconds later the page shows them too."""
    async with opened_central(tmp_path) as central:
        fill(central, 1)
        views = ConsoleViews(central.parts)
        first = await views.stations(ALL, 0, 50)
        await central.clock.advance(STALE_AFTER_S)
        assert (await views.stations(ALL, 0, 50)).rows is not first.rows


async def test_news_of_one_station_refresh_its_page_only(tmp_path: Path) -> None:
    """Once for all of it; nothing is kept of the news itself."""
    async with opened_central(tmp_path) as central:
        news = NewsOfStation(central.bus, A16)
        central.publish("connector.status", B201)
        assert not news.has_come()
        for _ in range(1000):
            central.publish("transaction.updated", A16)
        assert news.has_come()
        assert not news.has_come()
        news.close()
        assert central.bus.subscribers == 0
