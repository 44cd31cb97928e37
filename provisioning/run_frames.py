"""`RunFrames`: every frame of a station while its power-up run is open, chained as it comes.

Frames come from the wire log's own door, in which none is left out, with their secrets masked. A chain lives
in this process: a run that outlives it, or that grows beyond what one run may hold, says that frames may be
missing. What is kept in the end is the file (`charging.certificate.chain`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from charging.certificate.chain import ChainedFrame, FrameChain, FrameSender, frames_file
from charging.certificate.document import CertifiedFrames
from charging.certificate.signing import instant_spelling
from ocppj.vocabulary import StationId
from runtime.clock import Clock

RUN_BYTES = 4 << 20
"""Text of the frames of one run; what comes later is not in its chain, and the certificate says so."""
OPEN_RUNS = 100
"""Runs that are followed at once: the oldest, which nobody ended, is left first."""
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class RunFrame:
    """A frame as it went over the wire, secrets masked. `monotonic_us` is of a clock that nobody sets."""

    sender: FrameSender
    at: datetime
    monotonic_us: int
    raw: bytes = field(repr=False)


Listen = Callable[[StationId, Callable[[RunFrame], None]], Callable[[], None]]
"""Calls back with every frame of a station from now on, until what it returns is called."""


@dataclass(frozen=True, slots=True)
class KeptFrames:
    """What a run's certificate says of its frames, and their file."""

    certified: CertifiedFrames
    file: bytes = field(repr=False)


def no_frames(station_id: StationId, listener: Callable[[RunFrame], None]) -> Callable[[], None]:  # noqa: ARG001 - a Listen
    """Until the wiring knows better."""
    return lambda: None


class RunFrames:
    """The chains of the runs that are open here, by run. The two callables are given by the wiring."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, _Followed] = {}
        self.listen: Listen = no_frames
        self.sees_all: Callable[[], bool] = lambda: True
        """Whether no other process may hold a link of the station."""

    def begin(self, run_id: str, station_id: StationId) -> None:
        """Take every frame of the station from now on; an earlier run of it is left."""
        self._follow(run_id, station_id, is_whole=True)

    def resume(self, run_id: str, station_id: StationId) -> None:
        """The same for a run that an earlier process began: what came until then is gone."""
        if run_id not in self._open:
            self._follow(run_id, station_id, is_whole=False)

    def kept(self, run_id: str, station_id: StationId) -> KeptFrames:
        """What came until now."""
        self.resume(run_id, station_id)
        return self._open[run_id].kept(sees_all=self.sees_all())

    def leave(self, run_id: str) -> None:
        """Take no more of a run: it has ended."""
        followed = self._open.pop(run_id, None)
        if followed is not None:
            followed.leave()

    def _follow(self, run_id: str, station_id: StationId, *, is_whole: bool) -> None:
        before = [each for each, open_run in self._open.items() if open_run.station_id == station_id]
        if len(self._open) - len(before) >= OPEN_RUNS:
            before.append(next(iter(self._open)))
        for each in before:
            self._open.pop(each).leave()
        began_us = round(self._clock.monotonic() * MICROSECONDS)
        followed = _Followed(run_id, station_id, began_us, is_whole=is_whole)
        followed.leave = self.listen(station_id, followed.receive)
        self._open[run_id] = followed


class _Followed:
    """One run, as it grows."""

    def __init__(self, run_id: str, station_id: StationId, began_us: int, *, is_whole: bool) -> None:
        self.station_id = station_id
        self.leave: Callable[[], None] = lambda: None
        self._chain = FrameChain(run_id, station_id)
        self._frames: list[ChainedFrame] = []
        self._began_us = began_us
        self._bytes = 0
        self._is_whole = is_whole

    def receive(self, frame: RunFrame) -> None:
        """The next one. A frame that was read while the run began counts from its beginning."""
        self._bytes += len(frame.raw)
        if self._bytes > RUN_BYTES:
            self._is_whole = False
            return
        us = max(frame.monotonic_us - self._began_us, 0)
        text = frame.raw.decode("utf-8", "backslashreplace")
        self._frames.append(self._chain.add(frame.sender, instant_spelling(frame.at), us, text))

    def kept(self, *, sees_all: bool) -> KeptFrames:
        """As the certificate says it."""
        tap = "server" if self._is_whole and sees_all else "wire_log"
        certified = CertifiedFrames(self._chain.head, self._chain.count, tap)  # type: ignore[arg-type] # its two words
        return KeptFrames(certified, frames_file(self._chain.start, self._frames))
