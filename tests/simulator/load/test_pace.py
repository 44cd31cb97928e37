"""When messages leave: a closed loop follows the answers, a fixed rate its own times."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.clock import ManualClock
from simulator.load.pace import ClosedLoop, FixedRate
from tests.support.examples import examples


class Sending:
    """A station that remembers when each of its messages should have gone and went."""

    def __init__(self, number: int, clock: ManualClock) -> None:
        self.number = number
        self.is_idle = True
        self.sent: list[tuple[float, float]] = []
        self._clock = clock

    def send_next(self, intended_at: float) -> None:
        self.sent.append((intended_at, self._clock.monotonic()))
        self.is_idle = False


def fleet(count: int, clock: ManualClock) -> list[Sending]:
    return [Sending(number, clock) for number in range(count)]


def intended(stations: Sequence[Sending]) -> list[float]:
    return sorted(at for station in stations for at, _ in station.sent)


def answer(pace: ClosedLoop | FixedRate, station: Sending, clock: ManualClock) -> None:
    station.is_idle = True
    pace.freed(station, clock.monotonic())


async def test_closed_loop_sends_when_answered() -> None:
    """And never before; a station that is not ready is left alone."""
    clock = ManualClock()
    stations = fleet(2, clock)
    stations[1].is_idle = False
    pace = ClosedLoop(clock)
    pace.start(stations)
    assert [len(station.sent) for station in stations] == [1, 0]
    await clock.advance(5)
    answer(pace, stations[0], clock)
    assert stations[0].sent == [(0.0, 0.0), (5.0, 5.0)]
    pace.stop()
    answer(pace, stations[0], clock)
    assert len(stations[0].sent) == 2
    assert pace.owed == 0


async def test_fixed_rate_takes_the_stations_in_turn() -> None:
    """Ten a second over four stations: one every tenth of a second, each station every 0.4 s."""
    clock = ManualClock()
    lags: list[float] = []
    stations = fleet(4, clock)
    pace = FixedRate(10.0, clock, lags.append)
    pace.start(stations)
    for _ in range(10):
        await clock.advance(0.1)
        for station in stations:
            if not station.is_idle:
                answer(pace, station, clock)
    pace.stop()
    assert intended(stations) == pytest.approx([number / 10 for number in range(len(intended(stations)))])
    assert len(intended(stations)) in (10, 11)
    assert [at for at, _ in stations[1].sent] == pytest.approx([0.1, 0.5, 0.9])
    assert pace.owed == 0
    assert len(lags) == len(intended(stations))
    assert all(-1e-9 <= lag <= 0.0011 for lag in lags), "the tick is a millisecond"


async def test_stalled_server_does_not_stop_the_clock() -> None:
    """What was due during a stall goes out after it, and its latency counts from when it was due."""
    clock = ManualClock()
    lags: list[float] = []
    (station,) = stations = fleet(1, clock)
    pace = FixedRate(10.0, clock, lags.append)
    pace.start(stations)
    await clock.advance(1.05)
    assert station.sent == [(0.0, 0.0)]
    assert pace.owed == 10
    pace.stop()
    for _ in range(10):
        answer(pace, station, clock)
    assert [at for at, _ in station.sent] == pytest.approx([number / 10 for number in range(11)])
    assert [went for _, went in station.sent[1:]] == [1.05] * 10
    assert lags == [0.0], "the server was late, not this program"
    answer(pace, station, clock)
    assert len(station.sent) == 11, "nothing was due after the end"
    assert pace.owed == 0
    assert clock.waiting == 0


async def test_what_became_due_since_the_last_tick_is_not_forgotten() -> None:
    """A program that was held up until the end still sends all that was due."""

    class HeldUp(ManualClock):
        """Its timers never fire."""

        def monotonic(self) -> float:
            return held_until

    held_until = 0.0
    clock, lags = HeldUp(), list[float]()
    stations = fleet(10, clock)
    pace = FixedRate(10.0, clock, lags.append)
    pace.start(stations)
    held_until = 0.55
    pace.stop()
    assert intended(stations) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert max(lags) == pytest.approx(0.45)
    pace.stop()
    assert len(intended(stations)) == 6


async def test_what_a_lost_station_owes_is_owed() -> None:
    """A station without a connection sends nothing; the report says how much was due."""
    clock = ManualClock()
    lags: list[float] = []
    stations = fleet(2, clock)
    stations[1].is_idle = False
    pace = FixedRate(10.0, clock, lags.append)
    pace.start(stations)
    for _ in range(10):
        await clock.advance(0.1)
        answer(pace, stations[0], clock)
    pace.stop()
    assert stations[1].sent == []
    assert pace.owed == 5


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(1, 7), st.floats(1.0, 400.0), st.lists(st.integers(0, 6), max_size=40))
async def test_every_message_is_sent_once_and_in_order(count: int, rate: float, answers: list[int]) -> None:
    """However the answers fall: each station's messages have its own due times, in order, none early."""
    clock = ManualClock()
    lags: list[float] = []
    stations = fleet(count, clock)
    pace = FixedRate(rate, clock, lags.append)
    pace.start(stations)
    for who in answers:
        await clock.advance(0.01)
        station = stations[who % count]
        if not station.is_idle:
            answer(pace, station, clock)
    pace.stop()
    for station in stations:
        due = [(station.number + turn * count) / rate for turn in range(len(station.sent))]
        assert [at for at, _ in station.sent] == pytest.approx(due)
        assert all(went >= at - 1e-9 for at, went in station.sent)


class Broken(Sending):
    """A station that raises instead of sending."""

    def send_next(self, intended_at: float) -> None:
        raise RuntimeError("boom")


@pytest.mark.parametrize("kind", ["closed loop", "fixed rate"])
async def test_a_station_that_raises_stops_nobody_elses_pace(kind: str) -> None:
    """One timer, one start for all: the others send as if it were not there (ADR 0009)."""
    clock = ManualClock()
    stations: list[Sending] = [Broken(0, clock), Sending(1, clock), Sending(2, clock)]
    pace = ClosedLoop(clock) if kind == "closed loop" else FixedRate(3.0, clock, lambda _: None)
    pace.start(stations)
    for _ in range(5):
        await clock.advance(1)
        for station in stations[1:]:
            if not station.is_idle:
                answer(pace, station, clock)
    assert min(len(station.sent) for station in stations[1:]) >= 4
    pace.stop()
