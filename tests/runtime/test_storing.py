"""Whether what is written is kept is told as it is, and told again when it is otherwise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

from runtime.clock import ManualClock
from runtime.database import Database
from runtime.errors import DatabaseDamaged, DatabaseLocked, DatabaseUnreachable, DatabaseUnwritable
from runtime.storing import PROBE_EVERY_S, StoringHealth, words_for
from tests.support.waiting import until


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An open database with one table."""
    opened = await Database.open(f"sqlite:///{tmp_path / 'a.db'}", migrations=None)
    await opened.execute(text("CREATE TABLE kept (value BLOB)"))
    yield opened
    await opened.close()


async def limit_pages(database: Database, pages: int) -> None:
    """As if the disk had no more room than that."""

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await database.run_write(limit)


async def test_a_full_disk_is_trouble_until_the_probe_was_written(database: Database) -> None:
    """A short write that still fits proves nothing; the probe ends it, and both are in the log once."""
    clock = ManualClock()
    health = StoringHealth(database, clock)
    recovered: list[bool] = []
    health.on_recovered = lambda: recovered.append(True)
    probing = asyncio.create_task(health.run())
    with capture_logs() as logs:
        await limit_pages(database, 3)
        for _ in range(2):
            with pytest.raises(DatabaseUnwritable):
                await database.execute(text("INSERT INTO kept VALUES (zeroblob(100000))"))
        assert str(health.trouble) == "The database cannot be written: the disk is full, or it refuses."
        assert health.failures == 2
        await database.execute(text("INSERT INTO kept VALUES (1)"))
        assert health.trouble is not None
        await limit_pages(database, 1000)
        await until(lambda: clock.waiting)
        await clock.advance(PROBE_EVERY_S)
        await until(lambda: health.trouble is None)
    probing.cancel()
    assert recovered == [True]
    assert [line["event"] for line in logs] == ["storing_fails", "storing_works_again"]


async def test_the_probe_needs_room_and_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As much as a busy second takes; where there is none, it says so."""
    await database.probe()
    assert not (tmp_path / "a.db.probe").exists()

    def no_room(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runtime.database.sqlite.os.fsync", no_room)
    with pytest.raises(DatabaseUnwritable, match="No space left on device"):
        await database.probe()
    assert not (tmp_path / "a.db.probe").exists()


def test_what_is_wrong_is_said_without_a_path() -> None:
    """Whoever asks a probe need not be known."""
    kinds = (DatabaseLocked, DatabaseDamaged, DatabaseUnwritable, DatabaseUnreachable)
    told = [words_for(kind("/srv/x")) for kind in kinds]
    assert len(set(told)) == len(kinds)
    assert not any("/srv" in each.en + each.fr for each in told)
