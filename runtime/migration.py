"""Brings a database up to date with the Alembic history that a package carries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from runtime.errors import DatabaseNewer
from runtime.logs import get_logger
from runtime.wording import Phrase

TELL_EVERY_S = 10.0
LOOK_EVERY = 1_000_000
"""Instructions of SQLite's machine between two looks at the clock: some hundredths of a second."""

log = get_logger(__name__)


def migration_config(package: str) -> Config:
    """Alembic's configuration for the history in `package` ("borne.migrations"), without an ini file."""
    config = Config()
    # Alembic interpolates `%` in its options.
    config.set_main_option("script_location", str(files(package)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection, package: str, path: Path) -> None:
    """Apply the revisions that are missing, all inside the caller's transaction. `path` is for the error's
    text.

    Raises DatabaseNewer when the database has a revision that `package` does not know.
    """
    config = migration_config(package)
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_heads()
    if set(current) == set(scripts.get_heads()):
        return
    for revision in current:
        _assert_known(scripts, revision, path)
    config.attributes["connection"] = connection
    if not current:
        command.upgrade(config, "heads")
        return
    log.info("database_upgrade", of=", ".join(current), to=", ".join(scripts.get_heads()), path=str(path))
    with _progress(connection, path):
        command.upgrade(config, "heads")


@contextmanager
def _progress(connection: Connection, path: Path) -> Iterator[None]:
    """Say every TELL_EVERY_S that it goes on: a table of millions of rows is written anew for minutes."""
    began = told = time.monotonic()

    def look() -> int:
        nonlocal told
        now = time.monotonic()
        if now - told >= TELL_EVERY_S:
            told = now
            log.info("database_upgrade_goes_on", path=str(path), elapsed_s=round(now - began))
        return 0  # anything else interrupts the statement

    sqlite: Any = connection.connection.driver_connection
    sqlite.set_progress_handler(look, LOOK_EVERY)
    try:
        yield
    finally:
        sqlite.set_progress_handler(None, LOOK_EVERY)
    log.info("database_upgraded", path=str(path), elapsed_s=round(time.monotonic() - began))


def _assert_known(scripts: ScriptDirectory, revision: str, path: Path) -> None:
    try:
        scripts.get_revision(revision)
    except CommandError as error:
        raise DatabaseNewer(
            Phrase(
                f"{path} vient d'une version plus récente de ce programme (révision {revision}). "
                "Installez cette version, ou choisissez un autre dossier avec --var.",
                f"{path} was written by a newer version of this program (revision {revision}). "
                "Install that version, or choose another folder with --var.",
            )
        ) from error
