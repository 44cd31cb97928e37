"""All pages look at the same: a list is read once a second at most, and only where something happened."""

import asyncio
from pathlib import Path
from typing import Any

from access.principals import Role, member
from console.shared_list import LISTS_KEPT, LOOK_EVERY_S, STALE_AFTER_S
from console.views import ConsoleViews
from csms.domain.records import StationRecord
from csms.domain.station_lists import StationsWanted
from ocppj.vocabulary import StationId
from tests.support.central import Central, opened_central

ANN = member("ann", Role.VIEWER)
ALL = StationsWanted()


def fill(central: Central, count: int) -> None:
    """So many stations."""
    for number in range(count):
        station_id = StationId(f"s{number:03}")
        central.records.kept[station_id] = StationRecord(station_id)


def ids(rows: Any) -> list[str]:
    """Of the rows."""
    return [each.station_id for each in rows]


async def test_pages_get_the_rows_that_they_show(tmp_path: Path) -> None:
    """And how many there are."""
    async with opened_central(tmp_path) as central:
        fill(central, 120)
        views = ConsoleViews(central.parts)
        shown = await views.stations(ALL, StationId("s049"), 50, ANN)
        assert ids(shown.rows) == [f"s{number:03}" for number in range(50, 100)]
        assert (shown.total, shown.online) == (120, 0)
        last = await views.stations(ALL, StationId("s099"), 50, ANN)
        assert len(last.rows) == 20
        assert (shown.is_more, last.is_more) == (True, False)


async def test_one_look_serves_all_pages(tmp_path: Path) -> None:
    """Five pages: their list is read once, and again after a second if anything happened."""
    async with opened_central(tmp_path) as central:
        fill(central, 60)
        views = ConsoleViews(central.parts)
        await asyncio.gather(*(views.stations(ALL, None, 50, ANN) for _ in range(5)))
        assert central.records.states_read == [f"s{number:03}" for number in range(50)]
        central.records.states_read.clear()
        for _ in range(3):
            central.publish("transaction.updated", StationId("s003"))
        await asyncio.gather(*(views.stations(ALL, None, 50, ANN) for _ in range(5)))
        assert central.records.states_read == []  # within the second
        await central.clock.advance(LOOK_EVERY_S)
        await asyncio.gather(*(views.stations(ALL, None, 50, ANN) for _ in range(5)))
        assert len(central.records.states_read) == 50
        await central.clock.advance(LOOK_EVERY_S)
        await views.stations(ALL, None, 50, ANN)
        assert len(central.records.states_read) == 50  # nothing has happened


async def test_what_provisioning_changes_is_noticed(tmp_path: Path) -> None:
    """A place that was renamed is no news: provisioning tells."""
    async with opened_central(tmp_path) as central:
        views = ConsoleViews(central.parts)
        assert (await views.stations(ALL, None, 50, ANN)).total == 0
        ordered = StationId("ordered")
        central.details.known[ordered] = {"lifecycle": "ordered"}
        for changed in central.details.watchers:
            changed(ordered)
        await central.clock.advance(LOOK_EVERY_S)
        assert (await views.stations(ALL, None, 50, ANN)).total == 1


async def test_lists_that_nobody_looks_at_any_more_are_forgotten(tmp_path: Path) -> None:
    """The newest stay."""
    async with opened_central(tmp_path) as central:
        fill(central, LISTS_KEPT + 5)
        views = ConsoleViews(central.parts)
        for count in range(1, LISTS_KEPT + 2):
            await views.stations(ALL, None, count, ANN)
        central.records.states_read.clear()
        await views.stations(ALL, None, 2, ANN)
        assert central.records.states_read == []
        await views.stations(ALL, None, 1, ANN)
        assert central.records.states_read == ["s000"]


async def test_rows_are_the_same_object_until_one_changes(tmp_path: Path) -> None:
    """A page whose rows did not change has nothing to do."""
    async with opened_central(tmp_path) as central:
        fill(central, 3)
        views = ConsoleViews(central.parts)
        first = await views.stations(ALL, None, 50, ANN)
        await central.clock.advance(LOOK_EVERY_S)
        assert (await views.stations(ALL, None, 50, ANN)).rows is first.rows
        changed = StationId("s001")
        central.records.kept[changed] = StationRecord(changed, vendor="Acme")
        central.publish("connector.status", changed)
        await central.clock.advance(LOOK_EVERY_S)
        after = await views.stations(ALL, None, 50, ANN)
        assert after.rows is not first.rows
        assert [one is other for one, other in zip(after.rows, first.rows, strict=True)] == [
            True,
            False,
            True,
        ]


async def test_a_list_is_read_again_where_nothing_happened(tmp_path: Path) -> None:
    """Some things change without news; five seconds later the page shows them too."""
    async with opened_central(tmp_path) as central:
        fill(central, 1)
        views = ConsoleViews(central.parts)
        await views.stations(ALL, None, 50, ANN)
        fill(central, 2)
        await central.clock.advance(STALE_AFTER_S)
        assert (await views.stations(ALL, None, 50, ANN)).total == 2
