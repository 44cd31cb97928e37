"""The last frames of one station in memory, packed into one run of bytes: an idle station must cost little.

A frame takes 37 bytes beside its own; as Python objects it would take about 200.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from ocppj.vocabulary import Epoch, StationId
from runtime.events import EventBus

Way = Literal["in", "out", "marker"]
"""`in`: from the station to us; `out`: from us to the station; `marker`: what somebody noted beside them."""
WAYS: tuple[Way, ...] = ("in", "out", "marker")

Row = tuple[int, str, int, float, int, int, bytes]
"""seq, station id, epoch, seconds since 1970, monotonic microseconds, place in WAYS, frame."""

HEADER = struct.Struct("<QQdQBI")  # the same without the station id, and the length of the frame last
HEADER_BYTES = HEADER.size


@dataclass(frozen=True, slots=True)
class WireFrame:
    """One frame as it went over the wire, secrets masked. `seq` grows over all stations and restarts.

    `monotonic_us` is when its bytes were read from the socket, or given to it, on a clock that nobody sets:
    differences of two frames of one run of the server are exact. The raw text of a marker is a JSON object.
    """

    seq: int
    station_id: StationId
    epoch: Epoch
    at: datetime
    monotonic_us: int
    direction: Way
    raw: bytes = field(repr=False)


def wire_frame(row: Row) -> WireFrame:
    """A frame from its stored form."""
    seq, station_id, epoch, at_s, monotonic_us, way, raw = row
    at = datetime.fromtimestamp(at_s, UTC)
    return WireFrame(seq, StationId(station_id), Epoch(epoch), at, monotonic_us, WAYS[way], raw)


class Ring:
    """Bounded memory of one station's frames. `trimmed_seq`: newest frame that is gone (0: none)."""

    __slots__ = ("_bytes", "bus", "trimmed_seq")

    def __init__(self) -> None:
        self._bytes = b""
        """Made anew for each frame, which 2 KiB are cheap to: a bytearray keeps an eighth more than it holds,
        and that is 0.3 KiB of every idle station."""
        self.trimmed_seq = 0
        self.bus: EventBus[WireFrame] | None = None
        """Who looks on, live."""

    def add(self, row: Row, limit: int) -> None:
        """Keep a frame, and let the oldest go until all fit into `limit` bytes."""
        seq, _, epoch, at_s, monotonic_us, way, raw = row
        kept = self._bytes
        size = len(raw)
        if size + HEADER_BYTES > limit:
            self._bytes = b""
            self.trimmed_seq = seq
            return
        excess, gone = len(kept) + HEADER_BYTES + size - limit, 0
        while gone < excess:
            header = HEADER.unpack_from(kept, gone)
            self.trimmed_seq = header[0]
            gone += HEADER_BYTES + header[5]
        self._bytes = kept[gone:] + (HEADER.pack(seq, epoch, at_s, monotonic_us, way, size) + raw)

    def frames(self, station_id: StationId) -> Iterator[WireFrame]:
        """What is kept, oldest first."""
        kept, offset = self._bytes, 0
        while offset < len(kept):
            seq, epoch, at_s, monotonic_us, way, size = HEADER.unpack_from(kept, offset)
            offset += HEADER_BYTES + size
            raw = kept[offset - size : offset]
            yield wire_frame((seq, station_id, epoch, at_s, monotonic_us, way, raw))

    def __len__(self) -> int:
        """Bytes held."""
        return len(self._bytes)
