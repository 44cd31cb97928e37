"""The wire log: every frame, both ways, raw, in memory and in a file, and live for whoever looks on.

`record` never waits: it copies the frame into the station's ring and puts it on a bounded list that a thread
writes in batches. What does not fit on that list is dropped and counted. Frames come with secrets masked.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import structlog

from csms.central.wire_log_file import SEQ_BLOCK, WireLogFile
from csms.central.wire_log_ring import HEADER_BYTES, Ring, Row, WireFrame, wire_frame
from ocppj.session import Direction
from ocppj.vocabulary import Epoch, StationId
from runtime.clock import Clock, Timer
from runtime.events import EventBus, Subscription
from runtime.threads import Threads, own_thread, run_in

__all__ = ["WireFrame", "WireLog", "WireLogMode"]

WireLogMode = Literal["all", "without_heartbeats", "off"]
FrameListener = Callable[[WireFrame], None]

log = structlog.get_logger("csms.wire_log")

RING_BYTES = 2048
MAX_MIB = 512
QUEUE_BYTES = 16 << 20
"""Frames that wait for the writer; beyond, they are dropped and counted."""
BATCH_BYTES = 1 << 20
"""So much is written at once, without waiting for FLUSH_S."""
FLUSH_S = 0.25
RINGS_LIMIT = 50_000
TAP_LIMIT = 1000
MARKER = 2
"""Its place in WAYS."""
TAP_BYTES = 8 << 20
"""Frames that a live view has not read, beside their number; the oldest go."""
READ_BYTES = 2 << 20
"""Frames read at once, beside their number: a hundred frames of a MiB are more than anybody asked for."""


def _size(frame: WireFrame) -> int:
    return len(frame.raw)


def _fitting(frames: list[WireFrame], most_bytes: int) -> list[WireFrame]:
    """The first ones that come to so many bytes, but at least one."""
    for place, frame in enumerate(frames):
        most_bytes -= _size(frame)
        if most_bytes < 0:
            return frames[: max(1, place)]
    return frames


class WireLog:
    """Records frames. `path` None keeps them in memory only; `mode` concerns the file, never ring and taps.

    Make it in a running loop; `await close()` writes what waits. A file that cannot be opened or written is
    reported in the log and counted in `dropped`: the server goes on.
    """

    def __init__(
        self,
        path: Path | None,
        mode: WireLogMode = "without_heartbeats",
        ring_bytes: int = RING_BYTES,
        max_mib: int = MAX_MIB,
        *,
        clock: Clock,
        threads: Threads = own_thread,
        queue_bytes: int = QUEUE_BYTES,
    ) -> None:
        self.mode = mode
        self.dropped = 0
        """Frames that never reached the file."""
        self._clock = clock
        self._ring_bytes = ring_bytes
        self._queue_bytes = queue_bytes
        self._rings: dict[StationId, Ring] = {}
        self._listeners: dict[StationId, list[FrameListener]] = {}
        self._waiting: list[Row] = []
        self._waiting_bytes = 0
        self._writing_bytes = 0
        self._timer: Timer | None = None
        self._is_closed = False
        self._is_failing = False
        self._thread = threads("wire-log")
        self._seq = 0
        self._file = (
            self._thread.submit(self._open, path, max_mib << 20).result() if path is not None else None
        )
        self._renew_at = self._seq + SEQ_BLOCK // 2
        self._is_writing = self._file is not None and mode != "off"

    def _open(self, path: Path, max_bytes: int) -> WireLogFile | None:
        try:
            file = WireLogFile(path, max_bytes)
            self._seq = file.promised_seq()
            file.promise(self._seq + SEQ_BLOCK)
        except (OSError, sqlite3.Error) as error:
            way_out = "frames stay in memory; check the folder and the disk"
            log.warning("wire_log_unusable", path=str(path), error=str(error), way_out=way_out)
            return None
        return file

    # Recording ----------------------------------------------------------------------------------------

    def record(
        self,
        station_id: StationId,
        epoch: Epoch,
        direction: Direction,
        raw: bytes,
        at: datetime,
        *,
        monotonic_s: float = 0.0,
        is_heartbeat: bool = False,
        is_marker: bool = False,
    ) -> int:
        """Keep a frame; returns its sequence number. Never waits, never raises for the disk."""
        way = MARKER if is_marker else 1 if direction is Direction.OUT else 0
        self._seq = seq = self._seq + 1
        row = (seq, station_id, epoch, at.timestamp(), int(monotonic_s * 1e6), way, raw)
        ring = self._rings.get(station_id)
        if ring is None:
            ring = self._new_ring(station_id, seq - 1)
        ring.add(row, self._ring_bytes)
        if ring.bus is not None:
            self._show(ring, row)
        if self._listeners and station_id in self._listeners:
            for listener in tuple(self._listeners[station_id]):
                listener(wire_frame(row))
        if self._is_writing and not (is_heartbeat and self.mode == "without_heartbeats"):
            self._queue(row)
        if seq >= self._renew_at:
            self._renew()
        return seq

    def mark(self, station_id: StationId, text: str, by: str) -> int:
        """Note something beside the frames of a station: what a person does at it, what a bench measures."""
        raw = json.dumps({"text": text, "by": by}, ensure_ascii=False).encode("utf-8", "backslashreplace")
        at, monotonic_s = self._clock.now(), self._clock.monotonic()
        return self.record(
            station_id, Epoch(0), Direction.IN, raw, at, monotonic_s=monotonic_s, is_marker=True
        )

    @property
    def last_seq(self) -> int:
        """The number of the newest frame of any station."""
        return self._seq

    def queue_age_s(self, now: datetime) -> float:
        """How long the oldest frame has waited for the disk."""
        return max(now.timestamp() - self._waiting[0][3], 0.0) if self._waiting else 0.0

    @property
    def queued_bytes(self) -> int:
        """What waits for the disk, or is being written."""
        return self._waiting_bytes + self._writing_bytes

    def _new_ring(self, station_id: StationId, trimmed_seq: int) -> Ring:
        """Of frames up to `trimmed_seq`, of this station too, only the file may know."""
        if len(self._rings) >= RINGS_LIMIT:  # somebody invents identities: the oldest one is forgotten
            forgotten = self._rings.pop(next(iter(self._rings)))
            if forgotten.bus is not None:
                forgotten.bus.close()
        ring = self._rings[station_id] = Ring()
        ring.trimmed_seq = trimmed_seq
        return ring

    def _show(self, ring: Ring, row: Row) -> None:
        if ring.bus is None or not ring.bus.subscribers:
            ring.bus = None
            return
        ring.bus.publish(wire_frame(row))

    def _queue(self, row: Row) -> None:
        size = len(row[-1]) + HEADER_BYTES
        if self._waiting_bytes + self._writing_bytes + size > self._queue_bytes:
            self.dropped += 1
            return
        self._waiting.append(row)
        self._waiting_bytes += size
        if self._waiting_bytes >= BATCH_BYTES and not self._writing_bytes:
            self._hand_over()
        elif self._timer is None:
            self._timer = self._clock.call_later(FLUSH_S, self._hand_over)

    def _hand_over(self) -> None:
        """Give what waits to the writer's thread."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        rows, self._waiting = self._waiting, []
        size, self._waiting_bytes = self._waiting_bytes, 0
        if not rows or self._is_closed:
            return
        self._writing_bytes += size
        loop = asyncio.get_running_loop()
        self._thread.submit(self._write, rows).add_done_callback(
            lambda done: loop.call_soon_threadsafe(self._written, size, len(rows), done)
        )

    def _write(self, rows: list[Row]) -> None:
        if self._file is not None:
            self._file.write(rows)

    def _written(self, size: int, count: int, done: Future[None]) -> None:
        self._writing_bytes -= size
        error = done.exception()
        if error is not None:
            self.dropped += count
            if not self._is_failing:
                log.warning("wire_log_not_written", error=str(error), frames=count)
        self._is_failing = error is not None
        if self._waiting_bytes >= BATCH_BYTES and not self._writing_bytes:
            self._hand_over()

    def _renew(self) -> None:
        """Promise the file another block of numbers, long before this one is used up."""
        self._renew_at = self._seq + SEQ_BLOCK // 2
        file, until = self._file, self._seq + SEQ_BLOCK
        if file is not None and not self._is_closed:
            self._thread.submit(file.promise, until)

    # Reading ------------------------------------------------------------------------------------------

    def recent(self, station_id: StationId) -> list[WireFrame]:
        """What memory holds of a station, oldest first."""
        ring = self._rings.get(station_id)
        return list(ring.frames(station_id)) if ring is not None else []

    async def since(
        self,
        station_id: StationId,
        seq: int | None = None,
        limit: int = 100,
        most_bytes: int = READ_BYTES,
    ) -> list[WireFrame]:
        """The first `limit` frames after `seq`, or the latest ones without it; oldest first.

        So many as come to `most_bytes`, but at least one where there is one: go on after the last of them.
        Memory is joined with the file, which may lack heartbeats and what was dropped.
        """
        ring = self._rings.get(station_id)
        found = {frame.seq: frame for frame in (ring.frames(station_id) if ring is not None else ())}
        is_complete = seq is not None and ring is not None and seq >= ring.trimmed_seq
        file = self._file
        if file is not None and not is_complete and not self._is_closed:
            self._hand_over()
            for frame in await run_in(self._thread, lambda: file.after(station_id, seq, limit, most_bytes)):
                found.setdefault(frame.seq, frame)
        frames = [found[each] for each in sorted(found) if seq is None or each > seq]
        if seq is None:
            return _fitting(frames[: -limit - 1 : -1], most_bytes)[::-1]
        return _fitting(frames[:limit], most_bytes)

    async def before(self, station_id: StationId, seq: int, limit: int) -> list[WireFrame]:
        """The last `limit` frames before `seq`, oldest first: to name the answers that come after."""
        ring = self._rings.get(station_id)
        found = {frame.seq: frame for frame in (ring.frames(station_id) if ring is not None else ())}
        file = self._file
        if file is not None and not self._is_closed:
            self._hand_over()
            for frame in await run_in(self._thread, lambda: file.before(station_id, seq, limit, READ_BYTES)):
                found.setdefault(frame.seq, frame)
        return [found[each] for each in sorted(found) if each < seq][-limit:]

    async def flush(self) -> None:
        """Return once everything recorded so far is in the file."""
        self._hand_over()
        await run_in(self._thread, lambda: None)
        await asyncio.sleep(0)  # the writer's own callbacks come first

    @contextmanager
    def tap(
        self,
        station_id: StationId,
        limit: int = TAP_LIMIT,
        accepts: Callable[[WireFrame], bool] | None = None,
    ) -> Iterator[Subscription[WireFrame]]:
        """Every frame of a station from now on, heartbeats too. Keeps at most `limit` unread ones, of those
        that `accepts`.
        """
        ring = self._rings.get(station_id)
        if ring is None:  # not `or`: an empty ring counts as false
            ring = self._new_ring(station_id, self._seq)
        if ring.bus is None:
            ring.bus = EventBus()
        with ring.bus.subscribe(limit, accepts, weigh=_size, most_bytes=TAP_BYTES) as frames:
            yield frames

    def listen(self, station_id: StationId, listener: FrameListener) -> Callable[[], None]:
        """Call it with every frame and marker of a station, as each is recorded: nothing is left out,
        whatever else goes on. What it returns ends that. A listener never waits and never raises.
        """
        self._listeners.setdefault(station_id, []).append(listener)

        def leave() -> None:
            left = [each for each in self._listeners.pop(station_id, ()) if each is not listener]
            if left:
                self._listeners[station_id] = left

        return leave

    def close_taps(self) -> None:
        """End every live view, so that streams finish before the server stops."""
        for ring in self._rings.values():
            if ring.bus is not None:
                ring.bus.close()

    async def close(self) -> None:
        """End the live views, write what waits, close the file; harmless when repeated."""
        self.close_taps()
        if self._is_closed:
            return
        await self.flush()
        self._is_closed = True
        file, self._file, self._is_writing = self._file, None, False
        if file is not None:
            await run_in(self._thread, file.close)
        self._thread.shutdown()
