"""EVSEs and connectors."""

from dataclasses import replace

from sqlalchemy import select

from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorRow, EvseRow
from csms.storage import (
    connectors,
)
from csms.storage.tables import evses
from ocppj.vocabulary import (
    ConnectorStatus,
)
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON


async def test_connectors_have_their_last_status(database: Database) -> None:
    """By EVSE and connector; their EVSEs exist."""
    free = ConnectorRecord(CP1, 2, 1, ConnectorStatus.AVAILABLE, "Available", NOON, "NoError", "info")
    busy = ConnectorRecord(CP1, 1, 1, ConnectorStatus.OCCUPIED, "Charging")
    other = replace(busy, station_id=CP2)
    rows = [
        ConnectorRow(each, "E1", NOON) for each in (busy, replace(free, reported="Preparing"), free, other)
    ]
    await database.run_write(lambda c: connectors.write_connectors(c, rows))
    assert await database.run_read(lambda c: connectors.connectors_of(c, CP1)) == [busy, free]
    loaded = await database.run_read(lambda c: connectors.load_connectors(c, [CP1]))
    assert sorted(loaded, key=lambda each: each.evse_id) == [busy, free]
    await database.run_write(lambda c: connectors.write_evses(c, [EvseRow(CP1, 2, 500.0, None, NOON)]))
    found = await database.fetch_all(select(evses).order_by(evses.c.station_id, evses.c.evse_id))
    assert [(r.station_id, r.evse_id, r.register_wh) for r in found] == [
        (CP1, 1, None),
        (CP1, 2, 500),
        (CP2, 1, None),
    ]
