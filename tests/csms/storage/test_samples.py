"""Metered values."""

from csms.domain.records import SampleRecord
from csms.rules.rows import SampleRow
from csms.storage import (
    samples,
)
from csms.storage.transactions import write_transactions
from ocppj.vocabulary import (
    MeterSample,
)
from runtime.database import Database
from tests.csms.storage.test_transactions import row
from tests.support.inbound import CP1, NOON, minutes


async def test_samples_belong_to_their_transaction(database: Database) -> None:
    """In the order of arrival, with the time of reception; those of nobody to nobody."""
    values = [
        MeterSample("M", float(n), "Wh", NOON if n else None, "L1", "Outlet", "Trigger") for n in range(3)
    ]
    rows = [SampleRow(CP1, 1, 1, value, minutes(n)) for n, value in enumerate(values)]
    rows += [SampleRow(CP1, None, 1, values[0], NOON), SampleRow(CP1, 2, 1, values[0], NOON)]
    await database.run_write(lambda c: write_transactions(c, [row(1), row(2)], {}))
    await database.run_write(lambda c: samples.write_samples(c, rows))
    found = await database.run_read(lambda c: samples.samples_of(c, 1, 100))
    assert found == [SampleRecord(value, minutes(n)) for n, value in enumerate(values)]
    assert len(await database.run_read(lambda c: samples.samples_of(c, 1, 2))) == 2
    assert await database.run_read(lambda c: samples.samples_of(c, 3, 2)) == []
