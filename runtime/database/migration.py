"""Brings a database up to date with the Alembic history that a package carries."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from runtime.errors import DatabaseNewer, UpgradeFailed
from runtime.logs import get_logger
from runtime.wording import Phrase

ANNOUNCE_EVERY_S = 10.0

Watching = Callable[[Callable[[], None]], AbstractContextManager[None]]
"""Calls a function again and again while a long statement runs."""

Announce = Callable[[Phrase], None]
"""Tells people."""
BEGINS = Phrase(
    "Les tables de {place} sont mises à jour, de la version {of} à la {to}; les bornes attendent "
    "pendant ce temps.",
    "The tables of {place} are being brought up to date, from version {of} to {to}; stations wait meanwhile.",
)
KEPT = Phrase(
    "La base telle qu'elle était est gardée dans {kept}; effacez-la quand vous restez à cette version.",
    "The database as it was is kept in {kept}; delete it when you stay with this version.",
)

log = get_logger(__name__)


def migration_config(package: str) -> Config:
    """Alembic's configuration for the history in `package` ("borne.migrations"), without an ini file."""
    config = Config()
    # Alembic interpolates `%` in its options.
    config.set_main_option("script_location", str(files(package)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def history(package: str) -> ScriptDirectory:
    """The revisions that a package carries; their files are read once in a process."""
    return _history_at(str(files(package)))


@cache
def _history_at(location: str) -> ScriptDirectory:
    return ScriptDirectory(location)


def announce_nothing(_words: Phrase) -> None:
    """Nobody waits for it."""


def upgrade(
    connection: Connection,
    package: str,
    place: str,
    *,
    elsewhere: Phrase,
    keep: Callable[[str], Path | None] = lambda _: None,
    watching: Watching = lambda _: nullcontext(),
    announce: Announce = announce_nothing,
) -> str | None:
    """Apply the revisions that are missing, all inside the caller's transaction; which one it had, where
    there were tables and they were changed.

    `place` and `elsewhere` are for the words: where the database is, and how to take another one; `keep` is
    given the revision before anything changes, and tells where the copy is; `announce` is given what people
    who wait for it may read. Raises DatabaseNewer when the database has a revision that
    `package` does not know.
    """
    scripts = history(package)
    current = _known_heads(connection, scripts, place, elsewhere)
    if set(current) == set(scripts.get_heads()):
        return None
    config = migration_config(package)
    config.attributes["connection"] = connection
    if not current:
        command.upgrade(config, "heads")
        return None
    of, to = ", ".join(current), ", ".join(scripts.get_heads())
    log.info("database_upgrade", of=of, to=to, path=place)
    announce(BEGINS.filled({"place": place, "of": of, "to": to}))
    if (kept := keep(of)) is not None:
        announce(KEPT.filled({"kept": kept}))
    with _progress(place, watching):
        command.upgrade(config, "heads")
    return of


@contextmanager
def upgrade_explained(place: str) -> Iterator[None]:
    """Around the transaction of an upgrade: a statement of the history that fails is one line. Raises
    UpgradeFailed.
    """
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise UpgradeFailed(
            Phrase(
                f"Les tables de {place} n'ont pas pu être mises à jour : {reason}. Rien n'y a changé : la "
                "version précédente du programme continue avec cette base. Signalez-nous ceci.",
                f"The tables of {place} could not be brought up to date: {reason}. Nothing of it has "
                "changed: the former version of the program goes on with this database. Please report this.",
            )
        ) from error


def build(connection: Connection, package: str, revision: str) -> None:
    """Make the tables as they were at `revision`, in an empty database, inside the caller's transaction."""
    config = migration_config(package)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known_revision(connection: Connection, package: str, place: str, elsewhere: Phrase) -> str | None:
    """Which revision the tables have; None where there are none. Raises DatabaseNewer for an unknown one."""
    found = _known_heads(connection, history(package), place, elsewhere)
    return found[0] if found else None


@contextmanager
def _progress(place: str, watching: Watching) -> Iterator[None]:
    """Say every ANNOUNCE_EVERY_S that it goes on: a table of millions of rows is written anew for minutes."""
    began = announced_at = time.monotonic()

    def look() -> None:
        nonlocal announced_at
        now = time.monotonic()
        if now - announced_at >= ANNOUNCE_EVERY_S:
            announced_at = now
            log.info("database_upgrade_goes_on", path=place, elapsed_s=round(now - began))

    with watching(look):
        yield
    log.info("database_upgraded", path=place, elapsed_s=round(time.monotonic() - began))


def _known_heads(
    connection: Connection, scripts: ScriptDirectory, place: str, elsewhere: Phrase
) -> tuple[str, ...]:
    """The revisions that the tables have, each of them known. Raises DatabaseNewer."""
    heads = MigrationContext.configure(connection).get_current_heads()
    for revision in heads:
        _assert_known(scripts, revision, place, elsewhere)
    return heads


def _assert_known(scripts: ScriptDirectory, revision: str, place: str, elsewhere: Phrase) -> None:
    try:
        scripts.get_revision(revision)
    except CommandError as error:
        raise DatabaseNewer(
            Phrase(
                f"{place} vient d'une version plus récente de ce programme (révision {revision}). "
                f"Installez cette version, ou choisissez {elsewhere.fr}.",
                f"{place} was written by a newer version of this program (revision {revision}). "
                f"Install that version, or choose {elsewhere.en}.",
            )
        ) from error
