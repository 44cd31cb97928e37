"""News on its way to the broker."""

from datetime import timedelta

from csms.domain.station_events import StationEvent
from csms.storage import (
    outbox,
)
from ocppj.vocabulary import (
    StationId,
)
from runtime.database import Database
from tests.support.inbound import NOON


async def test_the_outbox_is_in_order_and_never_reuses_a_number(database: Database) -> None:
    """Also when it was empty in between: a consumer compares numbers."""
    events = [StationEvent("e", StationId("é"), NOON + timedelta(microseconds=n), {"n": n}) for n in range(3)]
    await database.run_write(lambda c: outbox.write_outbox(c, events))
    found = await database.run_read(lambda c: outbox.oldest(c, 2))
    assert [each[:3] for each in found] == [(1, "é", "e"), (2, "é", "e")]
    assert (
        found[0][3] == '{"event":"e","station_id":"é","at":"2026-05-01T12:00:00Z","payload":{"n":0}}'.encode()
    )
    await database.run_write(lambda c: outbox.remove(c, [1, 2, 3]))
    assert await database.run_read(lambda c: outbox.oldest(c, 2)) == []
    await database.run_write(lambda c: outbox.write_outbox(c, events[:1]))
    assert [each[0] for each in await database.run_read(lambda c: outbox.oldest(c, 2))] == [4]
