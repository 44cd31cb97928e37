"""runtime.database, .sqlite and .migration on real files."""

import asyncio
import shutil
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from runtime.database import Database, UtcDateTime, assert_there, database_path, from_micros, to_micros
from runtime.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseUnsupported,
    DatabaseUnwritable,
    UpgradeFailed,
)
from runtime.threads import inline
from tests.support.waiting import PATIENCE_S

own = MetaData()
meals = Table(
    "meals",
    own,
    Column("name", String, primary_key=True),
    Column("servings", Integer),
    Column("served_at", UtcDateTime),
)


@pytest.fixture
async def kitchen(tmp_path: Path) -> AsyncIterator[Database]:
    """An open database with one table."""
    database = await Database.open(f"sqlite:///{tmp_path / 'kitchen.db'}", migrations=None)
    await database.run_write(own.create_all)
    yield database
    await database.close()


def modes(folder: Path) -> set[int]:
    """The permissions of the files there."""
    return {path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_a_new_file_is_for_its_owner_only(kitchen: Database, tmp_path: Path) -> None:
    """It holds tokens of cars and hashes of passwords; what SQLite puts beside it is as private."""
    await kitchen.execute(insert(meals), [{"name": "m", "servings": 1}])
    assert modes(tmp_path) == {0o600}


async def test_writes_are_read_back(kitchen: Database) -> None:
    """A batch of rows in one transaction is there for readers afterwards, instants aware and exact."""
    at = datetime(2026, 3, 8, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    rows = [{"name": f"m{i}", "servings": i, "served_at": at} for i in range(100)]
    await kitchen.execute(insert(meals), rows)
    assert await kitchen.scalar(select(func.count()).select_from(meals)) == 100
    row = await kitchen.fetch_one(select(meals).where(meals.c.name == "m7"))
    assert row is not None
    assert row.served_at == at
    assert row.served_at.tzinfo is UTC
    assert [r.servings for r in await kitchen.fetch_all(select(meals.c.servings).limit(2))] == [0, 1]


async def test_a_failing_transaction_leaves_nothing(kitchen: Database) -> None:
    """What fn raises arrives at the caller and rolls everything back."""

    def fail(connection: Connection) -> None:
        connection.execute(insert(meals), {"name": "soup"})
        raise LookupError("no spoon")

    with pytest.raises(LookupError):
        await kitchen.run_write(fail)
    assert await kitchen.scalar(select(func.count()).select_from(meals)) == 0


async def test_errors_of_statements_pass_unchanged(kitchen: Database) -> None:
    """A broken constraint is no problem of the file."""
    await kitchen.execute(insert(meals), {"name": "soup"})
    with pytest.raises(IntegrityError):
        await kitchen.execute(insert(meals), {"name": "soup"})


async def test_readers_cannot_write(kitchen: Database) -> None:
    """run_read refuses to write: the single writer keeps order."""
    with pytest.raises((OperationalError, DatabaseUnwritable)):
        await kitchen.run_read(lambda connection: connection.execute(insert(meals), {"name": "soup"}))


async def test_readers_do_not_wait_for_the_writer(kitchen: Database) -> None:
    """A reader sees the last committed state while a transaction is open."""
    began, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.execute(insert(meals), {"name": "soup"})
        began.set()
        go_on.wait(10)

    writing = asyncio.ensure_future(kitchen.run_write(slow))
    await asyncio.to_thread(began.wait, 10)
    async with asyncio.timeout(PATIENCE_S):
        assert await kitchen.scalar(select(func.count()).select_from(meals)) == 0
    go_on.set()
    await writing
    assert await kitchen.scalar(select(func.count()).select_from(meals)) == 1


async def test_without_threads_it_reads_and_writes_the_same(tmp_path: Path) -> None:
    """On a loop of virtual time nothing leaves the loop's thread; readers cannot write there either."""
    database = await Database.open(f"sqlite:///{tmp_path / 'kitchen.db'}", migrations=None, threads=inline)
    before = threading.active_count()
    await database.run_write(own.create_all)
    await database.execute(insert(meals), {"name": "soup", "servings": 2})
    with pytest.raises(IntegrityError):
        await database.execute(insert(meals), {"name": "soup"})
    with pytest.raises((OperationalError, DatabaseUnwritable)):
        await database.run_read(lambda connection: connection.execute(insert(meals), {"name": "stew"}))
    assert await database.fetch_all(select(meals.c.name, meals.c.servings)) == [("soup", 2)]
    assert threading.active_count() == before
    await database.close()


async def test_commits_are_durable_before_the_answer(kitchen: Database) -> None:
    """WAL and FULL are in force on the connection that writes, foreign keys too."""

    def pragmas(connection: Connection) -> list[object]:
        return [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert await kitchen.run_write(pragmas) == ["wal", 2, 1]


async def test_a_statement_of_many_rows_writes_no_file_to_be_undone_from(kitchen: Database) -> None:
    """2 is MEMORY: half of all bytes that the writer wrote were of such files."""
    assert await kitchen.run_write(lambda found: found.exec_driver_sql("PRAGMA temp_store").scalar()) == 2


@pytest.mark.parametrize(
    ("value", "kind", "read"),
    [(None, "null", None), (True, "integer", 1), (False, "integer", 0), (b"\x00f", "blob", b"\x00f")],
)
async def test_what_has_no_shortcut_in_the_driver_is_stored_as_it_is(
    kitchen: Database, value: Any, kind: str, read: object
) -> None:
    """And the driver finds that at once: it looks for no other way, at each value of each row."""
    assert sqlite3.adapt(value) is value  # type: ignore[call-overload] # the protocol may be left out
    found = await kitchen.run_write(
        lambda connection: connection.exec_driver_sql("SELECT typeof(?), ?", (value, value)).one()
    )
    assert tuple(found) == (kind, read)


async def test_naive_datetimes_are_refused(kitchen: Database) -> None:
    """A wall-clock time without a zone names no instant."""
    with pytest.raises(Exception, match="naive datetime"):
        await kitchen.execute(insert(meals), {"name": "a", "served_at": datetime(2026, 1, 1)})  # noqa: DTZ001


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_round_trip(at: datetime) -> None:
    """Microseconds since 1970 keep every instant exactly."""
    assert from_micros(to_micros(at)) == at


async def test_a_second_process_is_told(kitchen: Database) -> None:
    """The file is open here: another opening says so, and what to do."""
    with pytest.raises(DatabaseLocked, match="in use by another process") as caught:
        await Database.open(f"sqlite:///{kitchen.place}", migrations=None)
    assert "--var" in str(caught.value)


async def test_another_writer_is_named_as_a_lock(kitchen: Database) -> None:
    """Somebody who writes with another tool for too long gives DatabaseLocked, not a traceback."""
    other = sqlite3.connect(kitchen.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with kitchen._backend.write_engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout=10")
    with pytest.raises(DatabaseLocked):
        await kitchen.execute(insert(meals), {"name": "soup"})
    other.close()


async def test_a_closed_database_can_be_opened_again(tmp_path: Path) -> None:
    """Closing releases the lock and folds the write-ahead log into the file."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'deep' / 'kitchen.db'}"
    for _ in range(2):
        database = await Database.open(url, migrations=None)
        await database.close()
    assert not (tmp_path / "deep" / "kitchen.db-wal").exists()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """One line that says what it is and what to do."""
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseDamaged, match="not a database"):
        await Database.open(f"sqlite:///{path}", migrations=None)


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "var").write_text("")
    with pytest.raises(DatabaseUnwritable, match="Check the folder"):
        await Database.open(f"sqlite:///{tmp_path / 'var' / 'borne.db'}", migrations=None)


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="needs a file system that nobody may write, /proc"
)
async def test_a_folder_without_permission() -> None:
    """A folder where nobody, not even root, may create files."""
    with pytest.raises(DatabaseUnwritable, match=r"/proc/self/borne.db"):
        await Database.open("sqlite:////proc/self/borne.db", migrations=None)


async def test_a_full_disk_is_a_problem_of_the_file(kitchen: Database) -> None:
    """SQLITE_FULL (here by a page limit) rolls back, says what to do, and goes on once there is room."""
    await kitchen.run_write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=4"))
    big = [{"name": "x" * 4000 + str(i)} for i in range(20)]
    with pytest.raises(DatabaseUnwritable, match="free space"):
        await kitchen.execute(insert(meals), big)
    await kitchen.run_write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    await kitchen.execute(insert(meals), big)
    assert await kitchen.scalar(select(func.count()).select_from(meals)) == 20


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+asyncpg://u:secret@h/d", "is written postgresql://"),
        ("mysql://u:secret@h/d", "Only SQLite and PostgreSQL"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("no url", "cannot be read"),
    ],
)
async def test_urls_that_are_not_supported(url: str, words: str) -> None:
    """Each says how to write it, and none repeats a password."""
    with pytest.raises(DatabaseUnsupported, match=words) as caught:
        await Database.open(url, migrations=None)
    assert "secret" not in str(caught.value)


def test_what_works_on_a_file_says_so_of_postgresql() -> None:
    """Without the password in its words."""
    with pytest.raises(DatabaseUnsupported, match="in PostgreSQL") as caught:
        database_path("postgresql://u:secret@h/d")
    assert "secret" not in str(caught.value) + caught.value.words.fr


def test_a_file_that_is_to_be_read_must_be_there(tmp_path: Path) -> None:
    """A wrong folder would be an empty database; of one in PostgreSQL its server says so."""
    path = tmp_path / "borne.db"
    with pytest.raises(DatabaseMissing, match=r"no database .*borne.db: give the --var") as missing:
        assert_there(f"sqlite:///{path}")
    assert "donnez le --var" in missing.value.words.fr
    assert not path.exists()
    path.touch()
    assert_there(f"sqlite:///{path}")
    assert_there("postgresql://h/d")


FIRST_REVISION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "0001", None, None, None


def upgrade():
    op.execute("CREATE TABLE recipes (name VARCHAR)")
    op.execute("INSERT INTO recipes VALUES ('soup')")
"""

BROKEN_REVISION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade():
    op.execute("CREATE TABLE spoons (name VARCHAR)")
    op.execute("nonsense")
"""


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package with a history of one revision, run by the product's own env.py."""
    package = tmp_path / "kitchen_history"
    (package / "versions").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    shutil.copy(str(files("borne.migrations") / "env.py"), package / "env.py")
    (package / "versions" / "0001_recipes.py").write_text(FIRST_REVISION)
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    sys.modules.pop("kitchen_history", None)


async def test_migrations_run_once(tmp_path: Path, history: Path) -> None:
    """The history is applied when the file is made, and not again."""
    for _ in range(2):
        database = await Database.open(f"sqlite:///{tmp_path / 'k.db'}", migrations="kitchen_history")
        assert await database.scalar(text("SELECT count(*) FROM recipes")) == 1
        await database.close()


async def test_a_broken_revision_changes_nothing(tmp_path: Path, history: Path) -> None:
    """An upgrade is one transaction: what failed can be repeated by the version that worked."""
    (history / "versions" / "0002_spoons.py").write_text(BROKEN_REVISION)
    with pytest.raises(UpgradeFailed, match=r'near "nonsense".*Nothing of it has changed'):
        await Database.open(f"sqlite:///{tmp_path / 'k.db'}", migrations="kitchen_history")
    with closing(sqlite3.connect(tmp_path / "k.db")) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


async def test_a_newer_database_is_refused(tmp_path: Path, history: Path) -> None:
    """A revision that this version does not know names the way out, and the file stays as it is."""
    url = f"sqlite:///{tmp_path / 'k.db'}"
    await (await Database.open(url, migrations="kitchen_history")).close()
    with closing(sqlite3.connect(tmp_path / "k.db")) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(DatabaseNewer, match=r"newer version.*9999"):
        await Database.open(url, migrations="kitchen_history")


async def test_the_products_own_history_applies(tmp_path: Path) -> None:
    """Every revision we ship runs on an empty file and can be run again without effect."""
    for _ in range(2):
        database = await Database.open(f"sqlite:///{tmp_path / 'borne.db'}", migrations="borne.migrations")
        await database.close()
