"""One backup fits both databases: out of either, into either; out of a PostgreSQL while it is written."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from borne.backup.content import CONTENT, BackupUnusable, Content
from borne.backup.copying import back_up, restore
from borne.backup.manifest import files_in
from borne.cli import app
from runtime.database.copying import Progress
from runtime.errors import DatabaseLocked, DatabaseOccupied
from tests.support.copying import in_silence
from tests.support.postgres import PostgresServer
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import basic

SECRET = b"0123456789abcdefghij"
STATION = "cp-secret"
AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def full(postgres: PostgresServer) -> Iterator[str]:
    """A database with all tables."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    """One without any."""
    with postgres.database(template="template0") as url:
        yield url


def sqlite_in(var: Path) -> str:
    """The file where it is by default."""
    return f"sqlite:///{var / 'borne.db'}"


async def charge(server: LiveServer, number: int) -> None:
    """A transaction of a station that proves itself; it gets this number."""
    await server.add_token("T1")
    async with server.station(STATION, additional_headers=basic(STATION, SECRET)) as station:
        at = f"2026-05-01T10:0{number}:00Z"
        start = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": at}
        assert (await station.ask("StartTransaction", start))["transactionId"] == number


async def _backup_of_sqlite(folder: Path) -> Path:
    async with live_server(folder / "var", secrets={STATION: SECRET}) as server:
        await charge(server, 1)
        back_up(
            sqlite_in(folder / "var"), folder / "var", folder / "backup", version="1", at=AT, watch=in_silence
        )
    return folder / "backup"


async def test_a_backup_of_a_running_server_goes_into_either(tmp_path: Path, full: str, empty: str) -> None:
    """From SQLite into PostgreSQL; from there, while it runs, into SQLite and into another PostgreSQL. The
    station has its secret everywhere, and numbers go on.
    """
    backup = await _backup_of_sqlite(tmp_path)
    again = tmp_path / "again"
    await asyncio.to_thread(restore, backup, tmp_path / "pg", empty, watch=in_silence)
    async with live_server(tmp_path / "pg", database_url=empty) as server:
        await charge(server, 2)
        content = await asyncio.to_thread(
            lambda: back_up(empty, tmp_path / "pg", again, version="1", at=AT, watch=in_silence)
        )
    assert content.rows["transactions"] == 2
    assert [str(path) for path in files_in(again)] == [CONTENT, "borne.db", "pepper", "token"]
    restore(again, tmp_path / "back", sqlite_in(tmp_path / "back"), watch=in_silence)
    async with live_server(tmp_path / "back") as server:
        await charge(server, 3)
    with psycopg.connect(full, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    await asyncio.to_thread(restore, again, tmp_path / "other", full, watch=in_silence)
    async with live_server(tmp_path / "other", database_url=full) as server:
        await charge(server, 3)


def test_it_is_one_moment(tmp_path: Path, full: str) -> None:
    """What is written between two tables is in none of them."""
    token = "INSERT INTO tokens (token_key, value, type, status) VALUES (%s, 'v', 't', 'Accepted')"
    counter = "INSERT INTO counters (name, value) VALUES (%s, 1)"
    told: list[str] = []

    def write_meanwhile(progress: Progress) -> None:
        if not told:
            with psycopg.connect(full) as other:
                other.execute(token.encode(), ("late",))
                other.execute(counter.encode(), ("late",))
        told.append(progress.table)

    with psycopg.connect(full) as connection:
        connection.execute(token.encode(), ("early",))
        connection.execute(counter.encode(), ("early",))
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "token").write_text("borne_x\n")
    content = back_up(full, tmp_path / "var", tmp_path / "b", version="1", at=AT, watch=write_meanwhile)
    assert told[0] == "counters"
    assert (content.rows["tokens"], content.rows["counters"]) == (1, 1)


async def test_nothing_is_overwritten(tmp_path: Path, full: str) -> None:
    """Neither an installation nor one that runs; and the folder stays as it was."""
    backup = await _backup_of_sqlite(tmp_path)
    with pytest.raises(DatabaseOccupied, match="is not empty"):
        restore(backup, tmp_path / "new", full, watch=in_silence)
    assert not (tmp_path / "new").exists()
    async with live_server(tmp_path / "running", database_url=full):
        with pytest.raises(DatabaseLocked):
            await asyncio.to_thread(restore, backup, tmp_path / "new", full, watch=in_silence)


async def test_a_pepper_that_is_not_the_databases_is_told_at_once(tmp_path: Path, empty: str) -> None:
    """Better today than on the day of the restore."""
    backup = await _backup_of_sqlite(tmp_path)
    await asyncio.to_thread(restore, backup, tmp_path / "pg", empty, watch=in_silence)
    (tmp_path / "pg" / "pepper").write_bytes(b"z" * 32)
    with pytest.raises(BackupUnusable, match="holds another"):
        back_up(empty, tmp_path / "pg", tmp_path / "b", version="1", at=AT, watch=in_silence)
    assert not (tmp_path / "b").exists()


async def test_tables_that_do_not_go_in_leave_no_files(tmp_path: Path, empty: str) -> None:
    """The pepper of a database that is not there would stand in the way of the next attempt."""
    backup = await _backup_of_sqlite(tmp_path)
    content = Content.read(backup)

    def fail(_progress: Progress) -> None:
        raise DatabaseOccupied("in the middle")

    with pytest.raises(DatabaseOccupied):
        restore(backup, tmp_path / "new", empty, watch=fail)
    assert not (tmp_path / "new").exists()
    restore(backup, tmp_path / "new", empty, watch=in_silence)
    assert {"pepper", "token"} == {str(path) for path in files_in(tmp_path / "new")}
    assert content.rows["transactions"] == 1


async def test_both_commands_take_the_url(tmp_path: Path, empty: str) -> None:
    """As `borne up` does."""
    backup = await _backup_of_sqlite(tmp_path)

    def typed(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--database-url", empty, "--var", str(tmp_path / "pg")])
        assert result.exit_code == 0, result.output
        return result.output

    assert "1 transaction" in await asyncio.to_thread(typed, "restore", str(backup))
    assert "3 files" in await asyncio.to_thread(typed, "backup", str(tmp_path / "b"))
