"""Stations: what they said of themselves, and what they were told."""

from dataclasses import replace
from functools import partial

from sqlalchemy import select

from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import ChosenStation, StationRecord
from csms.rules.rows import BootRow, FirmwareStatusRow, LinkClosedRow, LinkOpenedRow, LogStatusRow
from csms.storage import (
    stations,
)
from csms.storage.tables import stations as stations_table
from ocppj.model.boot import BootNotification
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    BootReason,
    Epoch,
    RegistrationStatus,
    StationId,
)
from runtime.audit import Act, acts
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes

ACT = Act(CP2, NOON, "ann", "added")
VIEW = LinkView(
    CP1, Epoch(7), OcppVersion.V16, "192.0.2.1", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None, ("f",)
)


async def test_a_station_is_first_seen_once(database: Database) -> None:
    """Links, boots and statuses each bring what they know."""
    boot = BootNotification("V", "M", "S", "1.0", "iccid", "imsi", "meter", "meter-1")
    accepted = RegistrationStatus.ACCEPTED
    await database.run_write(lambda c: stations.write_arrivals(c, [LinkOpenedRow(VIEW)]))
    await database.run_write(lambda c: stations.write_boots(c, [BootRow(CP1, boot, accepted, minutes(1))]))
    await database.run_write(
        lambda c: stations.write_firmware_statuses(c, [FirmwareStatusRow(CP1, "Installing", minutes(2))])
    )
    await database.run_write(
        lambda c: stations.write_log_statuses(c, [LogStatusRow(CP1, "Idle", minutes(2))])
    )
    closed = LinkClosedRow(CP1, Epoch(7), minutes(3), "1000")
    await database.run_write(lambda c: stations.write_departures(c, [closed]))
    found = await database.run_read(lambda c: stations.one_station(c, CP1))
    assert found == StationRecord(
        CP1,
        NOON,
        minutes(3),
        minutes(1),
        "V",
        "M",
        "S",
        "1.0",
        "1.6",
        accepted,
        iccid="iccid",
        imsi="imsi",
        meter_type="meter",
        meter_serial_number="meter-1",
        boot_reason=BootReason.UNKNOWN.value,
        firmware_status="Installing",
        firmware_status_at=minutes(2),
        log_status="Idle",
        log_status_at=minutes(2),
    )
    stored = await database.fetch_one(select(stations_table))
    assert stored is not None
    assert (stored.iccid, stored.meter_serial_number, stored.firmware_status) == (
        "iccid",
        "meter-1",
        "Installing",
    )
    assert stored.log_status_at == minutes(2)
    assert await database.run_read(lambda c: stations.one_station(c, CP2)) is None


async def test_who_added_or_chose_is_kept(database: Database) -> None:
    """With what they did; where the station was there before, nothing was done."""
    chosen = Act(CP2, minutes(1), "bob", "admission-chosen", "refuse")
    for _ in range(2):
        await database.run_write(lambda c: stations.add_station(c, StationRecord(CP2), ACT))
    await database.run_write(lambda c: stations.choose(c, CP2, chosen, admission="refuse"))
    kept = await database.fetch_all(
        select(acts.c.done_by, acts.c.what, acts.c.result).order_by(acts.c.act_id)
    )
    assert [tuple(each) for each in kept] == [("ann", "added", None), ("bob", "admission-chosen", "refuse")]


async def test_a_station_is_added_once(database: Database) -> None:
    """Whoever is there keeps what is chosen for it."""
    added = StationRecord(CP2, admission="accept")
    again = replace(added, admission="refuse")
    assert await database.run_write(lambda c: stations.add_station(c, added, ACT))
    assert not await database.run_write(lambda c: stations.add_station(c, again, ACT))
    seen = StationRecord(CP1, NOON, registration=RegistrationStatus.PENDING)
    assert await database.run_write(lambda c: stations.add_station(c, seen, ACT))
    assert await database.run_read(stations.all_chosen) == [ChosenStation(CP2, "accept")]
    for chosen, expected in (
        ({"is_quiet": True}, ChosenStation(CP2, "accept", is_quiet=True)),
        ({"admission": "refuse"}, ChosenStation(CP2, "refuse", is_quiet=True)),
        ({"is_quiet": False}, ChosenStation(CP2, "refuse")),
    ):
        choose = partial(stations.choose, station_id=CP2, act=ACT, **chosen)
        assert await database.run_write(choose) == expected
        assert await database.run_read(stations.all_chosen) == [expected]
    await database.run_write(lambda c: stations.choose(c, CP2, ACT, admission="accept"))
    found = await database.run_read(lambda c: stations.these_stations(c, [CP1, CP2, StationId("x")]))
    assert found == [seen, added]
    assert await database.run_read(lambda c: stations.station_ids(c, None, 1)) == [CP1]
    assert await database.run_read(lambda c: stations.station_ids(c, CP1, 9)) == [CP2]
