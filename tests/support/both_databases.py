"""A fixture for tests that hold on SQLite and on PostgreSQL: import it as `database` into a conftest."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from runtime.database import Database
from tests.support.postgres import PostgresServer
from tests.support.tables import compile_once, open_tables

BOTH = ("sqlite", "postgres")


Place = Path | str
"""Where a database is: a SQLite file, or the URL of a PostgreSQL one with all tables."""


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Of a database of the test's own, for whoever opens it more than once."""
    if request.param == "sqlite":
        yield tmp_path / "borne.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(params=BOTH)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """With all tables of the product and nothing in them."""
    if request.param == "sqlite":
        opened = await open_tables(tmp_path / "borne.db")
        yield opened
        await opened.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as url:
        opened = await Database.open(url, migrations=None)
        compile_once(opened)
        yield opened
        await opened.close()
