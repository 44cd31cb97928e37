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
from tests.support.inbound import CP1, CP2, NOON, minutes


async def test_connectors_have_their_last_status(database: Database) -> None:
    """By EVSE and connector; their EVSEs exist."""
    free = ConnectorRecord(CP1, 2, 1, ConnectorStatus.AVAILABLE, "Available", NOON, "NoError", "info")
    free = replace(free, vendor_error_code="E1", received_at=NOON)
    busy = ConnectorRecord(CP1, 1, 1, ConnectorStatus.OCCUPIED, "Charging", received_at=NOON)
    other = replace(busy, station_id=CP2)
    rows = [ConnectorRow(each, NOON) for each in (busy, replace(free, reported="Preparing"), free, other)]
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


async def test_what_an_evse_metered_stands_with_its_connectors(database: Database) -> None:
    """Register and power stay until there is a newer one of each; the batch of the writer goes without."""
    free = ConnectorRecord(CP1, 1, 1, ConnectorStatus.AVAILABLE, "Available", since=NOON, received_at=NOON)
    rows = [EvseRow(CP1, 1, 1000.0, 0.0, NOON), EvseRow(CP1, 1, None, 40.0, minutes(1))]
    await database.run_write(lambda c: connectors.write_connectors(c, [ConnectorRow(free, NOON)]))
    for row in rows:
        await database.run_write(lambda c, row=row: connectors.write_evses(c, [row]))  # type: ignore[misc] # bound now
    found = await database.run_read(lambda c: connectors.load_metered_connectors(c, [CP1]))
    assert found == [replace(free, register_wh=1000.0, power_w=40.0, metered_at=minutes(1))]
    assert await database.run_read(lambda c: connectors.load_connectors(c, [CP1])) == [free]
