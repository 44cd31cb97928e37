"""The frames of open runs: all of a station's, in a chain; and it is said where some may be missing."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace as changed

from charging.certificate.chain import FrameSender, refused_frames
from ocppj.vocabulary import StationId
from provisioning import run_frames
from provisioning.run_frames import OPEN_RUNS, RunFrame, RunFrames
from runtime.clock import ManualClock
from tests.support.certificates import certificate

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
CP1, CP2 = StationId("cp1"), StationId("cp2")


class Wire:
    """Who listens, by station."""

    def __init__(self) -> None:
        self.listeners: dict[StationId, list[Callable[[RunFrame], None]]] = {}

    def listen(self, station_id: StationId, listener: Callable[[RunFrame], None]) -> Callable[[], None]:
        """A `Listen`."""
        self.listeners.setdefault(station_id, []).append(listener)
        return lambda: self.listeners[station_id].remove(listener)

    def goes(self, raw: bytes, station_id: StationId = CP1, us: int = 5_000_000) -> None:
        """A frame."""
        sender: FrameSender = "station" if raw.startswith(b"[2") else "csms"
        for each in list(self.listeners.get(station_id, ())):
            each(RunFrame(sender, AT, us, raw))


@pytest.fixture
def wire() -> Wire:
    """Nobody listens yet."""
    return Wire()


@pytest.fixture
def frames(wire: Wire) -> RunFrames:
    """Of a server that is alone."""
    made = RunFrames(ManualClock())
    made.listen = wire.listen
    return made


def test_every_frame_of_the_station_is_in_the_chain(frames: RunFrames, wire: Wire) -> None:
    """In its order, none of another's; the file is the certificate's own."""
    frames.begin("r1", CP1)
    frames.begin("r2", CP2)
    wire.goes(b'[2,"1","Heartbeat",{}]')
    wire.goes(b'[2,"9","Heartbeat",{}]', CP2)
    wire.goes(b'[3,"1",{}]', us=5_200_000)
    kept = frames.kept("r1", CP1)
    assert (kept.certified.count, kept.certified.tap) == (2, "server")
    said = changed(certificate("", 0, run="r1", station=CP1), frames=kept.certified)
    assert refused_frames(said, kept.file) == []
    assert b'"us":5200000' in kept.file
    frames.leave("r1")
    frames.leave("r1")
    assert wire.listeners[CP1] == []


def test_a_frame_from_just_before_counts_from_the_beginning(frames: RunFrames, wire: Wire) -> None:
    """It was read from the socket a moment before it was recorded."""
    frames.begin("r1", CP1)
    wire.goes(b"[3]", us=-20)
    assert b'"us":0' in frames.kept("r1", CP1).file


def test_a_run_of_an_earlier_process_says_that_frames_may_be_missing(frames: RunFrames, wire: Wire) -> None:
    """One of this process that is looked at again does not."""
    frames.resume("r0", CP1)
    wire.goes(b"[2]")
    kept = frames.kept("r0", CP1)
    assert (kept.certified.count, kept.certified.tap) == (1, "wire_log")
    assert frames.kept("never", CP2).certified.tap == "wire_log"
    frames.begin("r1", CP1)
    frames.resume("r1", CP1)
    assert frames.kept("r1", CP1).certified.tap == "server"


def test_where_others_may_hold_the_link_it_is_said(frames: RunFrames) -> None:
    """Servers that share a database."""
    frames.begin("r1", CP1)
    frames.sees_all = lambda: False
    assert frames.kept("r1", CP1).certified.tap == "wire_log"


def test_a_run_holds_so_much_and_no_more(
    frames: RunFrames, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before that is a chain still."""
    monkeypatch.setattr(run_frames, "RUN_BYTES", 10)
    frames.begin("r1", CP1)
    for _ in range(3):
        wire.goes(b"[2,123]")
    kept = frames.kept("r1", CP1)
    assert (kept.certified.count, kept.certified.tap) == (1, "wire_log")


def test_the_oldest_of_too_many_is_left(frames: RunFrames, wire: Wire) -> None:
    """And an earlier run of the same station, for which the new one makes room."""
    frames.begin("r1", CP1)
    frames.begin("r2", CP1)
    assert len(wire.listeners[CP1]) == 1
    for number in range(OPEN_RUNS):
        frames.begin(f"o{number}", StationId(f"other{number}"))
    assert wire.listeners[CP1] == []
    assert len(wire.listeners[StationId("other0")]) == 1


def test_before_it_is_wired_nothing_comes() -> None:
    """As in tests of the rest."""
    alone = RunFrames(ManualClock())
    alone.begin("r1", CP1)
    assert alone.kept("r1", CP1).certified.count == 0
    alone.leave("r1")
