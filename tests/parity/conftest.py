"""One running server per module and database: what is stored is the same in each."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.both_databases import BOTH
from tests.support.server import LiveServer, live_server


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=BOTH)
async def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LiveServer]:
    """All tests of a module on one database share it; each test brings stations of its own."""
    folder = tmp_path_factory.mktemp("var")
    if request.param == "sqlite":
        async with live_server(folder) as live:
            yield live
        return
    with request.getfixturevalue("postgres").database() as url:
        async with live_server(folder, database_url=url) as live:
            yield live
