"""runtime.database on a real PostgreSQL: what it promises, and what it says of a server that is not fit."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import errors
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError

from runtime.database import Database, RowNumber, UtcDateTime
from runtime.database import postgres as behind
from runtime.database.postgres import Fitness, explain, unfit
from runtime.database.statements import TEXT, Keyed, insert_new
from runtime.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseProblem,
    DatabaseRefused,
    DatabaseUnreachable,
    DatabaseUnsupported,
    DatabaseUnwritable,
)
from runtime.threads import inline
from tests.support.postgres import PostgresServer
from tests.support.process import free_port
from tests.support.waiting import PATIENCE_S

own = MetaData()
meals = Table(
    "meals",
    own,
    Column("number", RowNumber, primary_key=True),
    Column("name", String, unique=True),
    Column("weight", Float),
    Column("is_hot", Boolean),
    Column("picture", LargeBinary),
    Column("recipe", Text),
    Column("served_at", UtcDateTime),
)
NOON = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    """Of a new database with nothing in it."""
    with postgres.database(template="template0") as made:
        yield made


@pytest.fixture
async def kitchen(url: str) -> AsyncIterator[Database]:
    """An open database with one table."""
    database = await Database.open(url, migrations=None)
    await database.run_write(own.create_all)
    yield database
    await database.close()


async def test_every_type_comes_back_as_it_was_written(kitchen: Database) -> None:
    """One row by SQLAlchemy, others by the writer's statements: exact numbers, bytes, instants, nulls."""
    row = (7, 'soupe à l\'oignon \\ "x" \u2400\n', 0.1, True, bytes(range(256)), "{}", NOON)
    names = [column.name for column in meals.columns]
    await kitchen.execute(insert(meals), dict(zip(names, row, strict=True)))
    micros = (8, "b", -1e300, False, b"", "", 2**52), (9, None, None, None, None, None, None)
    write = insert_new(meals, names, lambda values: values).write
    await kitchen.run_write(lambda connection: write(connection, micros))
    found = [tuple(each) for each in await kitchen.fetch_all(select(meals).order_by(meals.c.number))]
    assert found[0] == row
    assert found[1][:6] == micros[0][:6]
    assert found[2] == micros[1]


async def test_nul_in_a_text_fails_nothing(kitchen: Database) -> None:
    """The server's texts hold none: it is shown as a sign, and looked for as one; a backslash stays one."""
    write = insert_new(meals, ("number", "name", "recipe"), lambda values: values).write
    rows = (1, "a\x00b", "\\u0000"), (2, "c\\u0000", None)
    await kitchen.run_write(lambda connection: write(connection, rows))
    await kitchen.execute(insert(meals), {"number": 3, "name": "d\x00"})
    names = await kitchen.fetch_all(select(meals.c.name, meals.c.recipe).order_by(meals.c.number))
    assert [tuple(each) for each in names] == [("a\u2400b", "\\u0000"), ("c\\u0000", None), ("d\u2400", None)]
    found = select(meals.c.number).where(meals.c.name == "a\x00b")
    assert await kitchen.scalar(found) == 1
    by_name = Keyed("SELECT m.number FROM wanted JOIN meals AS m ON m.name = wanted.name", name=TEXT)
    assert await kitchen.run_read(lambda c: by_name.rows(c, ["a\x00b", "d\x00"])) == [(1,), (3,)]


async def test_a_failing_transaction_leaves_nothing(kitchen: Database) -> None:
    """What fn raises arrives at the caller, errors of statements unchanged, and everything is rolled back."""

    def fail(connection: Connection) -> None:
        connection.execute(insert(meals), {"name": "soup"})
        raise LookupError("no spoon")

    with pytest.raises(LookupError):
        await kitchen.run_write(fail)
    await kitchen.execute(insert(meals), {"name": "soup"})
    with pytest.raises(IntegrityError):
        await kitchen.execute(insert(meals), {"name": "soup"})
    assert await kitchen.scalar(select(func.count()).select_from(meals)) == 1


async def test_readers_cannot_write_and_see_one_snapshot(kitchen: Database) -> None:
    """A transaction that reads sees the same, whatever is committed meanwhile."""
    with pytest.raises((InternalError, DatabaseUnwritable)):
        await kitchen.run_read(lambda connection: connection.execute(insert(meals), {"name": "soup"}))
    began, go_on = threading.Event(), threading.Event()
    count = select(func.count()).select_from(meals)

    def twice(connection: Connection) -> list[int]:
        first = connection.execute(count).scalar_one()
        began.set()
        go_on.wait(PATIENCE_S)
        return [first, connection.execute(count).scalar_one()]

    reading = asyncio.ensure_future(kitchen.run_read(twice))
    await asyncio.to_thread(began.wait, PATIENCE_S)
    await kitchen.execute(insert(meals), {"name": "soup"})
    go_on.set()
    assert await reading == [0, 0]
    assert await kitchen.scalar(count) == 1


async def test_the_probe_leaves_nothing(kitchen: Database) -> None:
    """Neither a table nor a row."""
    await kitchen.probe()
    await kitchen.probe()
    tables = "SELECT count(*) FROM pg_class WHERE relname = 'borne_probe'"
    assert await kitchen.scalar(text(tables)) == 0


async def test_without_threads_it_reads_and_writes_the_same(url: str) -> None:
    """Nothing leaves the loop's thread."""
    database = await Database.open(url, migrations=None, threads=inline)
    before = threading.active_count()
    await database.run_write(own.create_all)
    await database.execute(insert(meals), {"name": "soup"})
    assert await database.scalar(select(meals.c.name)) == "soup"
    assert threading.active_count() == before
    await database.close()


async def opening(url: str) -> DatabaseProblem:
    """What it says."""
    with pytest.raises(DatabaseProblem) as caught:
        await Database.open(url, migrations=None)
    told = f"{caught.value} {caught.value.words.fr}"
    assert "s3cr3t" not in told
    return caught.value


async def test_a_server_that_is_away_is_named(postgres: PostgresServer) -> None:
    """With its port, and without the password; so is a name that nobody has."""
    port = free_port()
    away = await opening(postgres.url("borne", port=port, password="s3cr3t"))
    assert isinstance(away, DatabaseUnreachable)
    assert str(port) in str(away)
    unknown = await opening(postgres.url("borne", host="nowhere.invalid", password="s3cr3t"))
    assert isinstance(unknown, DatabaseUnreachable)


async def test_a_wrong_password_is_named(postgres: PostgresServer) -> None:
    """And where it is looked for; the password itself is not repeated."""
    refused = await opening(postgres.url("postgres", password="s3cr3t"))
    assert isinstance(refused, DatabaseRefused)
    assert "PGPASSWORD" in str(refused)
    stranger = await opening(postgres.url("postgres", user="nobody", password="s3cr3t"))
    assert isinstance(stranger, DatabaseRefused)


async def test_a_database_that_is_not_there_is_created_by_what_it_says(postgres: PostgresServer) -> None:
    """The statement in the words makes one that is fit."""
    missing = await opening(postgres.url("not_there"))
    assert isinstance(missing, DatabaseMissing)
    statement = str(missing).split("Create it: ")[1]
    postgres.run(statement)
    await (await Database.open(postgres.url("not_there"), migrations=None)).close()
    postgres.run("DROP DATABASE not_there")


async def test_a_server_that_may_lose_commits_is_refused(postgres: PostgresServer, url: str) -> None:
    """What was answered must survive a power cut."""
    name = url.rsplit("/", 1)[1]
    postgres.run(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    assert "synchronous_commit=off" in str(await opening(url))


FIT = Fitness(180000, "18.0", "on", "on", "UTF8", is_plain_order=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"commit": "remote_apply"}, None),
        ({"fsync": "off"}, "fsync=off"),
        ({"commit": "off"}, "synchronous_commit=off"),
        ({"number": 130000, "version": "13.2"}, "PostgreSQL 13.2"),
        ({"encoding": "LATIN1"}, "LATIN1"),
        ({"is_plain_order": False}, "CREATE DATABASE"),
    ],
    ids=str,
)
def test_what_a_server_must_be(changes: dict[str, Any], words: str | None) -> None:
    """Durable, recent, and with texts in the order of their characters."""
    problem = unfit(FIT._replace(**changes), "postgresql://h/borne", "borne")
    assert (problem is None) == (words is None)
    assert words is None or words in str(problem)


async def test_a_database_in_another_order_is_refused(postgres: PostgresServer) -> None:
    """Lists are merged and paged in the order of characters; another encoding loses texts."""
    postgres.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        assert isinstance(await opening(postgres.url("latin")), DatabaseUnsupported)
    finally:
        postgres.run("DROP DATABASE latin")


async def test_a_user_who_may_not_write_is_told(postgres: PostgresServer, url: str) -> None:
    """The owner of the database may; another one is refused in plain words."""
    name = url.rsplit("/", 1)[1]
    postgres.run(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 's3cr3t'")
    try:
        theirs = postgres.url(name, user=name, password="s3cr3t")
        with pytest.raises(DatabaseUnwritable, match="owns the database") as caught:
            await Database.open(theirs, migrations="borne.migrations")
        assert "s3cr3t" not in str(caught.value)
    finally:
        postgres.run(f'DROP OWNED BY "{name}"', f'DROP ROLE "{name}"', database=name)


async def test_it_goes_on_when_the_server_is_back(kitchen: Database, postgres: PostgresServer) -> None:
    """A connection that was lost is one problem, told once; the next transaction has a new one."""
    told: list[DatabaseProblem] = []
    kitchen.on_problem = told.append
    await kitchen.scalar(select(func.count()).select_from(meals))
    name = kitchen.place.rsplit("/", 1)[1]
    postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    with pytest.raises(DatabaseUnreachable):
        await kitchen.execute(insert(meals), {"name": "soup"})
    assert len(told) == 1
    await kitchen.execute(insert(meals), {"name": "soup"})
    assert await kitchen.scalar(select(meals.c.name)) == "soup"


async def test_statements_are_told_without_their_values(kitchen: Database) -> None:
    """An error of a statement ends in a log; what it was given may be a secret."""
    await kitchen.execute(insert(meals), {"name": "s3cr3t"})
    with pytest.raises(DBAPIError) as caught:
        await kitchen.execute(insert(meals), {"name": "s3cr3t", "recipe": "canary"})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.DiskFull("could not extend file"), DatabaseUnwritable),
        (errors.ReadOnlySqlTransaction("cannot execute INSERT"), DatabaseUnwritable),
        (errors.InsufficientPrivilege("permission denied"), DatabaseUnwritable),
        (errors.DataCorrupted("invalid page"), DatabaseDamaged),
        (errors.AdminShutdown("terminating connection"), DatabaseUnreachable),
        (errors.TooManyConnections("too many clients"), DatabaseUnreachable),
        (errors.InvalidPassword("no"), DatabaseRefused),
        (errors.OperationalError("consuming input failed"), DatabaseUnreachable),
        (errors.UniqueViolation("duplicate key"), None),
        (errors.NumericValueOutOfRange("bigint out of range"), None),
        (errors.DeadlockDetected("deadlock"), None),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else str(each),
)
def test_what_the_server_says_is_sorted_by_its_code(
    error: errors.Error, kind: type[DatabaseProblem] | None
) -> None:
    """A full disk, a server that stops; errors of statements pass."""
    found = explain(make_url("postgresql://ann:s3cr3t@h/d?password=s3cr3t"), error)
    assert type(found) is (kind or type(None))
    assert found is None or str(error) in found.words.fr
    assert found is None or "s3cr3t" not in found.words.fr + found.words.en


async def test_a_newer_database_is_refused(url: str) -> None:
    """It names the revision and the way out."""
    await (await Database.open(url, migrations="borne.migrations")).close()
    database = await Database.open(url, migrations="borne.migrations")
    await database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(DatabaseNewer, match=r"newer version.*9999.*--database-url"):
        await Database.open(url, migrations="borne.migrations")


async def test_a_second_process_is_refused_until_the_first_is_gone(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on SQLite: two that remember numbers would give the same one twice."""
    monkeypatch.setattr(behind, "HANDED_OVER_WITHIN_S", 0.05)
    first = await Database.open(url, migrations="borne.migrations")
    with pytest.raises(DatabaseLocked, match="in use by another process") as refused:
        await Database.open(url, migrations="borne.migrations")
    assert str(make_url(url).password) not in str(refused.value)
    await first.run_write(lambda connection: None)
    await first.close()
    second = await Database.open(url, migrations="borne.migrations")
    await second.close()


async def test_a_writer_whose_connection_was_cut_is_fenced_by_the_next(
    url: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes nothing more: another process took over while it was away."""
    monkeypatch.setattr(behind, "HANDED_OVER_WITHIN_S", 0.05)
    first = await Database.open(url, migrations=None)
    postgres.run(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{make_url(url).database}'"
    )
    second = await Database.open(url, migrations=None)
    for _ in range(3):
        with pytest.raises(DatabaseProblem):
            await first.run_write(lambda connection: connection.execute(text("CREATE TABLE late (n int)")))
    await first.close()
    await second.run_write(lambda connection: connection.execute(text("CREATE TABLE late (n int)")))
    await second.close()
