"""The history comes to the same on SQLite and on PostgreSQL, from nothing and from every revision."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine.interfaces import ReflectedIndex

import access.tables
import csms.storage.charging_tables
import csms.storage.display_tables
import csms.storage.file_tables
import csms.storage.history_tables
import csms.storage.lease_tables
import csms.storage.node_tables
import csms.storage.report_tables
import csms.storage.reservation_tables
import csms.storage.tables
import provisioning.storage.budget_tables
import provisioning.storage.delivery_tables
import provisioning.storage.preparation_tables
import provisioning.storage.tables
import runtime.audit
import runtime.mail.table
import runtime.work.table
from runtime.database import metadata
from runtime.database.migration import history, migration_config
from tests.support.both_databases import BOTH
from tests.support.postgres import TEMPLATE, PostgresServer, driver_url

MIGRATIONS = "borne.migrations"
OWNERS = (
    csms.storage.tables,
    csms.storage.charging_tables,
    csms.storage.history_tables,
    csms.storage.lease_tables,
    csms.storage.node_tables,
    csms.storage.report_tables,
    csms.storage.display_tables,
    csms.storage.reservation_tables,
    provisioning.storage.budget_tables,
    csms.storage.file_tables,
    provisioning.storage.delivery_tables,
    provisioning.storage.preparation_tables,
    provisioning.storage.tables,
    access.tables,
    runtime.audit,
    runtime.mail.table,
    runtime.work.table,
)
"""Whoever registers tables in the one MetaData."""
REVISIONS = sorted(script.revision for script in history(MIGRATIONS).walk_revisions())
Opened = Callable[[str], Any]


def configured(connection: Connection) -> Config:
    """The history, on this connection."""
    config = migration_config(MIGRATIONS)
    config.attributes["connection"] = connection
    return config


@contextmanager
def connected(kind: str, request: pytest.FixtureRequest, template: str = "template0") -> Iterator[Connection]:
    """An empty database of this kind."""
    if kind == "sqlite":
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            yield connection
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database(template=template) as url:
        engine = create_engine(driver_url(url))
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def plain(condition: Any) -> str:
    """A condition in one spelling: PostgreSQL adds types and brackets, and prefers <>."""
    text = re.sub(r"::\w+( varying)?", "", str(condition)).replace("!=", "<>").replace('"', "")
    text = re.sub(r"[()]", " ", text)
    return " ".join(text.split()).lower()


def index_of(found: ReflectedIndex) -> tuple[Any, ...]:
    """What an index holds: its columns, whether each is there once, and of which rows."""
    options = found.get("dialect_options", {})
    condition = options.get("sqlite_where", options.get("postgresql_where"))
    return (
        tuple(found["column_names"]),
        bool(found["unique"]),
        plain(condition) if condition is not None else None,
    )


def schema_of(connection: Connection) -> dict[str, dict[str, Any]]:
    """Each table's columns, keys, constraints and indexes, in words that both databases share."""
    found, schema = inspect(connection), {}
    for table in found.get_table_names():
        if table == "alembic_version":
            continue
        schema[table] = {
            "columns": {each["name"]: bool(each["nullable"]) for each in found.get_columns(table)},
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "unique": {
                each["name"]: tuple(each["column_names"]) for each in found.get_unique_constraints(table)
            },
            "foreign": {
                each["name"]: (
                    tuple(each["constrained_columns"]),
                    each["referred_table"],
                    each["options"].get("ondelete"),
                )
                for each in found.get_foreign_keys(table)
            },
            "indexes": {
                each["name"]: index_of(each)
                for each in found.get_indexes(table)
                if "duplicates_constraint" not in each
            },
        }
    return schema


def test_both_have_the_same_tables_keys_and_indexes(request: pytest.FixtureRequest) -> None:
    """Conditions too: a unique index that forgot its condition would be unique over all history."""
    with connected("sqlite", request) as connection:
        command.upgrade(configured(connection), "head")
        on_sqlite = schema_of(connection)
    with connected("postgres", request, TEMPLATE) as connection:
        on_postgres = schema_of(connection)
    assert set(on_sqlite) == set(on_postgres)
    for table, described in on_sqlite.items():
        assert on_postgres[table] == described, table
    conditions = [each[2] for table in on_postgres.values() for each in table["indexes"].values() if each[2]]
    indexes = [each for table in metadata.tables.values() for each in table.indexes]
    assert len(conditions) == sum(each.dialect_options["sqlite"]["where"] is not None for each in indexes)
    assert on_postgres["assignments"]["indexes"]["uq_assignments_open_place"] == (
        ("place_id",),
        True,
        "ends_at is null",
    )


def test_postgresql_has_what_the_code_describes(request: pytest.FixtureRequest) -> None:
    """Tables, columns and their types, neither more nor less; and no number of a row ends at 2³¹."""
    with connected("postgres", request, TEMPLATE) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        narrow = [
            f"{table}.{column['name']}"
            for table in inspect(connection).get_table_names()
            for column in inspect(connection).get_columns(table)
            if column["autoincrement"] and not isinstance(column["type"], BigInteger)
        ]
    assert narrow == []


def value_for(column: Any, name: str) -> Any:
    """The same for all columns of a type, so that references hold."""
    kind = column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, LargeBinary):
        return b"x"
    if isinstance(kind, Integer | Float):
        return 1
    return "[]" if name in {"evidence", "remarks", "exceptions"} else "x"


def fill(connection: Connection) -> dict[str, Table]:
    """A row in each table, those that are referred to first."""
    there = MetaData()
    there.reflect(connection)
    for table in there.sorted_tables:
        if table.name != "alembic_version":
            values = {c.name: value_for(c, c.name) for c in table.columns}
            connection.execute(insert(table).values(**values))
    return {table.name: table for table in there.sorted_tables if table.name != "alembic_version"}


def counts(connection: Connection, tables: dict[str, Table]) -> dict[str, int]:
    """How many rows there are in each table."""
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in tables.items()
    }


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_every_earlier_revision_is_brought_up_to_date(
    kind: str, revision: str, request: pytest.FixtureRequest
) -> None:
    """With a row in every table: it is there afterwards, and the tables are those of a new database."""
    with connected(kind, request) as connection:
        command.upgrade(configured(connection), revision)
        filled = fill(connection)
        before = counts(connection, filled)
        command.upgrade(configured(connection), "head")
        assert counts(connection, filled) == before
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == REVISIONS[-1]
        assert compare_metadata(context, metadata) == []


def test_every_revision_can_be_taken_back_on_postgresql(request: pytest.FixtureRequest) -> None:
    """Down to nothing, and up again."""
    with connected("postgres", request, TEMPLATE) as connection:
        command.downgrade(configured(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        command.upgrade(configured(connection), "head")
        assert "transactions" in inspect(connection).get_table_names()
