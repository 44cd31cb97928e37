"""Reports that are kept: found by action and request, and bounded."""

import pytest

from csms.domain.records import KeptMessagesWanted
from csms.rules.rows import KeptMessageRow
from csms.storage import kept_messages
from csms.storage.kept_messages import (
    kept_messages_of,
    prune_kept_messages,
    prune_kept_messages_of,
    write_kept_messages,
)
from ocppj.vocabulary import StationId
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes


def report(
    action: str, number: int, *, station_id: StationId = CP1, size: int = 2, request_id: int | None = None
) -> KeptMessageRow:
    """A report; its sequence number tells it from the others."""
    return KeptMessageRow(
        station_id=station_id,
        action=action,
        version="2.0.1",
        message_id=f"m{number}",
        request_id=request_id,
        seq_no=number,
        is_last=None,
        at=None,
        received_at=minutes(number),
        payload=f'"{"x" * (size - 2)}"',
        payload_bytes=size,
    )


async def found(
    database: Database,
    wanted: KeptMessagesWanted,
    limit: int = 10,
    before: int | None = None,
    station_id: StationId = CP1,
) -> tuple[list[int | None], bool]:
    """Their sequence numbers, and whether there are more."""
    records, is_more = await database.run_read(
        lambda c: kept_messages_of(c, station_id, wanted, limit, before)
    )
    return [each.seq_no for each in records], is_more


async def test_reports_are_found_by_action_and_request(database: Database) -> None:
    """The newest first; those of one station, in pages."""
    rows = [
        report("A", 1, request_id=7),
        report("B", 2, request_id=7),
        report("A", 3),
        report("A", 4, station_id=CP2),
        report("A", 5, request_id=7),
    ]
    await database.run_write(lambda c: write_kept_messages(c, rows))
    assert await found(database, KeptMessagesWanted()) == ([5, 3, 2, 1], False)
    assert await found(database, KeptMessagesWanted("A")) == ([5, 3, 1], False)
    assert await found(database, KeptMessagesWanted(request_id=7)) == ([5, 2, 1], False)
    assert await found(database, KeptMessagesWanted("A", 7)) == ([5, 1], False)
    assert await found(database, KeptMessagesWanted(), limit=2) == ([5, 3], True)
    assert await found(database, KeptMessagesWanted(), before=3) == ([2, 1], False)
    records, _ = await database.run_read(lambda c: kept_messages_of(c, CP2, KeptMessagesWanted(), 1, None))
    assert (records[0].received_at, records[0].payload, records[0].payload_bytes) == (minutes(4), '""', 2)
    assert records[0].received_at > NOON


async def test_a_page_is_bounded_in_bytes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand long ones would be a quarter of a GiB."""
    monkeypatch.setattr(kept_messages, "PAGE_BYTES", 50)
    await database.run_write(lambda c: write_kept_messages(c, [report("A", n, size=30) for n in range(4)]))
    assert await found(database, KeptMessagesWanted()) == ([3, 2], True)


async def test_the_newest_of_each_station_and_action_stay(database: Database) -> None:
    """So many, and so many bytes together; another action, and another station, lose nothing."""
    rows = [
        *(report("A", n, size=10) for n in range(5)),
        *(report("B", n, size=100) for n in range(5)),
        *(report("A", n, size=10, station_id=CP2) for n in range(5)),
    ]
    await database.run_write(lambda c: write_kept_messages(c, rows))
    await database.run_write(lambda c: prune_kept_messages_of(c, [(CP1, "A"), (CP1, "B")], 3, 250))
    assert await found(database, KeptMessagesWanted("A")) == ([4, 3, 2], False)
    assert await found(database, KeptMessagesWanted("B")) == ([4, 3], False)
    assert await found(database, KeptMessagesWanted("A"), station_id=CP2) == ([4, 3, 2, 1, 0], False)


async def test_the_newest_of_all_stay(database: Database) -> None:
    """However many stations there are."""
    await database.run_write(lambda c: write_kept_messages(c, [report("A", n) for n in range(5)]))
    await database.run_write(lambda c: prune_kept_messages(c, 2))
    assert await found(database, KeptMessagesWanted()) == ([4, 3], False)
