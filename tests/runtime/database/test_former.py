"""An upgrade leaves a copy of before beside the file, or does not begin; who goes back is shown the way."""

import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from borne.backup.manifest import files_in
from runtime.database import Database
from runtime.database.former import former_copies
from runtime.database.migration import build
from runtime.errors import DatabaseNewer, DatabaseUnwritable, UpgradeFailed
from tests.support.both_databases import BOTH
from tests.support.postgres import PostgresServer, driver_url
from tests.support.sources import ROOT

MIGRATIONS = "borne.migrations"
TOKEN = "INSERT INTO tokens VALUES ('k', 'v', 't', 'Accepted', NULL, NULL, NULL)"


def older(url: str, revision: str = "0003") -> None:
    """A database of an earlier version, with a token in it."""
    engine = create_engine(driver_url(url))
    with engine.begin() as connection:
        build(connection, MIGRATIONS, revision)
        connection.execute(text(TOKEN))
    engine.dispose()


async def opened(url: str) -> None:
    """By this version, once."""
    await (await Database.open(url, migrations=MIGRATIONS)).close()


def value(path: Path, query: str) -> object:
    """From a file."""
    with closing(sqlite3.connect(path)) as connection:
        found: object = connection.execute(query).fetchone()[0]
        return found


async def test_the_copy_is_the_database_of_before(tmp_path: Path) -> None:
    """One file for its owner's eyes, with what the last commit left, in the log or not."""
    path = tmp_path / "borne.db"
    older(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as held:
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("UPDATE tokens SET note = 'in the log'")
        held.commit()
        await opened(f"sqlite:///{path}")
    (kept,) = former_copies(path)
    assert kept.name == "borne.db.revision-0003"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert value(kept, "SELECT version_num FROM alembic_version") == "0003"
    assert value(kept, "SELECT note FROM tokens") == "in the log"
    assert value(kept, "PRAGMA integrity_check") == "ok"
    assert {str(each) for each in files_in(tmp_path)} == {"borne.db", "borne.db.lock", kept.name}
    await opened(f"sqlite:///{path}")  # nothing is to be done: nothing is kept again
    assert former_copies(path) == [kept]


async def test_a_new_database_has_no_copy_and_only_the_last_stays(tmp_path: Path) -> None:
    """Copies do not fill the disk over the years."""
    path = tmp_path / "borne.db"
    await opened(f"sqlite:///{path}")
    assert former_copies(path) == []
    path.unlink()
    (tmp_path / "borne.db.revision-0001").touch()
    older(f"sqlite:///{path}")
    await opened(f"sqlite:///{path}")
    assert [each.name for each in former_copies(path)] == ["borne.db.revision-0003"]


async def test_without_room_for_the_copy_nothing_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The former version goes on; what to do is said, with numbers."""

    class Disk(NamedTuple):
        free: int

    path = tmp_path / "borne.db"
    older(f"sqlite:///{path}")
    size = path.stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(2 * size - 1))
    with pytest.raises(DatabaseUnwritable, match=r"1 MiB must be free.*and 0 are. Make room") as refused:
        await opened(f"sqlite:///{path}")
    assert "Faites de la place" in refused.value.words.fr
    assert value(path, "SELECT version_num FROM alembic_version") == "0003"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(2 * size))
    await opened(f"sqlite:///{path}")


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'borne.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database(template="template0") as url:
        yield url


@pytest.mark.parametrize(
    "statement", ["UPDATE tokens SET nothing = 1", "UPDATE tokens SET value = NULL"], ids=["wrong", "refused"]
)
async def test_an_upgrade_that_fails_leaves_the_former_version_its_database(
    statement: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its last statement is: tables, rows and revision are those of before, and a line says so."""
    history = tmp_path / "broken_history"
    shutil.copytree(ROOT / "borne" / "migrations", history, ignore=shutil.ignore_patterns("__pycache__"))
    last = (history / "versions" / "0004_pepper.py").read_text()
    head, tail = last.split("def upgrade() -> None:\n", 1)
    body, rest = tail.split("\n\n\ndef ", 1)
    broken = f'{head}def upgrade() -> None:\n{body}\n    op.execute("{statement}")\n\n\ndef {rest}'
    (history / "versions" / "0004_pepper.py").write_text(broken)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken_history", raising=False)  # of the case before
    older(place)
    with pytest.raises(UpgradeFailed, match="Nothing of it has changed") as failed:
        await Database.open(place, migrations="broken_history")
    assert "Rien n'y a changé" in failed.value.words.fr
    database = await Database.open(place, migrations=None)
    assert await database.scalar(text("SELECT version_num FROM alembic_version")) == "0003"
    assert await database.scalar(text("SELECT count(*) FROM tokens")) == 1
    await database.close()
    await opened(place)  # a version that is right brings it up to date


@pytest.mark.parametrize("migrations", [None, MIGRATIONS])
async def test_what_fails_before_an_upgrade_is_not_told_as_one(
    migrations: str | None, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at how durable the database is comes first, with or without tables to bring up to date."""

    def fail(connection: Connection, *_: str) -> None:
        connection.exec_driver_sql("SELECT nothing")

    monkeypatch.setattr("runtime.database.sqlite.assert_durable", fail)
    monkeypatch.setattr("runtime.database.postgres.assert_fit", fail)
    with pytest.raises(DBAPIError, match="nothing"):
        await Database.open(place, migrations=migrations)


async def test_an_older_program_names_the_copy_of_before(tmp_path: Path) -> None:
    """And the steps, in both languages; on what they lead to it starts."""
    path = tmp_path / "borne.db"
    older(f"sqlite:///{path}")
    await opened(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(DatabaseNewer, match=r"or go back: move .*borne.db.revision-0003") as refused:
        await opened(f"sqlite:///{path}")
    assert "revenez en arrière" in refused.value.words.fr
    path.unlink()
    former_copies(path)[0].rename(path)
    await opened(f"sqlite:///{path}")


async def test_an_older_program_names_the_backup_on_postgresql(postgres: PostgresServer) -> None:
    """Which is restored into an empty database."""
    with postgres.database() as url:
        postgres.run("UPDATE alembic_version SET version_num = '9999'", database=url.rsplit("/", 1)[1])
        with pytest.raises(DatabaseNewer, match="`borne restore` puts the backup"):
            await opened(url)
