"""Brings a database up to date with the Alembic history that a package carries."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from runtime.errors import DatabaseNewer
from runtime.wording import Phrase


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
    command.upgrade(config, "heads")


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
