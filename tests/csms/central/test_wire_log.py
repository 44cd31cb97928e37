"""The wire log: order, bounds, heartbeats, taps, restarts; on real files."""

import asyncio
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.central import wire_log as module
from csms.central.wire_log import WireFrame, WireLog, WireLogMode
from csms.central.wire_log_file import WireLogFile
from csms.central.wire_log_ring import HEADER_BYTES, Ring
from ocppj.session import Direction
from ocppj.vocabulary import Epoch, StationId
from runtime.clock import ManualClock
from runtime.threads import inline
from tests.support.waiting import PATIENCE_S

A, B = StationId("a"), StationId("b")
AT = datetime(2026, 1, 5, 12, 0, 0, 250_000, tzinfo=UTC)
BEAT = b'[2,"h1","Heartbeat",{}]'
BEAT_ANSWER = b'[3,"h1",{"currentTime":"2026-01-05T12:00:00Z"}]'
STATUS = b'[2,"s1","StatusNotification",{"connectorId":1}]'


def log_at(path: Path | None, mode: WireLogMode = "without_heartbeats", **more: Any) -> WireLog:
    """A log whose batches are written only when asked: its clock stands still."""
    return WireLog(path, mode, clock=ManualClock(), **more)


def put(log: WireLog, raw: bytes, station_id: StationId = A, way: Direction = Direction.IN) -> int:
    """Record a frame."""
    return log.record(station_id, Epoch(7), way, raw, AT, is_heartbeat=raw in (BEAT, BEAT_ANSWER))


def raws(frames: list[WireFrame]) -> list[bytes]:
    """The frames themselves."""
    return [frame.raw for frame in frames]


async def test_a_frame_comes_back_as_it_went() -> None:
    """Everything that was recorded, from memory alone."""
    log = log_at(None)
    seq = log.record(A, Epoch(3), Direction.OUT, b"[3]", AT)
    assert await log.since(A) == [WireFrame(seq, A, Epoch(3), AT, 0, "out", b"[3]")]
    await log.close()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """Frames name cars and their drivers."""
    file = WireLogFile(tmp_path / "wirelog.db", 1 << 20)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    file.close()
    assert "wirelog.db" in modes
    assert set(modes.values()) == {0o600}


async def test_memory_and_file_are_one_log(tmp_path: Path) -> None:
    """Old frames come from the file, new ones from memory, each once, in order."""
    log = log_at(tmp_path / "w.db", ring_bytes=200)
    sent = [b'[2,"%d","MeterValues",{}]' % number for number in range(50)]
    seqs = [put(log, raw) for raw in sent]
    put(log, b"[2]", B)
    assert len(log.recent(A)) < 10
    assert raws(await log.since(A, 0, 1000)) == sent
    assert raws(await log.since(A, seqs[39], 5)) == sent[40:45]
    assert raws(await log.since(A, None, 3)) == sent[-3:]
    assert await log.since(A, seqs[-1]) == []
    await log.close()


async def test_without_a_thread_it_writes_the_same_file(tmp_path: Path) -> None:
    """On a loop of virtual time the file is written in the loop's own thread."""
    log = WireLog(tmp_path / "w.db", clock=ManualClock(), threads=inline)
    before = threading.active_count()
    put(log, STATUS)
    await log.flush()
    log.close_taps()
    assert log.queued_bytes == 0
    assert threading.active_count() == before
    await log.close()
    later = log_at(tmp_path / "w.db")
    assert raws(await later.since(A)) == [STATUS]
    await later.close()


@pytest.mark.held_before("frames were written one by one")
@pytest.mark.parametrize("count", [1, 63, 64, 131])
async def test_any_number_of_frames_is_written(tmp_path: Path, count: int) -> None:
    """Many to a statement, the rest one by one; all in order."""
    log = log_at(tmp_path / "w.db", ring_bytes=200)
    sent = [b'[2,"%d","MeterValues",{}]' % number for number in range(count)]
    for raw in sent:
        put(log, raw)
    await log.flush()
    assert raws(await log.since(A, 0, 1000)) == sent
    await log.close()


async def test_a_frame_longer_than_the_ring_is_found_in_the_file(tmp_path: Path) -> None:
    """It leaves memory at once, and order holds."""
    log = log_at(tmp_path / "w.db", ring_bytes=100)
    long = b'[2,"%b","NotifyReport",{}]' % (b"x" * 300)
    for raw in (STATUS, long, STATUS):
        put(log, raw)
    assert raws(log.recent(A)) == [STATUS]
    assert raws(await log.since(A, 0)) == [STATUS, long, STATUS]
    await log.close()


@pytest.mark.parametrize(
    ("mode", "kept"),
    [
        ("all", [BEAT, BEAT_ANSWER, STATUS]),
        ("without_heartbeats", [STATUS]),
        ("off", []),
    ],
)
async def test_modes_concern_the_file_alone(tmp_path: Path, mode: WireLogMode, kept: list[bytes]) -> None:
    """Memory and taps see every frame in every mode."""
    log = log_at(tmp_path / "w.db", mode)
    with log.tap(A) as live:
        put(log, BEAT)
        put(log, BEAT_ANSWER, way=Direction.OUT)
        put(log, STATUS)
        assert raws(live.pending()) == [BEAT, BEAT_ANSWER, STATUS]
    assert raws(log.recent(A)) == [BEAT, BEAT_ANSWER, STATUS]
    await log.close()
    again = log_at(tmp_path / "w.db", mode)
    assert raws(await again.since(A, 0)) == kept
    await again.close()


async def test_numbers_grow_over_restarts(tmp_path: Path) -> None:
    """Also over heartbeats that no file knows, and over a process that was killed."""
    log = log_at(tmp_path / "w.db")
    last = [put(log, BEAT) for _ in range(10)][-1]
    killed = WireLogFile(tmp_path / "w.db", 1 << 20)  # what the next process sees while nobody closed the log
    assert killed.promised_seq() >= last
    killed.close()
    await log.close()
    again = log_at(tmp_path / "w.db", "off")
    assert put(again, BEAT) > last
    await again.close()


async def test_numbers_are_promised_before_they_are_used_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that hands out more than one block stays ahead of itself in the file."""
    monkeypatch.setattr(module, "SEQ_BLOCK", 10)
    log = log_at(tmp_path / "w.db", "off")
    for _ in range(100):
        put(log, BEAT)
        await log.flush()
        reader = WireLogFile(tmp_path / "w.db", 1 << 20)
        assert reader.promised_seq() >= log.last_seq
        reader.close()
    await log.close()


async def test_what_the_disk_cannot_take_is_dropped_and_counted(tmp_path: Path) -> None:
    """The queue has a limit; memory keeps on showing what is new."""
    log = log_at(tmp_path / "w.db", queue_bytes=10 * (len(STATUS) + HEADER_BYTES))
    for _ in range(25):
        put(log, STATUS)
    assert log.dropped == 15
    assert log.queued_bytes <= 10 * (len(STATUS) + HEADER_BYTES)
    await log.flush()
    assert log.queued_bytes == 0
    put(log, STATUS)
    assert log.dropped == 15
    await log.close()


async def test_batches_are_written_by_the_clock(tmp_path: Path) -> None:
    """Nobody has to ask."""
    clock = ManualClock()
    log = WireLog(tmp_path / "w.db", clock=clock)
    put(log, STATUS)
    assert log.queued_bytes > 0
    await clock.advance(module.FLUSH_S)
    await log.flush()
    assert count(tmp_path / "w.db") == 1
    await log.close()


async def test_the_oldest_frames_go_when_the_file_is_full(tmp_path: Path) -> None:
    """The file stays below its limit, and the newest frame stays in it."""
    log = log_at(tmp_path / "w.db", max_mib=1)
    for number in range(600):
        put(log, b'[2,"%d","%b",{}]' % (number, b"x" * 4000))
        if number % 50 == 0:
            await log.flush()
    await log.flush()
    assert 100 < count(tmp_path / "w.db") < 300
    assert (await log.since(A, 0, 1000))[-1].raw.startswith(b'[2,"599"')
    await log.close()
    assert (tmp_path / "w.db").stat().st_size < 2 << 20


def count(path: Path) -> int:
    """Frames in a file, read by another connection."""
    with sqlite3.connect(path) as db:
        rows: tuple[int] = db.execute("SELECT count(*) FROM frames").fetchone()
    db.close()
    return rows[0]


@pytest.mark.parametrize("content", [b"this is no database" * 100, b""])
async def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    """The log is disposable: the server starts."""
    (tmp_path / "w.db").write_bytes(content)
    log = log_at(tmp_path / "w.db")
    put(log, STATUS)
    await log.flush()
    assert count(tmp_path / "w.db") == 1
    await log.close()


async def test_a_file_that_cannot_be_made_costs_only_history(tmp_path: Path) -> None:
    """Frames stay in memory."""
    (tmp_path / "file").write_text("")
    log = log_at(tmp_path / "file" / "w.db")
    put(log, STATUS)
    assert raws(await log.since(A, 0)) == [STATUS]
    await log.close()


async def test_a_write_that_fails_is_counted_and_harms_nobody(tmp_path: Path) -> None:
    """The table is gone under our feet: recording goes on."""
    log = log_at(tmp_path / "w.db")
    with sqlite3.connect(tmp_path / "w.db") as db:
        db.execute("DROP TABLE frames")
    db.close()
    put(log, STATUS)
    await log.flush()
    assert log.dropped == 1
    assert log.queued_bytes == 0
    assert raws(log.recent(A)) == [STATUS]
    await log.close()


async def test_a_tap_sees_its_station_and_ends(tmp_path: Path) -> None:
    """Closing the log ends live views; what had arrived is still read."""
    log = log_at(tmp_path / "w.db")
    with log.tap(A) as live, log.tap(A) as other:
        put(log, STATUS)
        put(log, BEAT, B)
        await log.close()
        async with asyncio.timeout(PATIENCE_S):
            assert [frame.raw async for frame in live] == [STATUS]
            assert [frame.raw async for frame in other] == [STATUS]


async def test_a_tap_that_nobody_reads_is_bounded() -> None:
    """It knows how many it lost."""
    log = log_at(None)
    with log.tap(A, limit=5) as live:
        for _ in range(8):
            put(log, STATUS)
        assert len(live.pending()) == 5
        assert live.dropped == 3
    put(log, STATUS)
    with log.tap(A) as live:
        put(log, BEAT)
        assert raws(live.pending()) == [BEAT]
    await log.close()


async def test_invented_stations_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest station's ring goes, with its live views."""
    monkeypatch.setattr(module, "RINGS_LIMIT", 3)
    log = log_at(None)
    with log.tap(A) as live:
        for number in range(5):
            put(log, STATUS, StationId(f"s{number}"))
        assert await live.next() is None
    assert log.recent(A) == []
    assert raws(log.recent(StationId("s4"))) == [STATUS]
    await log.close()


async def test_after_closing_frames_are_still_numbered(tmp_path: Path) -> None:
    """Links close after the log has: they must not fail."""
    log = log_at(tmp_path / "w.db")
    first = put(log, STATUS)
    await log.close()
    await log.close()
    assert put(log, STATUS) == first + 1
    assert raws(await log.since(A)) == [STATUS, STATUS]


@given(
    frames=st.lists(st.tuples(st.sampled_from([A, B]), st.binary(max_size=120)), max_size=60),
    limit=st.integers(0, 400),
)
def test_a_ring_is_bounded_ordered_and_says_what_it_lacks(
    frames: list[tuple[StationId, bytes]], limit: int
) -> None:
    """Whatever comes: at most `limit` bytes, a suffix of what was added, all of it after trimmed_seq."""
    ring = Ring()
    added: list[tuple[int, bytes]] = []
    for seq, (station_id, raw) in enumerate(frames, 1):
        ring.add((seq, station_id, 1, 0.0, 0, 0, raw), limit)
        added.append((seq, raw))
        assert len(ring) <= limit
    kept = [(frame.seq, frame.raw) for frame in ring.frames(A)]
    assert kept == [each for each in added if each[0] > ring.trimmed_seq]


async def test_a_listener_gets_every_frame_until_it_leaves() -> None:
    """Of its station alone, heartbeats too; another listener of the same goes on."""
    log = log_at(None)
    first: list[WireFrame] = []
    second: list[WireFrame] = []
    leave = log.listen(A, first.append)
    leave_second = log.listen(A, second.append)
    put(log, BEAT)
    put(log, STATUS, B)
    leave()
    leave()
    put(log, BEAT_ANSWER, way=Direction.OUT)
    leave_second()
    put(log, STATUS)
    assert raws(first) == [BEAT]
    assert raws(second) == [BEAT, BEAT_ANSWER]
    await log.close()
