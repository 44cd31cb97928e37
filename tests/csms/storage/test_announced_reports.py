"""Reports that commands ask for, and how far they have come."""

from msgspec.structs import replace

from csms.domain.records import AnnouncedRecord
from csms.rules.rows import AnnouncedReportRow
from csms.storage.announced_reports import (
    announced_by_commands,
    load_announced_reports,
    prune_announced_reports,
    write_announced_reports,
)
from ocppj.vocabulary import StationId
from runtime.database import Database
from tests.support.inbound import CP1, CP2, minutes


def announced(number: int, *, request_id: int = 7, station_id: StationId = CP1) -> AnnouncedReportRow:
    """A report that command `c<number>` asked for, so many minutes ago."""
    return AnnouncedReportRow(
        command_id=f"c{number}",
        station_id=station_id,
        action="NotifyReport",
        request_id=request_id,
        asked_at=minutes(-number),
        moved_at=minutes(-number),
    )


async def test_what_was_asked_for_is_loaded_in_its_order(database: Database) -> None:
    """Of the keys that are wanted; as it was written last."""
    rows = [announced(2), announced(1), announced(3, request_id=8), announced(4, station_id=CP2)]
    moved = replace(rows[0], parts=2, seq_nos="0..1", last_seq_no=1, is_complete=True, moved_at=minutes(9))
    await database.run_write(lambda c: write_announced_reports(c, rows))
    await database.run_write(lambda c: write_announced_reports(c, [moved]))
    keys = {(CP1, "NotifyReport", 7), (CP1, "NotifyEvent", 8)}
    found = await database.run_read(lambda c: load_announced_reports(c, keys))
    assert found == [moved, rows[1]]
    shown = await database.run_read(lambda c: announced_by_commands(c, ["c2", "other"]))
    assert shown == {"c2": AnnouncedRecord("NotifyReport", 7, 2, True, minutes(9))}


async def test_those_asked_for_last_stay(database: Database) -> None:
    """Of each station."""
    rows = [*(announced(n) for n in range(4)), announced(9, station_id=CP2)]
    await database.run_write(lambda c: write_announced_reports(c, rows))
    await database.run_write(lambda c: prune_announced_reports(c, [CP1], 2))
    left = await database.run_read(lambda c: announced_by_commands(c, [row.command_id for row in rows]))
    assert set(left) == {"c0", "c1", "c9"}
