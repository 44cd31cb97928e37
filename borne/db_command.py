"""`borne db copy`: move an installation from one database to another, SQLite or PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from borne.invocation import up_command
from borne.options import with_settings
from borne.settings import ServerSettings
from borne.terminal import here, print_error, print_text
from runtime.clock import Clock, SystemClock
from runtime.errors import RuntimeProblem
from runtime.lifecycle import EXIT_CANNOT_RUN
from runtime.wording import Phrase, counted

if TYPE_CHECKING:
    from runtime.database.copying import CopiedTable, Progress

PRIVATE = 0o077
HIDDEN = ":***@"
"""Where a URL had one that is not shown."""
ANNOUNCE_EVERY_S = 5.0
BESIDE = ("", "-wal", "-shm", ".lock")
"""What SQLite and we put beside a file, after its name."""

app = typer.Typer(name="db", no_args_is_help=True, help="Work on the database while no server runs.")


@app.command()
@with_settings
def copy(
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL",
            help="An empty database: postgresql://user:password@host/name, or sqlite:////folder/file.db. "
            "The password may stand in PGPASSWORD or ~/.pgpass instead.",
        ),
    ],
    settings: ServerSettings,
) -> None:
    """Move an installation to another database: copy all of it into an empty one, and compare every table.

    The database of the options (as for `borne up`) is only read, and stays as it is; no server may have it
    open. What is copied counts only when all tables have the same rows with the same values on both sides;
    else nothing is left there.
    """
    os.umask(PRIVATE)
    try:
        copied = copy_to(settings.effective_database_url, to, SystemClock())
    except RuntimeProblem as problem:
        print_error(problem)
        raise typer.Exit(EXIT_CANNOT_RUN) from None
    _print_end(copied, settings, to)


def copy_to(source_url: str, target_url: str, clock: Clock) -> "list[CopiedTable]":
    """Copy, and tell how it goes. Raises RuntimeProblem."""
    from borne.migrations import MIGRATIONS
    from runtime.database import assert_there, database_path, is_postgres_url
    from runtime.database.copying import copy_database, opened_alone

    assert_there(source_url)
    _assert_fit(source_url, target_url)
    with (
        _gone_if_it_fails(None if is_postgres_url(target_url) else database_path(target_url)),
        opened_alone(source_url) as source,
        opened_alone(target_url) as target,
    ):
        return copy_database(source, target, MIGRATIONS, CopyProgress(clock))


def _assert_fit(source_url: str, target_url: str) -> None:
    """The database to copy into is another one, and a file can be made there. Raises TargetUnfit."""
    from runtime.database import database_path, is_postgres_url, is_same_database

    if is_same_database(source_url, target_url):
        raise TargetUnfit(
            Phrase(
                "--to nomme la base qui est à copier : nommez-en une autre, vide.",
                "--to names the database that is to be copied: name another one, which is empty.",
            )
        )
    if is_postgres_url(target_url):
        return
    path = database_path(target_url)
    if path.is_dir():
        raise TargetUnfit(
            Phrase(
                f"--to nomme le dossier {path} : nommez un fichier dedans, tel que {path}/borne.db.",
                f"--to names the folder {path}: name a file in it, such as {path}/borne.db.",
            )
        )
    if not path.parent.is_dir():
        raise TargetUnfit(
            Phrase(
                f"Il n'y a pas de dossier {path.parent} : faites-le, ou corrigez --to.",
                f"There is no folder {path.parent}: make it, or correct --to.",
            )
        )


class TargetUnfit(RuntimeProblem):
    """What `--to` names cannot take a copy; the text says why and what to name."""


class CopyProgress:
    """A line for each table that has rows, and every few seconds one for a long one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._printed_at = clock.monotonic()

    def __call__(self, progress: "Progress") -> None:
        now = self._clock.monotonic()
        if not progress.is_whole and now - self._printed_at < ANNOUNCE_EVERY_S:
            return
        self._printed_at = now
        where = f"{progress.number}/{progress.tables} {progress.table}"
        if progress.is_whole:
            same = (
                f"{where} : {progress.rows}, les mêmes des deux côtés",
                f"{where}: {progress.rows}, the same on both sides",
            )
            print_text(here(*same))
        else:
            done = (
                f"{where} : {progress.rows} de {progress.of} …",
                f"{where}: {progress.rows} of {progress.of} …",
            )
            print_text(here(*done))


@contextmanager
def _gone_if_it_fails(path: Path | None) -> Iterator[None]:
    """A file that was made for a copy is not there without it."""
    is_new = path is not None and not path.exists()
    try:
        yield
    except BaseException:
        if path is not None and is_new:
            for each in BESIDE:
                Path(f"{path}{each}").unlink(missing_ok=True)
        raise


def _print_end(copied: "list[CopiedTable]", settings: ServerSettings, to: str) -> None:
    rows = sum(each.rows for each in copied)
    changed = sum(each.changed_texts for each in copied)
    if changed:
        held = counted(
            changed, Phrase("{count} ligne", "{count} row"), Phrase("{count} lignes", "{count} rows")
        )
        nul = here(
            f"Un texte contenait le caractère NUL, que PostgreSQL ne prend pas, dans {held.fr} : il y est "
            "écrit ␀.",
            f"A text held the character NUL, which PostgreSQL does not take, in {held.en}: it is written ␀ "
            "there.",
        )
        print_text(nul)
    print_text(
        here(
            f"Copié et comparé : {len(copied)} tables, {rows} lignes. L'ancienne base est restée telle "
            f"quelle. Gardez {settings.var} (le poivre, le jeton), et démarrez avec la nouvelle :",
            f"Copied and compared: {len(copied)} tables, {rows} rows. The old database stayed as it is. "
            f"Keep {settings.var} (the pepper, the token), and start with the new one:",
        )
    )
    print_start(up_command(settings, database_url=to))


def print_start(command: str) -> None:
    """What to type to start a server, on a line of its own."""
    print_text(f"  {command}")
    if HIDDEN in command:
        print_text(
            here(
                "*** est à remplacer par le mot de passe, ou à enlever s'il est dans PGPASSWORD.",
                "Put the password where *** is, or take that away where PGPASSWORD has it.",
            )
        )
