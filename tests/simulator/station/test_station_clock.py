"""A station's own wall clock."""

from datetime import timedelta

from runtime.clock import ManualClock
from simulator.station.station_clock import StationClock


async def test_first_time_told_counts_either_way(clock: ManualClock) -> None:
    """Back or forth; from then on it runs as the clock does."""
    for ahead in (timedelta(days=-400), timedelta(hours=1)):
        own = StationClock(clock)
        own.set(clock.now() + ahead)
        await clock.advance(10)
        assert own.now() == clock.now() + ahead


async def test_later_ones_only_set_it_forward(clock: ManualClock) -> None:
    """A fast clock is ahead of its central system; going back would tell the same hours twice."""
    own = StationClock(clock)
    told = clock.now()
    own.set(told)
    await clock.advance(3600)
    own.set(told + timedelta(seconds=60))
    assert own.now() == told + timedelta(hours=1)
    own.set(told + timedelta(hours=5))
    assert own.now() == told + timedelta(hours=5)
