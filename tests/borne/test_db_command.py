"""`borne db copy`, as a person types it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from borne.cli import app
from borne.db_command import ANNOUNCE_EVERY_S, CopyProgress
from runtime.clock import ManualClock
from runtime.database.copying import Progress
from tests.support.filled import filled_file
from tests.support.inbound import minutes
from tests.support.postgres import PostgresServer
from tests.support.server import live_server


def typed(*words: str, **environment: str) -> tuple[int, str]:
    """Exit code and all that was printed."""
    result = CliRunner().invoke(app, list(words), env=environment)
    return result.exit_code, result.output


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table."""
    with postgres.database(template="template0") as url:
        yield url


async def _in_thread(*words: str) -> tuple[int, str]:
    import asyncio

    return await asyncio.to_thread(typed, *words)


async def test_a_station_goes_on_in_the_new_database(tmp_path: Path, empty: str) -> None:
    """With its open transaction and the next number; the same folder, the same token."""
    start = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": minutes(0).isoformat()}
    async with live_server(tmp_path) as server:
        await server.add_token("T1")
        async with server.station("cp1") as station:
            assert (await station.ask("StartTransaction", start))["transactionId"] == 1
        token = server.running.token
    before = (tmp_path / "borne.db").read_bytes()
    code, told = await _in_thread("db", "copy", "--var", str(tmp_path), "--to", empty)
    assert code == 0, told
    assert "transactions: 1, the same on both sides" in told
    assert f"up --var {tmp_path} --database-url 'postgresql://" in told, "what to type is whole"
    assert (tmp_path / "borne.db").read_bytes() == before
    async with live_server(tmp_path, database_url=empty) as server:
        assert server.running.token == token
        async with server.station("cp1") as station:
            stop = {"transactionId": 1, "meterStop": 500, "timestamp": minutes(9).isoformat()}
            await station.ask("StopTransaction", stop)
            later = start | {"timestamp": minutes(10).isoformat(), "meterStart": 500}
            assert (await station.ask("StartTransaction", later))["transactionId"] == 2
        assert len(await server.get("/transactions")) == 2


async def test_a_running_server_is_not_copied(tmp_path: Path, empty: str) -> None:
    """What it writes meanwhile would be lost."""
    async with live_server(tmp_path):
        code, told = await _in_thread("db", "copy", "--var", str(tmp_path), "--to", empty)
    assert code == 3
    assert "in use by another process" in told


def test_what_stands_in_the_way_is_one_line(tmp_path: Path, postgres: PostgresServer) -> None:
    """In the language of whoever asks, never with the password; nothing is left of what was begun."""
    filled_file(tmp_path / "borne.db")
    with postgres.database() as url:
        code, told = typed("db", "copy", "--var", str(tmp_path), "--to", url, LC_ALL="fr_CA.UTF-8")
    assert code == 3
    assert "n’est jamais écrasé" in told or "n'est jamais écrasé" in told
    assert str(postgres.server["password"]) not in told
    code, told = typed("db", "copy", "--var", str(tmp_path / "none"), "--to", url)
    assert (code, "There is no database" in told) == (3, True)
    wrong = f"sqlite:///{tmp_path / 'new.db'}"
    (tmp_path / "empty").mkdir()
    typed("db", "copy", "--database-url", f"sqlite:///{tmp_path / 'borne.db'}", "--to", wrong)
    code, told = typed("db", "copy", "--database-url", f"sqlite:///{tmp_path / 'borne.db'}", "--to", wrong)
    assert (code, "is not empty" in told) == (3, True)
    assert (tmp_path / "new.db").exists()  # it was there before


@pytest.mark.parametrize(
    ("to", "english", "french"),
    [
        ("borne.db", "--to names the database that is to be copied", "--to nomme la base qui est à copier"),
        ("../var/borne.db", "--to names the database that is to be copied", "--to nomme la base"),
        ("", "--to names the folder", "--to nomme le dossier"),
        ("no/new.db", "There is no folder", "Il n'y a pas de dossier"),
    ],
)
def test_what_cannot_be_copied_into_is_told_before_anything_is_done(
    tmp_path: Path, to: str, english: str, french: str
) -> None:
    """In both languages; and no folder is made."""
    var = tmp_path / "var"
    var.mkdir()
    filled_file(var / "borne.db")
    for language, text in (("C", english), ("fr_CA", french)):
        target = f"sqlite:///{var / to}"
        code, told = typed("db", "copy", "--var", str(var), "--to", target, LANG=language)
        assert (code, text in told) == (3, True), told
    assert not (var / "no").exists()


def test_a_file_that_was_made_for_nothing_is_gone(tmp_path: Path) -> None:
    """The next attempt is not told that something is there."""
    (tmp_path / "borne.db").touch()
    target = tmp_path / "new.db"
    code, told = typed("db", "copy", "--var", str(tmp_path), "--to", f"sqlite:///{target}")
    assert (code, "Nothing of borne" in told) == (3, True)
    assert list(tmp_path.glob("new.db*")) == []


def test_texts_that_were_changed_are_counted(tmp_path: Path, empty: str) -> None:
    """Who looks for them knows how many."""
    filled_file(tmp_path / "borne.db", nul=True)
    code, told = typed("db", "copy", "--var", str(tmp_path), "--to", empty)
    assert (code, "A text held the character NUL, which PostgreSQL does not take, in 1 row:" in told) == (
        0,
        True,
    )


async def test_a_long_table_is_told_every_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """Not silence for minutes, nor a line for every piece."""
    clock = ManualClock()
    report = CopyProgress(clock)
    report(Progress("meter_samples", 2000, 9000, 17, 40))
    await clock.advance(ANNOUNCE_EVERY_S)
    report(Progress("meter_samples", 4000, 9000, 17, 40))
    report(Progress("meter_samples", 6000, 9000, 17, 40))
    report(Progress("meter_samples", 9000, 9000, 17, 40))
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "17/40 meter_samples: 4000 of 9000 …",
        "17/40 meter_samples: 9000, the same on both sides",
    ]
