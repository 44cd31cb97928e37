"""`wirelog.db`: frames in a disposable SQLite file of their own. Everything here runs in the writer's thread.

A file that cannot be read is deleted and begun anew; one that cannot be written costs frames, never
answers.
"""

import sqlite3
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from csms.central.wire_log_ring import Row, WireFrame, wire_frame
from runtime.database.sqlite_file import make_private

SEQ_BLOCK = 1_000_000
"""Sequence numbers are promised to the file in blocks, so that they grow over a crash too."""

SHARE_DROPPED = 8  # an eighth of the log goes when it is full
BUSY_TIMEOUT_S = 5.0
WAL_LIMIT_BYTES = 16 << 20

SCHEMA = """
CREATE TABLE IF NOT EXISTS frames (
    seq INTEGER PRIMARY KEY, station_id TEXT NOT NULL, epoch INTEGER NOT NULL, at_s REAL NOT NULL,
    monotonic_us INTEGER NOT NULL, way INTEGER NOT NULL, raw BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ix_frames_station_id ON frames (station_id, seq);
CREATE TABLE IF NOT EXISTS promise (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
"""
INSERT = "INSERT OR IGNORE INTO frames VALUES (?, ?, ?, ?, ?, ?, ?)"
CHUNK = 64
"""Frames to a statement: the driver gives up Python's lock at each step, and waits for the event loop."""
INSERT_CHUNK = INSERT + ", (?, ?, ?, ?, ?, ?, ?)" * (CHUNK - 1)
AFTER = "SELECT * FROM frames WHERE station_id = ? AND seq > ? ORDER BY seq LIMIT ?"
LATEST = "SELECT * FROM frames WHERE station_id = ? ORDER BY seq DESC LIMIT ?"
BEFORE = "SELECT * FROM frames WHERE station_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
PROMISE = "INSERT INTO promise VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = max(seq, excluded.seq)"


class WireLogFile:
    """The open file. Raises sqlite3.Error where the disk refuses."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "no such column" not in str(error):
                raise  # not the content is at fault: no permission, a full disk, another process
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            return self._open()

    def _open(self) -> sqlite3.Connection:
        make_private(self._path)
        db = sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA auto_vacuum=INCREMENTAL")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute(f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}")
            db.executescript(SCHEMA)
            db.execute(
                "SELECT seq, station_id, epoch, at_s, monotonic_us, way, raw FROM frames LIMIT 1"
            ).fetchone()
        except BaseException:
            db.close()
            raise
        return db

    def promised_seq(self) -> int:
        """Greater than or equal to every number given out so far."""
        promised = self._db.execute("SELECT max(seq) FROM promise").fetchone()[0] or 0
        written = self._db.execute("SELECT max(seq) FROM frames").fetchone()[0] or 0
        return int(max(promised, written))

    def promise(self, seq: int) -> None:
        """Numbers up to `seq` may be given out."""
        self._db.execute(PROMISE, (seq,))

    def write(self, rows: Iterable[Row]) -> None:
        """One transaction; then the oldest go if the file has grown too long."""
        rows = list(rows)
        whole = len(rows) - len(rows) % CHUNK
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for start in range(0, whole, CHUNK):
                self._db.execute(INSERT_CHUNK, tuple(chain.from_iterable(rows[start : start + CHUNK])))
            self._db.executemany(INSERT, rows[whole:])
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        while self.used_bytes > self._max_bytes and self._drop_oldest():
            pass

    @property
    def used_bytes(self) -> int:
        """Bytes of pages in use."""
        pages, free, size = (
            int(self._db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _drop_oldest(self) -> bool:
        oldest, newest = self._db.execute("SELECT min(seq), max(seq) FROM frames").fetchone()
        if oldest is None or oldest == newest:
            return False
        until = oldest + (newest - oldest) // SHARE_DROPPED
        self._db.execute("DELETE FROM frames WHERE seq <= ?", (until,))
        self._db.execute("PRAGMA incremental_vacuum").fetchall()
        return True

    def after(self, station_id: str, seq: int | None, limit: int, most_bytes: int) -> list[WireFrame]:
        """The first frames after `seq`; None: the latest ones. Oldest first.

        At most `limit`, and so many as come to `most_bytes`: one more than that where there are more.
        """
        if seq is None:
            return self._read(LATEST, (station_id, limit), most_bytes)[::-1]
        return self._read(AFTER, (station_id, seq, limit), most_bytes)

    def before(self, station_id: str, seq: int, limit: int, most_bytes: int) -> list[WireFrame]:
        """The last frames before `seq`, oldest first, as few as `after` gives."""
        return self._read(BEFORE, (station_id, seq, limit), most_bytes)[::-1]

    def _read(self, query: str, values: tuple[str | int, ...], most_bytes: int) -> list[WireFrame]:
        found: list[WireFrame] = []
        for row in self._db.execute(query, values):
            found.append(wire_frame(row))
            most_bytes -= len(found[-1].raw)
            if most_bytes < 0:
                break
        return found

    def close(self) -> None:
        """Fold the write-ahead log into the file."""
        self._db.close()
