"""The chain of a run's frames: each hashes the one before it, the first one run and station. Pure.

The file of the frames is JSON Lines: a head that names run and station, then a line for each frame with its
number, its hash and all that was hashed. Every line has the one spelling of RFC 8785.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

import msgspec

from charging.certificate.document import Certificate, canonical
from charging.certificate.reasons import CertificateRefusal, RefusalReason

T = TypeVar("T")
FrameSender = Literal["station", "csms"]


class ChainStart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: Literal["borne-frames/1"]
    run: str
    station: str


class ChainedFrame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One frame: its number from 1, sender, wall time, µs of a clock that never goes back, and text."""

    n: int
    sender: FrameSender
    at: str
    us: int
    raw: str
    hash: str


class FrameChain:
    """Grows with each frame. `head` is the hash of the last link, in hex."""

    def __init__(self, run_id: str, station_id: str) -> None:
        self.start = ChainStart("borne-frames/1", run_id, station_id)
        self.head = _digest(self.start)
        self.count = 0

    def add(self, sender: FrameSender, at: str, us: int, raw: str) -> ChainedFrame:
        """The next frame as it stands in the file. Raises ValueError for a text with half a character."""
        self.head = link(self.head, sender, at, us, raw)
        self.count += 1
        return ChainedFrame(self.count, sender, at, us, raw, self.head)


def link(before: str, sender: FrameSender, at: str, us: int, raw: str) -> str:
    """The hash of a frame that follows the link `before`."""
    return _digest([before, sender, at, us, raw])


def _digest(content: object) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def frames_file(start: ChainStart, frames: Iterable[ChainedFrame]) -> bytes:
    """The bytes of the file."""
    return b"".join(canonical(each) + b"\n" for each in (start, *frames))


def refused_frames(certificate: Certificate, text: bytes) -> list[CertificateRefusal]:
    """What is wrong with a file of frames as the certificate's: nothing, or the first thing."""
    lines = text.split(b"\n")
    if lines.pop() or not lines:
        return [CertificateRefusal(RefusalReason.FRAMES_UNREADABLE, line=len(lines) + 1)]
    start = _read(lines[0], ChainStart)
    if start is None:
        return [CertificateRefusal(RefusalReason.FRAMES_UNREADABLE, line=1)]
    if start.station != certificate.station.station_id:
        return [CertificateRefusal(RefusalReason.FRAMES_OF_ANOTHER_STATION, station=start.station)]
    if start.run != certificate.run.id:
        return [CertificateRefusal(RefusalReason.FRAMES_OF_ANOTHER_RUN, run=start.run)]
    return _refused_links(certificate, start, lines[1:])


def _refused_links(
    certificate: Certificate, start: ChainStart, lines: Sequence[bytes]
) -> list[CertificateRefusal]:
    chain = FrameChain(start.run, start.station)
    for number, line in enumerate(lines, 1):
        frame = _read(line, ChainedFrame)
        if frame is None:
            return [CertificateRefusal(RefusalReason.FRAMES_UNREADABLE, line=number + 1)]
        if frame.n != number:
            return [CertificateRefusal(RefusalReason.FRAME_LEFT_OUT, frame=number)]
        if chain.add(frame.sender, frame.at, frame.us, frame.raw).hash != frame.hash:
            return [CertificateRefusal(RefusalReason.FRAME_CHANGED, frame=number)]
    wanted = certificate.frames
    if chain.count < wanted.count:
        return [CertificateRefusal(RefusalReason.FRAMES_MISSING, found=chain.count, wanted=wanted.count)]
    if chain.count > wanted.count:
        return [CertificateRefusal(RefusalReason.FRAMES_ADDED, found=chain.count, wanted=wanted.count)]
    return [] if chain.head == wanted.head else [CertificateRefusal(RefusalReason.CHAIN_OF_OTHERS)]


def _read(line: bytes, kind: type[T]) -> T | None:
    """A line in its one spelling; None for any other."""
    try:
        found = msgspec.json.decode(line, type=kind)
        return found if canonical(found) == line else None
    except (ValueError, RecursionError):
        return None
