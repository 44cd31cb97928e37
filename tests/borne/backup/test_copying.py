"""A copy of a running server goes into an empty folder and works; nothing that is not whole gets a name."""

import json
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import websockets

from borne.backup.content import CONTENT, BackupUnusable, Content
from borne.backup.copying import back_up, restore
from borne.backup.manifest import files_in
from provisioning.errors import PepperWrong
from runtime.errors import DatabaseLocked, DatabaseMissing
from tests.support.copying import in_silence
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import basic

SECRET = b"0123456789abcdefghij"
STATION = "cp-secret"
AT = datetime(2026, 5, 1, tzinfo=UTC)


def take(var: Path, target: Path) -> Content:
    """A backup of that folder."""
    return back_up(url_in(var), var, target, version="1", at=AT, watch=in_silence)


def url_in(var: Path) -> str:
    """Of the file where it is by default."""
    return f"sqlite:///{var / 'borne.db'}"


@pytest.fixture
async def backup(tmp_path: Path) -> Path:
    """A backup of a server that runs and has a station with a secret and a transaction."""
    target = tmp_path / "backups" / "monday"
    async with live_server(tmp_path / "var", secrets={STATION: SECRET}) as server:
        await charge(server)
        take(tmp_path / "var", target)
    return target


def rename(folder: Path, name: str, to: str) -> None:
    """The list says that a file has another name."""
    content = Content.read(folder)
    content.files[to] = content.files.pop(name)
    content.write(folder)


async def charge(server: LiveServer) -> None:
    """A transaction of a station that proves itself."""
    await server.add_token("T1")
    async with server.station(STATION, additional_headers=basic(STATION, SECRET)) as station:
        start = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": "2026-05-01T10:00:00Z"}
        assert (await station.ask("StartTransaction", start))["transactionId"] == 1


async def test_a_station_connects_with_its_secret_to_what_was_restored(backup: Path, tmp_path: Path) -> None:
    """Copied while the server ran; restored into a folder that was not there; nobody has to be told."""
    restored = tmp_path / "elsewhere" / "var"
    restore(backup, restored, url_in(restored), watch=in_silence)
    async with live_server(restored) as server:
        assert [row["transaction_id"] for row in await server.get("/transactions")] == ["1"]
        async with server.station(STATION, additional_headers=basic(STATION, SECRET)):
            assert (await server.link(STATION) or {})["is_unauthenticated"] is False
        with pytest.raises(websockets.InvalidStatus, match="401"):
            async with server.station(STATION, additional_headers=basic(STATION, b"wrong")):
                pass


async def test_a_restore_by_hand_without_the_pepper_does_not_start(backup: Path, tmp_path: Path) -> None:
    """What copied the database alone is told so, before any station is refused."""
    var = tmp_path / "half"
    var.mkdir()
    (var / "borne.db").write_bytes((backup / "borne.db").read_bytes())
    with pytest.raises(PepperWrong, match="secrets of 1 station "):
        async with live_server(var):
            pass


def test_only_its_owner_reads_a_backup(backup: Path, tmp_path: Path) -> None:
    """Folders 0700, files 0600, in the backup and in what is restored."""
    var = tmp_path / "again"
    restore(backup, var, url_in(var), watch=in_silence)
    for folder in (backup, var):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE((folder / path).stat().st_mode) for path in files_in(folder)} == {0o600}
    assert [str(path) for path in files_in(backup)] == [CONTENT, "borne.db", "pepper", "token"]
    assert {"borne.db", "pepper", "token"} <= {str(path) for path in files_in(var)}


def test_what_is_in_it_is_written_beside_it(backup: Path) -> None:
    """Rows per table, a digest per file; no secret."""
    content = json.loads((backup / CONTENT).read_text())
    assert content["rows"]["transactions"] == 1
    assert set(content["files"]) == {"borne.db", "pepper", "token"}


async def test_nothing_is_overwritten(backup: Path, tmp_path: Path) -> None:
    """Neither by a backup nor by a restore; nor is a server's folder taken from under it."""
    with pytest.raises(BackupUnusable, match="there already"):
        take(tmp_path / "var", backup)
    with pytest.raises(BackupUnusable, match="there already"):
        restore(backup, tmp_path / "other", url_in(tmp_path / "var"), watch=in_silence)
    async with live_server(tmp_path / "running"):
        with pytest.raises((BackupUnusable, DatabaseLocked)):
            restore(backup, tmp_path / "new", url_in(tmp_path / "running"), watch=in_silence)


def test_a_restore_that_was_interrupted_goes_on(backup: Path, tmp_path: Path) -> None:
    """What is there already and is the same is no obstacle; the database comes last."""
    var = tmp_path / "again"
    var.mkdir()
    (var / "pepper").write_bytes((backup / "pepper").read_bytes())
    (var / ".restoring-token").write_bytes(b"half")
    restore(backup, var, url_in(var), watch=in_silence)
    assert not list(var.glob(".restoring*"))


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda folder: (folder / "pepper").unlink(), "pepper is missing"),
        (lambda folder: (folder / "token").write_text("x"), "not what was backed up"),
        (lambda folder: (folder / "borne.db").write_bytes(b"no database"), "not what was backed up"),
        (lambda folder: (folder / CONTENT).unlink(), "is no backup"),
        (lambda folder: (folder / CONTENT).write_text("[]"), "is no backup"),
        (lambda folder: rename(folder, "token", "../token"), "names no file of a backup"),
        (lambda folder: rename(folder, "token", "holiday.jpg"), "names no file of a backup"),
    ],
    ids=["no pepper", "changed", "damaged", "no content", "foreign content", "outside", "not ours"],
)
def test_a_backup_that_is_not_whole_is_refused(
    damage: object, what: str, backup: Path, tmp_path: Path
) -> None:
    """Before anything is written."""
    assert callable(damage)
    damage(backup)
    with pytest.raises(BackupUnusable, match=what):
        restore(backup, tmp_path / "again", url_in(tmp_path / "again"), watch=in_silence)
    assert not (tmp_path / "again").exists()


async def test_a_folder_whose_pepper_does_not_fit_is_not_backed_up(backup: Path, tmp_path: Path) -> None:
    """Better to hear it today than on the day of the restore; nothing is left under the name."""
    var = tmp_path / "var"
    (var / "pepper").write_bytes(b"z" * 32)
    with pytest.raises(BackupUnusable, match="holds another"):
        take(var, tmp_path / "tuesday")
    assert [path for path in files_in(tmp_path) if "tuesday" in str(path)] == []
    with pytest.raises(DatabaseMissing, match="no database"):
        take(tmp_path / "nowhere", tmp_path / "tuesday")


def test_rows_that_are_lost_on_the_way_are_noticed(backup: Path, tmp_path: Path) -> None:
    """The copy is counted against what was counted in the snapshot it was made of."""
    content = Content.read(backup)
    content.rows["transactions"] = 2
    content.write(backup)
    with pytest.raises(BackupUnusable, match="does not hold the rows"):
        restore(backup, tmp_path / "again", url_in(tmp_path / "again"), watch=in_silence)


async def test_a_backup_is_one_moment_of_a_busy_database(tmp_path: Path) -> None:
    """What is written meanwhile is in it or not, never half; the writer is not held up."""
    var = tmp_path / "var"
    async with live_server(var) as server:
        await server.add_token("T1")
        with closing(sqlite3.connect(var / "borne.db", isolation_level=None)) as held:
            held.execute("BEGIN")
            held.execute("SELECT count(*) FROM tokens").fetchone()
            await server.add_token("T2")
            content = take(var, tmp_path / "copy")
    assert content.rows["tokens"] == 2
