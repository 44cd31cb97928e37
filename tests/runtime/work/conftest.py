"""Work is tested on both databases, inline: whatever is due has been done when `settled` returns."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.database import Database
from runtime.threads import inline
from tests.support.both_databases import Place, place
from tests.support.tables import compile_once, put_tables

__all__ = ["place"]


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    """Open, without threads."""
    url = put_tables(place) if isinstance(place, Path) else place
    opened = await Database.open(url, migrations=None, threads=inline)
    compile_once(opened)
    yield opened
    await opened.close()
