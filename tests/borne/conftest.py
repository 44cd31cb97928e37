"""A served API that knows one station, which is offline."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from csms.domain.records import StationRecord
from tests.support.central import A16, AT, ServedCentral, build_app, opened_central, served
from tests.support.tables import open_tables


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[ServedCentral]:
    """The API on a real port."""
    database = await open_tables(tmp_path / "borne.db")
    try:
        async with opened_central(tmp_path) as central:
            central.records.kept[A16] = StationRecord(A16, last_seen_at=AT, vendor="Acme", model="RB-22")
            async with served(database, central, build_app(central)) as running:
                yield running
    finally:
        await database.close()
