"""Database files with all tables and nothing in them: the history runs once, then its outcome is copied."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache

from runtime.database import Database
from runtime.database.reads import PooledReads
from runtime.database.sqlite import AsyncQueries


def put_tables(path: Path) -> str:
    """Make an empty database at `path`, unless there is one; its URL."""
    url = f"sqlite:///{path}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return url


async def open_tables(path: Path) -> Database:
    """The same, opened."""
    opened = await Database.open(put_tables(path), migrations="borne.migrations")
    compile_once(opened)
    return opened


def compile_once(database: Database) -> None:
    """Let it use what was compiled for other databases of this process. SQL is text for a dialect, which
    SQLAlchemy makes anew for every engine: of a test with a database of its own, a quarter of the time.
    """
    backend = database._backend
    engines = [backend.write_engine]  # first: it was connected, so its dialect knows the database's version
    for reads in (backend.reads, backend.queries):
        assert isinstance(reads, PooledReads | AsyncQueries)
        engines.append(reads._engine.sync_engine if isinstance(reads, AsyncQueries) else reads._engine)
    for engine in engines:
        shared = _SHARED.setdefault(type(engine.dialect), (engine.dialect, LRUCache(10_000)))
        engine.dialect, engine._compiled_cache = shared


_SHARED: dict[type[Dialect], tuple[Dialect, LRUCache[Any, Any]]] = {}


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:  # this thread may have a loop
        path = Path(folder) / "empty.db"
        thread.submit(asyncio.run, _make(path)).result()
        return path.read_bytes()


async def _make(path: Path) -> None:
    await (await Database.open(f"sqlite:///{path}", migrations="borne.migrations")).close()
