"""The links and boots that a station had stay readable: why each ended, and only so many of them."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from csms.domain.links import LinkSecurity, LinkView
from csms.rules.rows import BootRow, LinkClosedRow, LinkOpenedRow
from csms.storage.history_tables import boots, link_history
from csms.storage.link_history import (
    REPLACED,
    prune_boots,
    prune_link_history,
    write_boot_history,
    write_link_beginnings,
    write_link_ends,
)
from ocppj.model.boot import BootNotification
from ocppj.versions import OcppVersion
from ocppj.vocabulary import BootReason, Epoch, RegistrationStatus, StationId
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes


def link(epoch: int, station_id: StationId = CP1) -> LinkOpenedRow:
    """One that was opened so many minutes after noon."""
    at = minutes(epoch)
    view = LinkView(
        station_id,
        Epoch(epoch),
        OcppVersion.V21,
        "192.0.2.1",
        LinkSecurity.BASIC_AUTH,
        at,
        at,
        None,
        node="a",
    )
    return LinkOpenedRow(view)


def ends(connection: Connection) -> list[tuple[str, int, str | None]]:
    """Which link ended why, in order."""
    query = select(link_history).order_by(link_history.c.station_id, link_history.c.epoch)
    return [(row.station_id, row.epoch, row.reason) for row in connection.execute(query)]


async def test_each_link_has_its_end(database: Database) -> None:
    """By itself, or with a newer one of its station; a late end changes nothing."""

    def write(connection: Connection) -> list[tuple[str, int, str | None]]:
        write_link_beginnings(connection, [link(1), link(2, CP2)])
        write_link_ends(connection, [LinkClosedRow(CP1, Epoch(1), minutes(2), "closed")])
        write_link_beginnings(connection, [link(3)])
        write_link_beginnings(connection, [link(4)])
        write_link_ends(connection, [LinkClosedRow(CP1, Epoch(3), minutes(9), "late")])
        return ends(connection)

    assert await database.run_write(write) == [
        (CP1, 1, "closed"),
        (CP1, 3, REPLACED),
        (CP1, 4, None),
        (CP2, 2, None),
    ]


async def test_a_link_that_is_told_anew_goes_on(database: Database) -> None:
    """Its node was taken for gone, and was not."""

    def write(connection: Connection) -> list[tuple[str, int, str | None]]:
        write_link_beginnings(connection, [link(1)])
        write_link_ends(connection, [LinkClosedRow(CP1, Epoch(1), minutes(2), "no sign of life")])
        write_link_beginnings(connection, [link(1)])
        return ends(connection)

    assert await database.run_write(write) == [(CP1, 1, None)]


@pytest.mark.parametrize("kept", [0, 2, 5])
async def test_only_the_newest_stay(database: Database, kept: int) -> None:
    """Of each station by itself."""

    def write(connection: Connection) -> tuple[list[int], list[str | None]]:
        boot = BootNotification("V", "M", reason=BootReason.WATCHDOG)
        for number in range(1, 5):
            write_link_beginnings(connection, [link(number)])
            row = BootRow(CP1, boot, RegistrationStatus.ACCEPTED, NOON + timedelta(minutes=number))
            write_boot_history(connection, [row])
        write_link_beginnings(connection, [link(9, CP2)])
        prune_link_history(connection, [CP1], kept)
        prune_boots(connection, [CP1], kept)
        of_station = link_history.c.station_id == CP1
        epochs = connection.execute(select(link_history.c.epoch).where(of_station)).scalars()
        booted = connection.execute(select(boots.c.reason)).scalars()
        return sorted(epochs), list(booted)

    left = min(kept, 4)
    assert await database.run_write(write) == (list(range(5 - left, 5)), ["Watchdog"] * left)
