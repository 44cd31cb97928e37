"""A real PostgreSQL 18 for tests: one server per run, which the workers share, and a database for each test.

The history runs once, in a template; a database of a test is its copy (some hundredths of a second).
"""

import asyncio
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from runtime.database import Database
from tests.support import postgres_server
from tests.support.required import without

TEMPLATE = "borne_template"
SCRIPT = Path(postgres_server.__file__)


class PostgresServer:
    """The server of this run."""

    def __init__(self, server: dict[str, Any]) -> None:
        self.server = server
        self._numbers = count(1)

    def url(self, name: str, **changes: Any) -> str:
        """Of one of its databases."""
        given = self.server | changes
        return URL.create(
            "postgresql", given["user"], given["password"], given["host"], given["port"], name
        ).render_as_string(hide_password=False)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """As its owner, each in a transaction of its own."""
        with psycopg.connect(**self.server, dbname=database, autocommit=True) as connection:
            for each in statements:
                connection.execute(each)  # type: ignore[call-overload] # literals of tests

    @contextmanager
    def database(self, *, template: str = TEMPLATE) -> Iterator[str]:
        """The URL of a new database, with all tables of the product and nothing in them."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        try:
            yield self.url(name)
        finally:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')


def driver_url(url: str) -> str:
    """As SQLAlchemy takes it, with the driver's name; one of SQLite stays as it is."""
    return url.replace("postgresql:", "postgresql+psycopg:")


def shared_server(folder: Path) -> PostgresServer:
    """The one of this run: whoever needs it first starts it. `folder` is the run's, whatever the worker."""
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = folder / "postgres.json"
        if not told.exists():
            told.write_text(json.dumps(_start()))
        server = json.loads(told.read_text())
    if "absent" in server:
        without("postgres", server["absent"])
    return PostgresServer(server)


def _start() -> dict[str, Any]:
    """It ends with the process that runs all tests: the worker's parent, where there are workers."""
    runner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    started = subprocess.run(
        [sys.executable, SCRIPT, str(runner)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False
    )
    lines = started.stdout.splitlines()
    server: dict[str, Any] = json.loads(lines[-1]) if lines else {"absent": "PostgreSQL did not start"}
    if "absent" not in server:
        made = PostgresServer(server)
        made.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        with ThreadPoolExecutor(1) as thread:  # this thread may have a loop
            thread.submit(asyncio.run, _migrate(made.url(TEMPLATE))).result()
    return server


async def _migrate(url: str) -> None:
    await (await Database.open(url, migrations="borne.migrations")).close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> PostgresServer:
    """The server of this run."""
    base = tmp_path_factory.getbasetemp()
    return shared_server(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
