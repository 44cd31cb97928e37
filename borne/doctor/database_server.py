"""Is the PostgreSQL server fit for `borne up`? Connected to and looked at: nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

from borne.doctor.remarks import Remark, good, problem
from borne.migrations import MIGRATIONS
from provisioning.errors import PepperUnreadable
from provisioning.pepper import trouble_with
from runtime.database import backend_of
from runtime.database.migration import history
from runtime.wording import Phrase


def examine_server(url: str, pepper: Path) -> Iterator[Remark]:
    """Its answer, its durability, what is stored there and by which version. Raises DatabaseProblem."""
    backend = backend_of(url)
    try:
        with backend.errors_explained():
            backend.prepare(None)
            with backend.write_engine.connect() as connection:
                found = [*_stored_version(connection, backend.place), *_pepper(connection, pepper)]
    finally:
        backend.write_engine.dispose()
        backend.release()
    yield good(
        Phrase(
            f"le serveur de la base {backend.place} répond, et garde ce qu'on lui confie",
            f"the server of the database {backend.place} answers, and keeps what it is given",
        )
    )
    yield from found


def _stored_version(connection: Connection, place: str) -> Iterator[Remark]:
    scripts = history(MIGRATIONS)
    revisions = MigrationContext.configure(connection).get_current_heads()
    if not revisions and inspect(connection).get_table_names():
        yield problem(
            Phrase(
                f"{place} est la base de données d'un autre programme.",
                f"{place} is a database of another program.",
            ),
            Phrase("Prenez-en une autre avec --database-url.", "Choose another one with --database-url."),
        )
    for revision in revisions:
        try:
            scripts.get_revision(revision)
        except CommandError:
            yield problem(
                Phrase(
                    f"{place} vient d'une version plus récente de ce programme (révision {revision}).",
                    f"{place} was written by a newer version of this program (revision {revision}).",
                ),
                Phrase(
                    "Installez cette version, ou prenez une autre base avec --database-url.",
                    "Install that version, or choose another database with --database-url.",
                ),
            )


def _pepper(connection: Connection, pepper: Path) -> Iterator[Remark]:
    """Without the pepper of its secrets a server does not start."""
    tables = inspect(connection).get_table_names()
    if not {"devices", "pepper_checks"} <= set(tables):
        return
    try:
        trouble = trouble_with(connection, pepper)
    except PepperUnreadable as error:
        trouble = error.words
    if trouble is not None:
        yield problem(trouble)
