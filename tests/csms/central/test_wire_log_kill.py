"""A recording process is killed: what it wrote is there, and its numbers are never given out again."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from csms.central.wire_log import WireLog
from ocppj.session import Direction
from ocppj.vocabulary import Epoch, StationId
from runtime.clock import ManualClock
from tests.support.sources import ROOT

WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from csms.central.wire_log import WireLog
from ocppj.session import Direction
from runtime.clock import SystemClock

async def main():
    log = WireLog(Path(sys.argv[1]), clock=SystemClock())
    at = datetime(2026, 1, 5, tzinfo=UTC)
    while True:
        for _ in range(100):
            seq = log.record("a", 1, Direction.IN, b'[2,"x","StatusNotification",{}]', at)
        await log.flush()
        print(seq, flush=True)

asyncio.run(main())
"""


async def test_a_killed_log_goes_on_where_it_was(tmp_path: Path) -> None:
    """Three times in a row: nothing that was flushed is lost, and order holds over all lives."""
    path, last = tmp_path / "w.db", 0
    for _ in range(3):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, str(path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert writer.stdout is not None
        first = int(await writer.stdout.readline())
        for _ in range(5):
            flushed = int(await writer.stdout.readline())
        writer.kill()
        await writer.wait()
        assert first > last
        log = WireLog(path, clock=ManualClock())
        numbers = [frame.seq for frame in await log.since(StationId("a"), first - 100, 600)]
        assert numbers == list(range(first - 99, flushed + 1))
        last = log.record(StationId("a"), Epoch(2), Direction.IN, b"[2]", datetime(2026, 1, 6, tzinfo=UTC))
        assert last > flushed
        await log.close()
