"""Every table that strangers or outages can grow has a number (BUS-04, PROV-02)."""

from msgspec.structs import replace
from sqlalchemy import text

from csms.domain.commands import Outcome
from csms.domain.quarantine import QuarantineCause
from csms.domain.records import ConnectorRecord, StationRecord
from csms.domain.station_events import StationEvent
from csms.domain.station_lists import OwnedStation
from csms.rules.rows import (
    CommandEndRow,
    CommandRow,
    ConnectorRow,
    ConnectorStateRow,
    EvseRow,
    QuarantineRow,
    SampleRow,
    SecurityEventRow,
    VariableRow,
)
from csms.storage import pruning
from csms.storage.commands import write_command_ends, write_commands
from csms.storage.connector_states import write_connector_states
from csms.storage.connectors import write_connectors, write_evses
from csms.storage.outbox import write_outbox
from csms.storage.quarantine import write_quarantine
from csms.storage.samples import write_samples
from csms.storage.security_events import write_security_events
from csms.storage.station_lists import write_owned_stations
from csms.storage.stations import add_station
from csms.storage.variables import write_variables
from ocppj.vocabulary import ConnectorStatus, Epoch, MeterSample, RegistrationStatus, StationId, VariableRef
from runtime.audit import Act
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes

PARTLY_READ = QuarantineCause.PARTLY_READ


async def column(database: Database, query: str) -> list[object]:
    """The first column."""
    return [each[0] for each in await database.fetch_all(text(query))]


async def test_the_newest_of_quarantine_and_security_events_stay(database: Database) -> None:
    """As many as are kept."""
    kept = [QuarantineRow(CP1, Epoch(1), b"[%d" % n, "r", NOON) for n in range(5)]
    events = [SecurityEventRow(CP1, f"t{n}", None, None, NOON) for n in range(5)]
    await database.run_write(lambda c: (write_quarantine(c, kept), write_security_events(c, events)))
    await database.run_write(lambda c: (pruning.prune_quarantine(c, 2), pruning.prune_security_events(c, 3)))
    assert await column(database, "SELECT raw FROM quarantine") == [b"[3", b"[4"]
    assert await column(database, "SELECT type FROM security_events") == ["t2", "t3", "t4"]


async def test_quarantine_is_bounded_in_bytes(database: Database) -> None:
    """The newest that fit together."""
    kept = [QuarantineRow(CP1, Epoch(1), bytes(size), "r", NOON) for size in (10, 50, 30, 20)]
    await database.run_write(lambda c: write_quarantine(c, kept))
    await database.run_write(lambda c: pruning.prune_quarantine(c, 100, 60))
    assert await column(database, "SELECT length(raw) FROM quarantine") == [30, 20]


async def test_a_flood_of_one_station_or_of_strangers_pushes_nobody_out(database: Database) -> None:
    """Each station has its bound, in number and bytes; those that were not accepted share another one."""
    flood = [QuarantineRow(CP1, Epoch(1), b"f%d" % n, "r", NOON) for n in range(6)]
    flood += [QuarantineRow(CP1, Epoch(1), b"u%d" % n, "r", NOON, PARTLY_READ) for n in range(6)]
    strangers = [
        QuarantineRow(StationId(f"s{n}"), Epoch(1), b"s%d" % n, "r", NOON, was_accepted=False)
        for n in range(6)
    ]
    genuine = [QuarantineRow(CP2, Epoch(1), b"g", "r", NOON)]
    await database.run_write(lambda c: write_quarantine(c, [*genuine, *flood, *strangers]))
    await database.run_write(lambda c: pruning.prune_quarantine_of(c, (CP1, CP2), 3, 4))
    assert await column(database, "SELECT raw FROM quarantine WHERE station_id = 'cp1'") == [
        b"f4",
        b"f5",
        b"u4",
        b"u5",
    ]
    await database.run_write(lambda c: pruning.prune_quarantine(c, 5, 100, 2, 100))
    left = await column(database, "SELECT raw FROM quarantine")
    assert left == [b"g", b"f4", b"f5", b"u4", b"u5", b"s4", b"s5"]


async def test_connectors_and_variables_of_a_station_are_bounded(database: Database) -> None:
    """Those reported last stay; an EVSE that has metered something stays too."""
    rows = [
        ConnectorRow(ConnectorRecord(each, n, 1, ConnectorStatus.AVAILABLE, "Available"), minutes(n))
        for n in range(5)
        for each in (CP1, CP2)
    ]
    variables = [
        VariableRow(station_id=CP1, ref=VariableRef("C", f"v{n}"), value=None, at=minutes(n))
        for n in range(5)
    ]
    await database.run_write(lambda c: (write_connectors(c, rows), write_variables(c, variables)))
    await database.run_write(lambda c: write_evses(c, [EvseRow(CP1, 0, 1.0, None, NOON)]))
    await database.run_write(
        lambda c: (pruning.prune_connectors(c, [CP1], 2), pruning.prune_variables(c, [CP1, CP2], 3))
    )
    assert await column(database, "SELECT evse_id FROM connectors WHERE station_id = 'cp1'") == [3, 4]
    assert await column(database, "SELECT evse_id FROM evses WHERE station_id = 'cp1'") == [0, 3, 4]
    assert await column(database, "SELECT count(*) FROM connectors WHERE station_id = 'cp2'") == [5]
    assert await column(database, "SELECT variable FROM variables ORDER BY 1") == ["v2", "v3", "v4"]


async def test_commands_that_have_not_ended_stay(database: Database) -> None:
    """However old."""
    sent = [
        CommandRow(command_id=f"c{n}", station_id=CP1, command="reset", arguments="{}", origin="api", at=NOON)
        for n in range(5)
    ]
    ends = [
        CommandEndRow(
            command_id=f"c{n}",
            outcome=Outcome.RESULT,
            status=None,
            error_code=None,
            error_description=None,
            at=NOON,
        )
        for n in (1, 2, 4)
    ]
    await database.run_write(lambda c: (write_commands(c, sent), write_command_ends(c, ends)))
    await database.run_write(lambda c: pruning.prune_commands(c, 2))
    assert await column(database, "SELECT command_id FROM commands ORDER BY command_id") == ["c0", "c3", "c4"]


async def test_strangers_seen_longest_ago_are_forgotten(database: Database) -> None:
    """Accepted stations and those that somebody chose an admission for are no strangers."""
    records = [StationRecord(StationId(f"s{n}"), last_seen_at=minutes(n)) for n in range(4)]
    records.append(
        StationRecord(StationId("ours"), last_seen_at=NOON, registration=RegistrationStatus.ACCEPTED)
    )
    records.append(StationRecord(StationId("chosen"), admission="quarantine"))
    act = Act("s0", NOON, "ann", "added")
    for record in records:
        await database.run_write(lambda c, record=record: add_station(c, record, act))  # type: ignore[misc]
    led = [OwnedStation(StationId("led"), "powered")]
    await database.run_write(lambda c: write_owned_stations(c, led, NOON))
    await database.execute(
        text(
            "INSERT INTO variables (station_id, variable_key, component, variable, is_read_only, reported_at)"
            " VALUES ('s0', 'k', 'c', 'v', false, 0), ('ours', 'k', 'c', 'v', false, 0)"
        )
    )
    states = [
        ConnectorStateRow(
            ConnectorRecord(StationId(each), 1, 1, ConnectorStatus.AVAILABLE, "Available"), NOON
        )
        for each in ("s0", "ours")
    ]
    await database.run_write(lambda c: write_connector_states(c, states))
    await database.run_write(lambda c: pruning.prune_strangers(c, 2))
    await database.run_write(lambda c: pruning.prune_strangers(c, 2))
    assert await column(database, "SELECT station_id FROM stations ORDER BY 1") == [
        "chosen",
        "led",
        "ours",
        "s2",
        "s3",
    ]
    assert await column(database, "SELECT station_id FROM variables") == ["ours"]
    assert await column(database, "SELECT station_id FROM connector_states") == ["ours"]


async def test_telemetry_leaves_the_outbox_before_transactions(database: Database) -> None:
    """The oldest first."""
    names = [
        "transaction.started",
        "meter.values",
        "transaction.updated",
        "transaction.ended",
        "meter.values",
    ]
    events = [StationEvent(name, CP1, NOON, {}) for name in names]
    await database.run_write(lambda c: write_outbox(c, events))
    await database.run_write(lambda c: pruning.prune_outbox(c, 1, 100))
    assert await column(database, "SELECT outbox_id FROM outbox ORDER BY 1") == [1, 4, 5]
    await database.run_write(lambda c: pruning.prune_outbox(c, 1, 2))
    assert await column(database, "SELECT outbox_id FROM outbox ORDER BY 1") == [4, 5]


async def test_samples_outside_of_transactions_are_bounded(database: Database) -> None:
    """The newest stay; what belongs to a transaction is evidence and stays for ever."""
    sample = MeterSample("Voltage", 230.0, "V")
    stray = [SampleRow(CP1, None, 1, replace(sample, value=float(n)), NOON) for n in range(5)]
    billed = [SampleRow(CP1, 7, 1, sample, NOON) for _ in range(4)]
    await database.run_write(lambda c: write_samples(c, [*stray, *billed]))
    await database.run_write(lambda c: pruning.prune_samples(c, 2))
    left = "SELECT value FROM meter_samples WHERE transaction_no IS "
    assert await column(database, left + "NULL ORDER BY 1") == [3.0, 4.0]
    assert len(await column(database, left + "NOT NULL")) == 4
    await database.run_write(lambda c: pruning.prune_samples(c, 2))
    assert len(await column(database, left + "NULL")) == 2
