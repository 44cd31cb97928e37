"""Lists of stations, filtered, put in order and counted by the database; on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import ChosenStation, ConnectorRecord, StationRecord
from csms.domain.station_lists import OwnedStation, StationsWanted
from csms.rules.rows import BootRow, ConnectorRow, LinkClosedRow, LinkOpenedRow
from csms.storage.connectors import write_connectors
from csms.storage.links import write_closed_links, write_opened_links
from csms.storage.station_lists import (
    count_stations,
    forget_owned_stations,
    list_stations,
    load_owned_stations,
    write_owned_stations,
)
from csms.storage.stations import add_station, all_chosen, one_station, write_arrivals, write_boots
from ocppj.model.boot import BootNotification
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, Epoch, RegistrationStatus, StationId
from runtime.audit import Act
from runtime.database import Database
from tests.support.inbound import NOON

A, B, C, D, E = map(StationId, "abcde")
ACT = Act(E, NOON, "ann", "added")


def up(station_id: StationId, security: LinkSecurity = LinkSecurity.BASIC_AUTH) -> LinkOpenedRow:
    """It connects."""
    version = OcppVersion.V16 if station_id == A else OcppVersion.V201
    return LinkOpenedRow(LinkView(station_id, Epoch(1), version, "192.0.2.1", security, NOON, NOON, None))


def boot(station_id: StationId, model: str) -> BootRow:
    """It says what it is."""
    return BootRow(station_id, BootNotification("Acmé", model, "SN-1"), RegistrationStatus.ACCEPTED, NOON)


@pytest.fixture
async def fleet(database: Database) -> Database:
    """Three that were here (a is gone, b proved nothing, c is faulted), and d, which was only ordered."""

    def fill(connection: Any) -> None:
        links = [up(A), up(B, LinkSecurity.UNAUTHENTICATED), up(C)]
        write_arrivals(connection, links)
        write_opened_links(connection, links)
        write_boots(connection, [boot(A, "Duo"), boot(B, "Mono"), boot(C, "Duo")])
        write_closed_links(connection, [LinkClosedRow(A, Epoch(1), NOON, "1000")])
        faulted = ConnectorRecord(C, 1, 1, ConnectorStatus.FAULTED, "Faulted")
        fine = ConnectorRecord(B, 1, 1, ConnectorStatus.AVAILABLE, "Available")
        write_connectors(connection, [ConnectorRow(faulted, NOON), ConnectorRow(fine, NOON)])
        write_owned_stations(
            connection,
            [
                OwnedStation(
                    A, "active", site_id="s1", place_name="P 1", words="p 1\n50%", is_due_online=True
                ),
                OwnedStation(B, "active", "ZZ", "s2", "P 2", "p 2\n500", 0, None, is_due_online=True),
                OwnedStation(D, "ordered", "AA", in_the_way=2, who_clears="installer"),
            ],
            NOON,
        )

    await database.run_write(fill)
    return database


QUESTIONS = [
    (StationsWanted(), "abcd", 2),
    (StationsWanted(is_online=True), "bc", 2),
    (StationsWanted(is_online=False), "ad", 0),
    (StationsWanted(lifecycle="active"), "ab", 1),
    (StationsWanted(site_id="s2"), "b", 1),
    (StationsWanted(is_blocked=True), "acd", 1),
    (StationsWanted(is_blocked=False), "b", 1),
    (StationsWanted(is_blocked=True, troubled=(B, C)), "abcd", 2),
    (StationsWanted(is_blocked=False, troubled=(B,)), "", 0),
    (StationsWanted(" ACMÉ duo "), "ac", 1),
    (StationsWanted("sn-1"), "abc", 2),
    (StationsWanted("2.0.1"), "bc", 2),
    (StationsWanted("50%"), "a", 0),
    (StationsWanted("P 2", lifecycle="active", site_id="s2", is_blocked=False), "b", 1),
    (StationsWanted(order="station"), "dbac", 2),  # the MAC on the label goes before the id
    (StationsWanted(order="station", is_descending=True), "cabd", 2),
    (StationsWanted(order="model"), "dacb", 2),
    (StationsWanted(order="version"), "dabc", 2),
    (StationsWanted(order="link"), "cbad", 2),
    (StationsWanted(order="lifecycle"), "cabd", 2),
    (StationsWanted(order="blocked", is_descending=True), "dacb", 2),
    (StationsWanted(order="clears", is_descending=True), "dabc", 2),
    (StationsWanted(order="power"), "abcd", 2),
    (StationsWanted(order="energy"), "abcd", 2),
]


@pytest.mark.parametrize(
    ("wanted", "found", "online"), QUESTIONS, ids=[str(n) for n in range(len(QUESTIONS))]
)
async def test_lists_are_filtered_put_in_order_and_counted(
    fleet: Database, wanted: StationsWanted, found: str, online: int
) -> None:
    """By what stations say, by their links and faults, and by what whoever leads them keeps here."""
    listed = await fleet.run_read(lambda c: list_stations(c, wanted, 9))
    assert "".join(listed) == found
    assert await fleet.run_read(lambda c: count_stations(c, wanted)) == (len(found), online)


async def test_a_list_goes_on_behind_a_station_or_a_number(fleet: Database) -> None:
    """Programs go on behind the last one that they got, a table of people turns to a page."""
    assert await fleet.run_read(lambda c: list_stations(c, StationsWanted(), 2, after=A)) == [B, C]
    assert await fleet.run_read(lambda c: list_stations(c, StationsWanted(), 2, offset=3)) == [D]


async def test_what_a_leader_keeps_is_read_back(fleet: Database) -> None:
    """All of it, of those that somebody leads."""
    owned = {each.station_id: each for each in await fleet.run_read(load_owned_stations)}
    assert set(owned) == {A, B, D}
    assert owned[D] == OwnedStation(D, "ordered", "AA", in_the_way=2, who_clears="installer")


async def test_what_nobody_leads_any_more_is_a_station_like_others_or_gone(fleet: Database) -> None:
    """One that was here stays, without what provisioning kept; one that was only ordered leaves no row."""
    await fleet.run_write(lambda c: forget_owned_stations(c, [A, D]))
    assert [each.station_id for each in await fleet.run_read(load_owned_stations)] == [B]
    assert await fleet.run_read(lambda c: list_stations(c, StationsWanted(), 9)) == [A, B, C]
    assert await fleet.run_read(lambda c: list_stations(c, StationsWanted(is_blocked=True), 9)) == [C]
    await fleet.run_write(lambda c: forget_owned_stations(c, []))


async def test_a_station_that_was_only_ordered_can_be_made_known(fleet: Database) -> None:
    """Its row says nothing that somebody chose; made known twice it is there already."""
    chosen = StationRecord(D, admission="reject")
    assert await fleet.run_write(lambda c: add_station(c, chosen, ACT))
    assert not await fleet.run_write(lambda c: add_station(c, chosen, ACT))
    assert not await fleet.run_write(lambda c: add_station(c, StationRecord(A, admission="reject"), ACT))
    assert await fleet.run_read(all_chosen) == [ChosenStation(D, "reject")]
    assert await fleet.run_read(lambda c: one_station(c, D)) == chosen
    assert D in [each.station_id for each in await fleet.run_read(load_owned_stations)]


async def test_one_that_was_known_before_it_came_was_first_seen_when_it_came(fleet: Database) -> None:
    """Its row is there already, and has no instant; the first one that it gets stays."""

    def come(connection: Any) -> list[Any]:
        found = [one_station(connection, D)]
        write_arrivals(connection, [up(D)])
        found.append(one_station(connection, D))
        later = BootRow(D, BootNotification("A", "B"), RegistrationStatus.ACCEPTED, NOON + timedelta(hours=1))
        write_boots(connection, [later])
        return [*found, one_station(connection, D)]

    found = await fleet.run_write(come)
    assert [each.first_seen_at for each in found] == [None, NOON, NOON]
