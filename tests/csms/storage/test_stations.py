"""Stations: what they said of themselves, and what they were told."""

from dataclasses import replace

from sqlalchemy import select

from csms.domain.events import StationBooted
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import ChosenStation, StationRecord
from csms.rules.rows import BootRow, FirmwareStatusRow, LinkClosedRow, LinkOpenedRow, LogStatusRow
from csms.storage import (
    stations,
)
from csms.storage.tables import stations as stations_table
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    Epoch,
    RegistrationStatus,
    StationId,
)
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes

VIEW = LinkView(
    CP1, Epoch(7), OcppVersion.V16, "192.0.2.1", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None, ("f",)
)


async def test_a_station_is_first_seen_once(database: Database) -> None:
    """Links, boots and statuses each bring what they know."""
    boot = StationBooted("V", "M", "S", "1.0", "iccid", "imsi", "meter", "meter-1")
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
        boot_reason=boot.reason.value,
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
    assert await database.run_read(lambda c: stations.registration_of(c, CP1)) is accepted
    assert await database.run_read(lambda c: stations.registration_of(c, CP2)) is None


async def test_a_station_is_added_once(database: Database) -> None:
    """Whoever is there keeps what is chosen for it."""
    added = StationRecord(CP2, admission="accept")
    assert await database.run_write(lambda c: stations.add_station(c, added))
    assert not await database.run_write(lambda c: stations.add_station(c, replace(added, admission="refuse")))
    seen = StationRecord(CP1, NOON, registration=RegistrationStatus.PENDING)
    assert await database.run_write(lambda c: stations.add_station(c, seen))
    assert await database.run_read(stations.all_chosen) == [ChosenStation(CP2, "accept")]
    for chosen, expected in (
        ({"is_quiet": True}, ChosenStation(CP2, "accept", is_quiet=True)),
        ({"admission": "refuse"}, ChosenStation(CP2, "refuse", is_quiet=True)),
        ({"is_quiet": False}, ChosenStation(CP2, "refuse")),
    ):
        assert (
            await database.run_write(lambda c, chosen=chosen: stations.choose(c, CP2, **chosen)) == expected
        )
        assert await database.run_read(stations.all_chosen) == [expected]
    await database.run_write(lambda c: stations.choose(c, CP2, admission="accept"))
    found = await database.run_read(lambda c: stations.these_stations(c, [CP1, CP2, StationId("x")]))
    assert found == [seen, added]
    assert await database.run_read(lambda c: stations.station_ids(c, None, 1)) == [CP1]
    assert await database.run_read(lambda c: stations.station_ids(c, CP1, 9)) == [CP2]
