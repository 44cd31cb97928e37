"""The copy of a SQLite file from before its tables are upgraded: made in time, and named to who goes back.

`borne.db.revision-0012` is the database as it was at that revision. Only the last such copy stays.
"""

import shutil
from contextlib import closing
from pathlib import Path

from runtime.database.sqlite_file import copy_whole, make_private, open_read_only, sync
from runtime.errors import DatabaseUnwritable
from runtime.logs import get_logger
from runtime.wording import Phrase

MARK = ".revision-"
"""Between the name of the database and the revision that a copy has."""
MIB = 1 << 20

log = get_logger(__name__)


def keep_former(path: Path, revision: str) -> Path:
    """Copy the file, as the last commit left it, before its tables are changed: where the copy is.

    Raises DatabaseUnwritable.
    """
    _assert_room(path)
    kept = Path(f"{path}{MARK}{revision}")
    part = Path(f"{kept}.part")
    try:
        part.unlink(missing_ok=True)  # of an upgrade that was killed
        make_private(part)
        with closing(open_read_only(path)) as there:
            copy_whole(there, part)
        sync(part)
        part.rename(kept)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)
    log.info("database_kept", path=str(kept), revision=revision)
    return kept


def forget_older(path: Path, revision: str) -> None:
    """The upgrade from `revision` is done: copies of before the one before are of no use any more."""
    for each in former_copies(path):
        if each.name != f"{path.name}{MARK}{revision}":
            each.unlink(missing_ok=True)


def former_copies(path: Path) -> list[Path]:
    """Those that are there, the newest last."""
    found = [each for each in path.parent.glob(f"{path.name}{MARK}*") if each.suffix != ".part"]
    return sorted(found, key=lambda each: (each.stat().st_mtime, each.name))


def way_back(path: Path, elsewhere: Phrase) -> Phrase:
    """What somebody with an older program may choose: another place, or the copy of before."""
    copies = former_copies(path)
    if not copies:
        return elsewhere
    kept = copies[-1]
    return Phrase(
        f"{elsewhere.fr}, ou revenez en arrière : déplacez {path}, {path.name}-wal et {path.name}-shm, "
        f"puis renommez {kept}, la base d'avant la mise à jour, en {path.name}; ce qui est venu depuis n'y "
        "est pas",
        f"{elsewhere.en}, or go back: move {path}, {path.name}-wal and {path.name}-shm away, then rename "
        f"{kept}, the database of before the upgrade, to {path.name}; what came since is not in it",
    )


def _assert_room(path: Path) -> None:
    """For the copy, and as much again for tables that are written anew."""
    size = sum(each.stat().st_size for each in (path, Path(f"{path}-wal")) if each.exists())
    free = shutil.disk_usage(path.parent).free
    if free >= 2 * size:
        return
    needed, there = 2 * size // MIB + 1, free // MIB
    raise DatabaseUnwritable(
        Phrase(
            f"Avant de mettre à jour les tables de {path}, on en garde une copie : il faut {needed} Mio "
            f"libres sur ce disque, et il y en a {there}. Faites de la place, ou déplacez la base sur un "
            "disque plus grand; la version précédente du programme continue avec elle.",
            f"Before the tables of {path} are brought up to date a copy is kept: {needed} MiB must be free "
            f"on that disk, and {there} are. Make room, or move the database to a larger disk; the former "
            "version of the program goes on with it.",
        )
    )
