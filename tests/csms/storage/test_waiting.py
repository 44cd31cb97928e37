"""What waits for people: since when, in which order, for whom; the fleet in numbers; on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from access.principals import DEFAULT, AccessScope, Membership, Role
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import ConnectorRecord
from csms.domain.station_lists import OwnedStation
from csms.domain.waiting import FleetNow, Undecided, WaitingStation, WaitingWanted
from csms.rules.rows import ConnectorRow, LinkClosedRow, LinkOpenedRow, QuarantineRow
from csms.storage.connectors import write_connectors
from csms.storage.links import write_closed_links, write_opened_links
from csms.storage.quarantine import write_quarantine
from csms.storage.station_lists import forget_owned_stations, write_owned_stations
from csms.storage.stations import write_arrivals
from csms.storage.waiting import fleet_now, held_transactions, quarantined_messages, waiting_stations
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, Epoch, StationId
from runtime.database import Database
from tests.support.inbound import NOON

A, B, C, D, E = map(StationId, "abcde")
ALL = AccessScope.of([Membership(Role.ADMIN)])
AT_S2 = AccessScope.of([Membership(Role.MANAGER, DEFAULT, "s2")])
HOUR = timedelta(hours=1)


def up(station_id: StationId) -> LinkOpenedRow:
    """It connects."""
    security = LinkSecurity.BASIC_AUTH
    return LinkOpenedRow(
        LinkView(station_id, Epoch(1), OcppVersion.V16, "192.0.2.1", security, NOON, NOON, None)
    )


@pytest.fixture
async def fleet(database: Database) -> Database:
    """a was to be activated by its owner; b is silent; c faulted; d waits for an installer; e is fine."""

    def fill(connection: Any) -> None:
        links = [up(A), up(B), up(C), up(E)]
        write_arrivals(connection, links)
        write_opened_links(connection, links)
        write_closed_links(connection, [LinkClosedRow(B, Epoch(1), NOON + 2 * HOUR, "1000")])
        faulted = ConnectorRecord(C, 1, 1, ConnectorStatus.FAULTED, "Faulted", since=NOON)
        write_connectors(connection, [ConnectorRow(faulted, NOON + HOUR)])
        owned = [
            OwnedStation(A, "localized", site_id="s1", in_the_way=1, who_clears="owner"),
            OwnedStation(B, "active", site_id="s2", is_due_online=True),
            OwnedStation(C, "active", site_id="s2", is_due_online=True),
            OwnedStation(D, "ordered", in_the_way=2, who_clears="installer"),
            OwnedStation(E, "active", is_due_online=True),
        ]
        write_owned_stations(connection, owned, NOON + 3 * HOUR)

    await database.run_write(fill)
    return database


async def waiting(fleet: Database, wanted: WaitingWanted, limit: int = 9, offset: int = 0) -> str:
    """The ids of those that wait, in order, and how many there are in all."""
    part = await fleet.run_read(lambda c: waiting_stations(c, wanted, limit, offset))
    return f"{''.join(each.station_id for each in part.stations)} {part.total}"


async def since(fleet: Database, station_id: StationId) -> Any:
    """Since when it waits."""
    everybody = WaitingWanted(ALL, ALL, is_for_others=True)
    part = await fleet.run_read(lambda c: waiting_stations(c, everybody, 9, 0))
    return {each.station_id: each.since for each in part.stations}.get(station_id, "not at all")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (WaitingWanted(ALL, ALL, is_for_others=True), "cbad 4"),
        (WaitingWanted(ALL, ALL), " 0"),
        (WaitingWanted(ALL, ALL, frozenset({"owner"})), "cba 3"),
        (WaitingWanted(ALL, ALL, frozenset({"owner"}), is_for_others=True), "d 1"),
        (WaitingWanted(ALL, ALL, frozenset({"owner", "installer"})), "cbad 4"),
        (WaitingWanted(ALL, AT_S2, frozenset({"owner"})), "cb 2"),
        (WaitingWanted(ALL, AT_S2, frozenset({"owner"}), is_for_others=True), "ad 2"),
        (WaitingWanted(AT_S2, ALL, is_for_others=True), "cb 2"),
    ],
)
async def test_the_longest_waiting_come_first(fleet: Database, wanted: WaitingWanted, found: str) -> None:
    """Of what is in the way, of faults and of silence; for those whose turn it is, or for all others."""
    assert await waiting(fleet, wanted) == found


async def test_a_list_goes_on_from_a_number(fleet: Database) -> None:
    """Also where it ends."""
    wanted = WaitingWanted(ALL, ALL, is_for_others=True)
    assert await waiting(fleet, wanted, 2, 1) == "ba 4"
    assert await waiting(fleet, wanted, 2, 4) == " 4"


async def test_a_station_waits_since_somebody_elses_turn_began(fleet: Database) -> None:
    """More in the way of the same does not begin anew; what is cleared does."""

    async def write(**more: Any) -> None:
        owned = OwnedStation(D, "ordered", **more)
        await fleet.run_write(lambda c: write_owned_stations(c, [owned], NOON + 5 * HOUR))

    assert await since(fleet, B) == NOON + 2 * HOUR
    assert await since(fleet, C) == NOON
    assert await since(fleet, D) == NOON + 3 * HOUR
    await write(in_the_way=1, who_clears="installer")
    assert await since(fleet, D) == NOON + 3 * HOUR
    await write(in_the_way=1, who_clears="owner")
    assert await since(fleet, D) == NOON + 5 * HOUR
    await write()
    assert await since(fleet, D) == "not at all"
    await write(in_the_way=1, who_clears="installer")
    assert await since(fleet, D) == NOON + 5 * HOUR


async def test_what_waited_before_this_was_kept_comes_first(fleet: Database) -> None:
    """Nobody knows since when."""
    await fleet.run_write(lambda c: c.exec_driver_sql("UPDATE stations SET waits_since = NULL"))
    part = await fleet.run_read(
        lambda c: waiting_stations(c, WaitingWanted(ALL, ALL, is_for_others=True), 9, 0)
    )
    assert part.stations[0] == WaitingStation(A, None)


async def test_nobodys_stations_wait_for_nobody(fleet: Database) -> None:
    """Of one that was here the row stays."""
    await fleet.run_write(lambda c: forget_owned_stations(c, [A]))
    assert await since(fleet, A) == "not at all"


async def test_decisions_are_counted_with_the_oldest(fleet: Database) -> None:
    """Up to a bound: nobody needs to know how many more."""
    rows = [QuarantineRow(B, Epoch(1), b"[]", "no", NOON + each * HOUR) for each in (2, 1, 3)]
    await fleet.run_write(lambda c: write_quarantine(c, rows))
    found = await fleet.run_read(lambda c: quarantined_messages(c, ALL, 2))
    assert found == Undecided(2, NOON + HOUR)
    assert await fleet.run_read(lambda c: held_transactions(c, ALL, 9)) == Undecided()


async def test_the_fleet_in_numbers(fleet: Database) -> None:
    """Of all, and of those that somebody may see."""
    assert await fleet.run_read(lambda c: fleet_now(c, ALL)) == FleetNow(5, 3, faulted=1, silent=1)
    assert await fleet.run_read(lambda c: fleet_now(c, AT_S2)) == FleetNow(2, 1, faulted=1, silent=1)
