"""A copy of a SQLite file is whole, one file, and its owner's; the original is only read."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runtime.database.sqlite_file import copy_whole, make_one_file, make_private, open_read_only, sync


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """A file whose last row is in the log beside it, for somebody has it open."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE meals (name TEXT)")
        writer.execute("INSERT INTO meals VALUES ('soup')")
        writer.commit()
        yield path


def names(path: Path) -> list[str]:
    """The meals there."""
    with closing(open_read_only(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM meals")]


def test_a_copy_is_one_file_with_what_was_in_the_log(written: Path, tmp_path: Path) -> None:
    """Of the moment that its reader sees, whatever is written meanwhile."""
    folder = tmp_path / "copy"
    folder.mkdir()
    with closing(open_read_only(written)) as held, closing(sqlite3.connect(written)) as writer:
        held.execute("BEGIN")
        held.execute("SELECT 1 FROM meals").fetchall()
        writer.execute("INSERT INTO meals VALUES ('late')")
        writer.commit()
        copy_whole(held, folder / "b.db")
        assert held.in_transaction
    assert names(folder / "b.db") == ["soup"]
    assert [each.name for each in folder.iterdir()] == ["b.db"]


def test_reading_changes_nothing_and_makes_no_file(written: Path, tmp_path: Path) -> None:
    """A name that is wrong would be an empty database."""
    with (
        closing(open_read_only(written)) as held,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        held.execute("DELETE FROM meals")
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        open_read_only(tmp_path / "nothing.db")
    assert not (tmp_path / "nothing.db").exists()


def test_a_file_that_is_moved_leaves_no_log_behind(written: Path, tmp_path: Path) -> None:
    """What was in the log is in the file."""
    with closing(open_read_only(written)) as held:
        (tmp_path / "b.db").write_bytes(written.read_bytes())
        (tmp_path / "b.db-wal").write_bytes((tmp_path / "a.db-wal").read_bytes())
        held.execute("SELECT 1")
    make_one_file(tmp_path / "b.db")
    assert {each.name for each in tmp_path.glob("b.db*")} == {"b.db"}
    assert names(tmp_path / "b.db") == ["soup"]


def test_only_a_new_file_is_made_private(tmp_path: Path) -> None:
    """One that is there keeps its permissions and its content; where none can be made, its user says so."""
    make_private(tmp_path / "new.db")
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600
    (tmp_path / "old.db").write_text("kept")
    (tmp_path / "old.db").chmod(0o640)
    make_private(tmp_path / "old.db")
    assert stat.S_IMODE((tmp_path / "old.db").stat().st_mode) == 0o640
    assert (tmp_path / "old.db").read_text() == "kept"
    make_private(tmp_path / "nowhere" / "a.db")


def test_files_and_folders_are_kept_by_the_disk(tmp_path: Path) -> None:
    """Both are asked for; one that is not there is an error."""
    (tmp_path / "file").touch()
    sync(tmp_path / "file")
    sync(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "nothing")
