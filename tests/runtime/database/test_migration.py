"""What is told while a database is brought up to date."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from structlog.testing import capture_logs

from runtime.database import Database, migration, sqlite
from runtime.database.migration import migration_config
from runtime.wording import Phrase

MIGRATIONS = "borne.migrations"


def older(path: Path) -> None:
    """A database of an earlier version."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = migration_config(MIGRATIONS)
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


async def opened(path: Path) -> list[str]:
    """The lines of opening it."""
    with capture_logs() as lines:
        await (await Database.open(f"sqlite:///{path}", migrations=MIGRATIONS)).close()
    return [each["event"] for each in lines]


async def test_whoever_waits_for_a_long_upgrade_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it began, every while that it goes on, and that it is done: not silence for minutes."""
    monkeypatch.setattr(migration, "ANNOUNCE_EVERY_S", 0.0)
    monkeypatch.setattr(sqlite, "LOOK_EVERY", 100)
    older(tmp_path / "borne.db")
    first, *between, last = await opened(tmp_path / "borne.db")
    assert (first, set(between), last) == (
        "database_upgrade",
        {"database_kept", "database_upgrade_goes_on"},
        "database_upgraded",
    )
    assert await opened(tmp_path / "borne.db") == []


async def test_people_are_told_what_happens_and_where_the_former_database_is(tmp_path: Path) -> None:
    """In sentences, in both languages; of a database that is up to date nothing."""
    path = tmp_path / "borne.db"
    told: list[Phrase] = []
    older(path)
    for _ in range(2):
        database = await Database.open(f"sqlite:///{path}", migrations=MIGRATIONS, announce=told.append)
        await database.close()
    begins, kept = told
    assert f"The tables of {path} are being brought up to date, from version 0001" in begins.en
    assert f"Les tables de {path} sont mises à jour, de la version 0001" in begins.fr
    assert f"kept in {path}.revision-0001;" in kept.en
    assert f"{path}.revision-0001" in kept.fr


@pytest.mark.held_before("only a long migration of an old one is told")
async def test_a_new_database_is_made_without_a_word(tmp_path: Path) -> None:
    """Nothing was there that could take long."""
    assert await opened(tmp_path / "borne.db") == []
