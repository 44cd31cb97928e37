"""The history of the database makes what the code expects, from nothing and from every version there was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.schema import CreateIndex, CreateTable

import access.tables
import csms.storage.charging_tables
import csms.storage.history_tables
import csms.storage.lease_tables
import csms.storage.node_tables
import csms.storage.report_tables
import csms.storage.reservation_tables
import csms.storage.tables
import provisioning.storage.tables
import runtime.audit
from csms.central.central import Central
from csms.domain.records import TransactionsWanted
from csms.domain.station_events import StationEvent
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, IdToken, RegistrationStatus
from runtime.clock import ManualClock
from runtime.database import Database, metadata
from runtime.database.migration import history, migration_config
from runtime.events import EventBus
from tests.support.inbound import ACCEPTED, CP1, CP2, TAG, minutes, start16, stop16
from tests.support.message_writer import Desk, StubbornDisk, rows_of

MIGRATIONS = "borne.migrations"
DATABASES = Path(__file__).parent / "databases"
OWNERS = (
    csms.storage.charging_tables,
    csms.storage.history_tables,
    csms.storage.lease_tables,
    csms.storage.node_tables,
    csms.storage.report_tables,
    csms.storage.reservation_tables,
    csms.storage.tables,
    provisioning.storage.tables,
    access.tables,
    runtime.audit,
)
"""Whoever registers tables in the one MetaData."""


def plain(sql: str) -> str:
    """A statement in one spelling: no quotes, no line ends."""
    return " ".join(sql.replace('"', "").replace("(", " ( ").replace(")", " ) ").split()).lower()


def described(engine: Engine, connection: Connection) -> dict[str, str]:
    """Name and statement of each table and index that the code describes."""
    described: dict[str, str] = {}
    for table in metadata.sorted_tables:
        described[table.name] = plain(str(CreateTable(table).compile(engine)))
        for index in table.indexes:
            described[str(index.name)] = plain(str(CreateIndex(index).compile(engine)))
    return described


def stored(connection: Connection) -> dict[str, str]:
    """Name and statement of each table and index that the database has."""
    query = text(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    )
    return {name: plain(sql) for name, sql in connection.execute(query)}


async def test_the_history_makes_what_the_code_describes(database: Database) -> None:
    """Tables, columns, keys, indexes and their conditions; neither more nor less."""

    def differences(connection: Connection) -> tuple[list[object], dict[str, str], dict[str, str]]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return (
            compare_metadata(context, metadata),
            described(connection.engine, connection),
            stored(connection),
        )

    found, expected, present = await database.run_write(differences)
    assert found == []
    assert set(present) == set(expected)
    for name in expected:
        if name.startswith(("ix_", "uq_")):
            assert present[name] == expected[name]
    assert "autoincrement" in present["outbox"]


def revisions() -> list[str]:
    """All revisions, first to last."""
    return [script.revision for script in history(MIGRATIONS).walk_revisions()][::-1]


def test_the_history_is_one_line_of_numbers() -> None:
    """0001, 0002, …: nobody has to look for the next one."""
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_every_revision_can_be_taken_back() -> None:
    """Down to nothing, and up again."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        config = migration_config(MIGRATIONS)
        config.attributes["connection"] = connection
        for _ in range(2):
            command.upgrade(config, "head")
            assert "transactions" in stored(connection)
            command.downgrade(config, "base")
            assert stored(connection) == {}
    engine.dispose()


def test_decisions_made_before_are_found_by_their_station() -> None:
    """A review names its transaction; from 0012 on also the station, which those of before are given."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        config = migration_config(MIGRATIONS)
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
        for station_id in ("cp1", "cp2"):
            values: dict[str, object] = dict.fromkeys(required_columns(connection, "transactions"), 0)
            values |= {"station_id": station_id, "transaction_key": station_id, "flags": "", "seq_nos": ""}
            insert_row(connection, "transactions", values)
        for number in (2, 1, 3):
            values = dict.fromkeys(required_columns(connection, "reviews"), 0)
            insert_row(connection, "reviews", values | {"transaction_no": number})
        command.upgrade(config, "head")
        found = connection.execute(text("SELECT transaction_no, station_id FROM reviews ORDER BY review_id"))
        assert [tuple(each) for each in found] == [(2, "cp2"), (1, "cp1"), (3, "")]
    engine.dispose()


def test_roles_of_before_are_memberships_in_the_default_organisation() -> None:
    """And taken back they are what they were; who has no role there may only look."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        config = migration_config(MIGRATIONS)
        config.attributes["connection"] = connection
        command.upgrade(config, "0016")
        person = {"name": "ann", "password_hash": "x", "role": "manager", "created_at": 1}
        insert_row(connection, "people", person)
        program = {"name": "ci", "digest": b"x", "role": "viewer", "created_at": 1}
        insert_row(connection, "api_tokens", program)
        command.upgrade(config, "head")
        members = "SELECT kind, name, role, organisation_id, site_id FROM memberships ORDER BY kind"
        found = [tuple(each) for each in connection.execute(text(members))]
        ann, ci = ("person", "ann", "manager"), ("program", "ci", "viewer")
        assert found == [(*ann, "default", ""), (*ci, "default", "")]
        connection.execute(text("DELETE FROM memberships WHERE kind = 'program'"))
        command.downgrade(config, "0016")
        roles = "SELECT role FROM people UNION ALL SELECT role FROM api_tokens"
        assert [each.role for each in connection.execute(text(roles))] == ["manager", "viewer"]
    engine.dispose()


def test_a_connectors_state_of_before_begins_its_history() -> None:
    """As old as it is known to be; the station's instant is its last message's, not always that state's."""
    columns = "station_id, evse_id, connector_id, status, reported, error_code, at, received_at, status_since"
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        config = migration_config(MIGRATIONS)
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        for values in (
            ("cp2", 1, 1, "Faulted", "Faulted", "GroundFailure", 88, 90, 50),
            ("cp1", 0, 0, "Available", "Available", None, 39, 40, 40),
            ("cp1", 1, 1, "Occupied", "Charging", None, 59, 60, None),
        ):
            insert_row(connection, "connectors", dict(zip(columns.split(", "), values, strict=True)))
        command.upgrade(config, "head")
        found = connection.execute(
            text(
                "SELECT number, station_id, evse_id, reported, error_code, at, received_at"
                " FROM connector_states ORDER BY number"
            )
        )
        assert [tuple(each) for each in found] == [
            (1, "cp1", 0, "Available", None, 39, 40),
            (2, "cp2", 1, "Faulted", "GroundFailure", None, 50),
            (3, "cp1", 1, "Charging", None, 59, 60),
        ]
    engine.dispose()


def required_columns(connection: Connection, table: str) -> list[str]:
    """The columns that have no default, but for the number that the database gives."""
    rows = connection.execute(text(f"PRAGMA table_info({table})"))
    return [row.name for row in rows if row.notnull and row.dflt_value is None and not row.pk]


def insert_row(connection: Connection, table: str, values: dict[str, object]) -> None:
    """One row."""
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def old_database(revision: str, path: Path) -> Path:
    """The database that a version with this revision left."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATABASES / f"{revision}.sql").read_text())
    return path


@pytest.mark.parametrize("file", sorted(DATABASES.glob("*.sql")), ids=lambda file: file.stem)
async def test_an_old_database_is_brought_up_to_date(file: Path, tmp_path: Path) -> None:
    """With all that is in it, and it can be worked on."""
    path = old_database(file.stem, tmp_path / "old.db")
    before = {
        table: rows_of(path, f"SELECT count(*) FROM {table}")
        for (table,) in rows_of(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
        if table not in ("alembic_version", "counters")
    }
    assert all(count > 0 for name, ((count,),) in before.items()), before
    database = await Database.open(f"sqlite:///{path}", migrations=MIGRATIONS)
    revision = await database.scalar(text("SELECT version_num FROM alembic_version"))
    assert revision == revisions()[-1]
    await _assert_the_first_version_is_understood(database)
    await database.close()
    for table, count in before.items():
        assert rows_of(path, f"SELECT count(*) FROM {table}")[0][0] >= count[0][0], table


FIRST_START = (
    b"TransactionReported(kind=<TransactionEventKind.STARTED: 'Started'>, transaction_id=None, "
    b"at=datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.timezone.utc), evse_id=1, connector_id=1, "
    b"seq_no=None, trigger_reason=None, charging_state=None, id_token=IdToken(value='04A1B2C3', "
    b"type=<IdTokenType.ISO14443: 'ISO14443'>), meter_wh=1000, samples=(), stopped_reason=None, "
    b"is_offline=False, remote_start_id=None, reservation_id=None)"
)
"""What stood for the content of the start in tests/migration/databases/0001.sql: its digest is there."""


async def _assert_the_first_version_is_understood(database: Database) -> None:
    """What tests/migration/databases/0001.sql tells, read and continued by this version."""
    bus: EventBus[StationEvent] = EventBus()
    disk = StubbornDisk(database)
    async with await Central.open(database, clock=ManualClock(), bus=bus, has_outbox=True) as central:
        at = Desk(central, disk, bus, bus.subscribe())
        records = central.records
        first = (await records.transactions(TransactionsWanted(CP1, "1")))[0]
        assert (first.energy_wh, first.cost_micro, first.id_token) == (7000, 1_750_000, TAG)
        again = at.submit(start16(1000), "t1", content=FIRST_START)
        assert await again == TransactionEventResponse("1", ACCEPTED)  # its first answer
        assert await at.submit(stop16("2", 10_000, minutes(99)), "t4") == TransactionEventResponse(
            "2", None, 500_000
        )
        assert await at.start("t5", at=minutes(100)) == TransactionEventResponse("4", ACCEPTED)
        gap = (await records.transactions(TransactionsWanted(CP2)))[0]
        assert gap.flags == ("incomplete",)
        assert len(await records.samples(gap.transaction_no)) == 3
        known = await records.station(CP1)
        assert known is not None
        assert known.registration is RegistrationStatus.ACCEPTED
        assert (await central.tokens.find(IdToken(TAG.value.lower()))).status is AuthorizationStatus.ACCEPTED
        assert central.known.admission(gap.station_id) is None
        assert [each.value for each in await records.variables(CP2)] == ["300"]
        assert len(await central.outbox.next_batch(100)) > 10
