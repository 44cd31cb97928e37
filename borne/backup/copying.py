"""Copy `var/` out of a server, running or not, and back into an empty folder. Never over anything.

The database is read in one snapshot, which holds up no writer: with SQLite's online backup, or table by table
out of PostgreSQL, into a SQLite file too. So one backup fits both databases. What is made appears under its
name only when it is whole and has been examined.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from borne.backup.content import CONTENT, BackupUnusable, Content, count_rows, digest_of, examine, revision_of
from borne.backup.manifest import DATABASE, PEPPER, kept_in
from borne.migrations import MIGRATIONS
from runtime.database import assert_there, database_path, is_postgres_url, snapshot
from runtime.database.sqlite import FileLock, errors_explained
from runtime.database.sqlite_file import copy_whole, make_one_file, make_private, open_read_only, sync
from runtime.wording import Phrase

if TYPE_CHECKING:
    from runtime.database.copying import Watch

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
STAGE = ".restoring-"
"""Before the names of what a restore has not finished."""


def back_up(url: str, var: Path, target: Path, *, version: str, at: datetime, watch: "Watch") -> Content:
    """Copy the database at `url` and what matters of `var` into the new folder `target`; what is in it.

    Raises BackupUnusable, DatabaseProblem, OSError; `target` is not there then.
    """
    if target.exists():
        raise BackupUnusable(
            Phrase(
                f"{target} existe déjà, et rien n'est jamais écrasé : nommez un nouveau dossier.",
                f"{target} is there already, and nothing is ever overwritten: name a new folder.",
            )
        )
    if var.resolve() in target.resolve().parents:
        raise BackupUnusable(
            Phrase(
                f"{target} est dans {var}, et serait perdu avec lui : nommez un dossier ailleurs.",
                f"{target} is inside {var}, and would be lost with it: name a folder elsewhere.",
            )
        )
    assert_there(url)
    if not kept_in(var) and not (var / DATABASE).is_file():
        raise BackupUnusable(
            Phrase(
                f"Rien dans {var} n'est d'un serveur, ni {PEPPER} ni token : donnez le --var du serveur.",
                f"Nothing in {var} is a server's, neither {PEPPER} nor token: give the --var of the server.",
            )
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with _folder_beside(target) as stage:
        rows, revision = _copy_database(url, stage / DATABASE, watch)
        for path in kept_in(var):
            _copy_file(var / path, stage / path)
        files = {str(path.relative_to(stage)): digest_of(path) for path in _files(stage)}
        Content(version, at.isoformat(), revision, rows, files).write(stage)
        (stage / CONTENT).chmod(PRIVATE_FILE)
        content = examine(stage)
        for path in (*_files(stage), stage):
            sync(path)
        stage.rename(target)
        sync(target.parent)
    return content


def restore(source: Path, var: Path, url: str, *, watch: "Watch") -> Content:
    """Copy a backup into a folder that holds no database, pepper or token yet; what is in it.

    The database comes last: one without its pepper is never there. Raises BackupUnusable, DatabaseProblem,
    OSError.
    """
    content = examine(source)
    places = {name: var / name for name in content.files if name != DATABASE}
    if not is_postgres_url(url):
        places[DATABASE] = database_path(url)
    _assert_free(places, content)
    staged = {name: path.with_name(f"{STAGE}{path.name}") for name, path in places.items()}
    folders = {var, *(path.parent for path in places.values())}
    with _held(url, source, folders, watch):
        try:
            for name, path in staged.items():
                _copy_file(source / name, path)
            for name in sorted(places, key=_database_last):
                staged[name].rename(places[name])
                sync(places[name].parent)
        finally:
            for path in staged.values():
                path.unlink(missing_ok=True)
    return content


@contextmanager
def _held(url: str, source: Path, folders: Iterable[Path], watch: "Watch") -> Iterator[None]:
    """The folders are there, and no other process has the database meanwhile; in a PostgreSQL the tables are
    there once this is left.
    """
    if not is_postgres_url(url):
        _make_private(folders)
        lock = FileLock(database_path(url))
        try:
            yield
        finally:
            lock.release()
        return
    from runtime.database.copying import OpenDatabase, copy_database, opened_alone

    with snapshot(f"sqlite:///{source / DATABASE}") as there, opened_alone(url) as target:
        copy_database(OpenDatabase(*there), target, MIGRATIONS, watch)
        _make_private(folders)
        yield


def _make_private(folders: Iterable[Path]) -> None:
    for folder in folders:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def _assert_free(places: dict[str, Path], content: Content) -> None:
    if taken := [
        path for name, path in places.items() if path.exists() and digest_of(path) != content.files[name]
    ]:
        raise BackupUnusable(
            Phrase(
                f"{taken[0]} existe déjà, et rien n'est jamais écrasé : nommez un dossier vide avec --var.",
                f"{taken[0]} is there already, and nothing is ever overwritten: name an empty folder with "
                "--var.",
            )
        )


def _database_last(name: str) -> tuple[bool, str]:
    return (name == DATABASE, name)


def _copy_database(url: str, to: Path, watch: "Watch") -> tuple[dict[str, int], str]:
    """One snapshot: counted and copied in the same read transaction."""
    make_private(to)
    if is_postgres_url(url):
        return _copy_tables(url, to, watch)
    source = database_path(url)
    with errors_explained(source), closing(open_read_only(source)) as held:
        held.execute("BEGIN")
        rows, revision = count_rows(held), revision_of(held)
        copy_whole(held, to)
        held.execute("ROLLBACK")
    return rows, revision


def _copy_tables(url: str, to: Path, watch: "Watch") -> tuple[dict[str, int], str]:
    """Out of a PostgreSQL, each table compared."""
    from runtime.database.copying import REVISIONS, OpenDatabase, copy_database, opened_alone

    with snapshot(url) as there, opened_alone(f"sqlite:///{to}") as target:
        copied = copy_database(OpenDatabase(*there), target, MIGRATIONS, watch)
    Path(f"{to}.lock").unlink()
    make_one_file(to)
    with closing(open_read_only(to)) as copy:
        revision = revision_of(copy)
    return {REVISIONS: 1} | {each.name: each.rows for each in copied}, revision


def _copy_file(source: Path, to: Path) -> None:
    to.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    to.unlink(missing_ok=True)
    make_private(to)
    shutil.copyfile(source, to)
    sync(to)


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards unless it was given its name."""
    stage = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
