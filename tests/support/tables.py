"""Database files with all tables and nothing in them: the history runs once, then its outcome is copied."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from runtime.database import Database


def put_tables(path: Path) -> str:
    """Make an empty database at `path`, unless there is one; its URL."""
    url = f"sqlite:///{path}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return url


async def open_tables(path: Path) -> Database:
    """The same, opened."""
    return await Database.open(put_tables(path), migrations="borne.migrations")


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:  # this thread may have a loop
        path = Path(folder) / "empty.db"
        thread.submit(asyncio.run, _make(path)).result()
        return path.read_bytes()


async def _make(path: Path) -> None:
    await (await Database.open(f"sqlite:///{path}", migrations="borne.migrations")).close()
