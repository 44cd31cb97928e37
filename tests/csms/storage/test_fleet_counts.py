"""The fleet in numbers, as it is stored and read back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace as with_changes

from csms.domain.history import FLEET_KEPT_FOR, FleetCount, FleetPoint
from csms.domain.links import LinkSecurity, LinkView
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.storage.fleet_counts import (
    energy_before,
    fleet_points,
    power_of_connected,
    write_fleet_count,
)
from csms.storage.links import write_closed_links, write_opened_links
from csms.storage.transactions import write_transactions
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, StationId
from runtime.database import Database
from tests.csms.storage.test_transactions import row
from tests.support.inbound import CP1, CP2, NOON, minutes
from tests.support.plans import assert_is_indexed

MINUTE = timedelta(minutes=1)
LATER = minutes(600)


def count(minute: float = 0, **more: Any) -> FleetCount:
    """Of a fleet in which nothing happens."""
    numbers: dict[str, Any] = {
        "stations_known": 9,
        "stations_online": 8,
        "stations_faulted": 0,
        "stations_blocked": 0,
        "connectors_faulted": 0,
        "charging": 0,
        "power_w": 0.0,
        "energy_wh": 0.0,
    }
    return FleetCount(minute=minutes(minute), **(numbers | more))


async def wrote(database: Database, *counts: FleetCount) -> list[bool]:
    """One after the other; which of them stand."""
    return [
        await database.run_write(lambda connection, each=each: write_fleet_count(connection, each))  # type: ignore[misc] # bound now
        for each in counts
    ]


async def read(
    database: Database, step: timedelta = MINUTE, since: datetime = NOON, until: datetime = LATER
) -> Sequence[FleetPoint]:
    """Ten hours from noon on."""
    return await database.run_read(lambda connection: fleet_points(connection, since, until, step))


async def test_a_minute_is_counted_once(database: Database) -> None:
    """The first one stays; whoever comes second is told, also where two processes count the same."""
    first, second = count(charging=1), count(charging=2)
    assert await wrote(database, first, second, count(2)) == [True, False, True]
    assert [each.worst for each in await read(database)] == [first, count(2)]
    assert [each.minutes for each in await read(database)] == [1, 1]


async def test_a_step_has_the_worst_of_its_minutes(database: Database) -> None:
    """The fewest that were online, the most of all else; what was not counted is not made up."""
    await wrote(
        database,
        count(0, stations_known=9, power_w=100.0),
        count(1, stations_online=2, charging=3, energy_wh=5.0),
        count(4, stations_faulted=1, connectors_faulted=2, stations_blocked=4, energy_wh=7.0),
        count(17, energy_wh=8.0),
    )
    first, last = await read(database, timedelta(minutes=5))
    assert first == FleetPoint(
        3,
        count(
            0,
            stations_online=2,
            stations_faulted=1,
            stations_blocked=4,
            connectors_faulted=2,
            charging=3,
            power_w=100.0,
            energy_wh=7.0,
        ),
    )
    assert last == FleetPoint(1, count(15, energy_wh=8.0))
    later = await read(database, timedelta(minutes=5), since=minutes(1), until=minutes(17))
    assert [(each.worst.minute, each.minutes) for each in later] == [(NOON, 2)]
    (day,) = await read(database, timedelta(days=1))
    assert (day.worst.minute, day.minutes) == (NOON.replace(hour=0), 4)


async def test_a_year_of_minutes_stays(database: Database) -> None:
    """What is older goes, a few minutes at each count: a clock that runs ahead for a while forgets little."""
    await wrote(database, *(count(minute) for minute in range(25)))
    for later, left in ((24, 15), (25, 5), (26, 0)):
        await wrote(database, count(FLEET_KEPT_FOR / MINUTE + later))
        assert len(await read(database)) == left
    (stays,) = await wrote(database, count(FLEET_KEPT_FOR / MINUTE + 27))
    every = await read(database, until=minutes(FLEET_KEPT_FOR / MINUTE + 100))
    assert (stays, len(every)) == (True, 4)


async def test_the_energy_of_the_count_before_is_found(database: Database) -> None:
    """Nothing before the first."""
    await wrote(database, count(0, energy_wh=5.0), count(3, energy_wh=7.0), count(9, energy_wh=1.0))
    for minute, energy_wh in ((0, 0.0), (1, 5.0), (3, 5.0), (4, 7.0)):
        at = minutes(minute)
        assert await database.run_read(lambda c, at=at: energy_before(c, at)) == energy_wh  # type: ignore[misc] # bound now


def link(station_id: StationId) -> LinkView:
    """A station is connected."""
    return LinkView(
        station_id, Epoch(1), OcppVersion.V16, "p", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None
    )


async def test_the_power_of_who_is_away_does_not_count(database: Database) -> None:
    """Nobody knows whether it still flows; a transaction that ended delivers none."""
    charges = [
        with_changes(row(number, station_id, transaction_id=str(number)), power_w=power_w, ended_at=ended_at)
        for number, station_id, power_w, ended_at in (
            (1, CP1, 7000.0, None),
            (2, CP1, None, None),
            (3, CP1, 900.0, NOON),
            (4, CP2, 500.0, None),
        )
    ]
    await database.run_write(lambda c: write_transactions(c, charges, {}))
    assert await database.run_read(power_of_connected) == 0
    await database.run_write(
        lambda c: (
            write_opened_links(c, [LinkOpenedRow(link(CP1)), LinkOpenedRow(link(CP2))]),
            write_closed_links(c, [LinkClosedRow(CP2, Epoch(1), NOON, "1000")]),
        )
    )
    assert await database.run_read(power_of_connected) == 7000


async def test_counting_walks_through_no_table(database: Database) -> None:
    """Once a minute, beside the stations."""
    await assert_is_indexed(database, power_of_connected)
    await assert_is_indexed(database, lambda c: write_fleet_count(c, count()))
    await assert_is_indexed(database, lambda c: energy_before(c, NOON))
