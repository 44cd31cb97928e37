"""What a backup holds, written beside it, and the proof that it can be used."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import create_engine

from borne.backup.manifest import DATABASE, PEPPER, line_of
from provisioning.pepper import trouble_with
from runtime.errors import RuntimeProblem
from runtime.wording import Phrase

CONTENT = "backup.json"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


class BackupUnusable(RuntimeProblem):
    """A backup that cannot be made, or is not whole; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Content:
    """`rows` per table of the database, and the SHA-256 of each file, in hex."""

    version: str
    made_at: str
    revision: str
    rows: dict[str, int]
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """As JSON."""
        (folder / CONTENT).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Content":
        """What stands there. Raises BackupUnusable."""
        try:
            return cls(**json.loads((folder / CONTENT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise BackupUnusable(
                Phrase(
                    f"{folder} n'est pas une sauvegarde de borne : {CONTENT} manque ou est illisible. "
                    "Nommez le dossier que `borne backup` a fait.",
                    f"{folder} is no backup of borne: {CONTENT} is missing or cannot be read. "
                    "Name the folder that `borne backup` made.",
                )
            ) from error


def count_rows(database: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table."""
    names = [name for (name,) in database.execute(_TABLES)]
    return {
        name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - its own names
        for name in names
    }


def revision_of(database: sqlite3.Connection) -> str:
    """Which version of the tables it has."""
    return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def examine(folder: Path) -> Content:
    """Prove that a backup is whole: files, database, counts, pepper. Raises BackupUnusable."""
    content = Content.read(folder)
    for name, digest in content.files.items():
        path, line = folder / name, line_of(name)
        if line is None or not line.is_kept:
            raise BackupUnusable(
                Phrase(
                    f"{folder / CONTENT} nomme un fichier qui n'est d'aucune sauvegarde : {name}.",
                    f"{folder / CONTENT} names no file of a backup: {name}.",
                )
            )
        if not path.is_file() or digest_of(path) != digest:
            raise _damaged(
                f"{path} manque ou n'est pas ce qui a été sauvegardé",
                f"{path} is missing or is not what was backed up",
            )
    if DATABASE not in content.files:
        raise _damaged(f"{folder} ne contient pas de base de données", f"{folder} holds no database")
    _examine_database(folder / DATABASE, content)
    _examine_pepper(folder)
    return content


def _examine_database(path: Path, content: Content) -> None:
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check")]
            rows = count_rows(database)
    except sqlite3.Error as error:
        raise _damaged(f"{path} est illisible ({error})", f"{path} cannot be read ({error})") from error
    if found != ["ok"]:
        raise _damaged(f"{path} est abîmée ({found[0]})", f"{path} is damaged ({found[0]})")
    if rows != content.rows:
        raise _damaged(
            f"{path} n'a pas les lignes qui ont été sauvegardées",
            f"{path} does not hold the rows that were backed up",
        )


def _damaged(french: str, english: str) -> BackupUnusable:
    return BackupUnusable(
        Phrase(f"{french} : prenez une autre sauvegarde.", f"{english}: take another backup.")
    )


def _examine_pepper(folder: Path) -> None:
    engine = create_engine(f"sqlite:///file:{folder.absolute() / DATABASE}?mode=ro&immutable=1&uri=true")
    try:
        with engine.connect() as connection:
            trouble = trouble_with(connection, folder / PEPPER)
    finally:
        engine.dispose()
    if trouble is not None:
        raise BackupUnusable(trouble)
