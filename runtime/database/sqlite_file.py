"""SQLite files as files: for their owner's eyes, read beside whoever writes, copied whole, kept on disk."""

import contextlib
import os
import sqlite3
from pathlib import Path


def make_private(path: Path) -> None:
    """A new database is for its owner's eyes only, and so is what SQLite puts beside it; one that is there
    keeps the permissions it was given. Whoever opens it says what is wrong where it cannot be made.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def open_read_only(path: Path) -> sqlite3.Connection:
    """A file that others may have open and write; it must be there. Transactions are the caller's."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def copy_whole(source: sqlite3.Connection, to: Path) -> None:
    """What `source` sees, in one file; a transaction that it is in goes on."""
    with contextlib.closing(sqlite3.connect(to, isolation_level=None)) as copy:
        source.backup(copy)
    make_one_file(to)


def make_one_file(path: Path) -> None:
    """Without a log beside it: a copy can be moved by its name. The server that opens it turns the log on."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def sync(path: Path) -> None:
    """A file, or the names in a folder, survive a power cut from here on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
