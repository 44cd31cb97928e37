"""How long to wait, and being woken."""

from runtime.clock import ManualClock
from runtime.lifecycle import Background
from simulator.scenario.pace import RunPace, Signal


def test_fast_runs_wait_long_enough_for_people() -> None:
    """At twenty times the pace, a second of the file is a twentieth for this machine: too short to judge."""
    clock = ManualClock()
    assert RunPace(clock).patience_s(2) == 2
    assert RunPace(clock, 20).patience_s(2) == 40
    assert RunPace(clock, 20).patience_s(60) == 100
    assert RunPace(clock, 20).patience_s(600) == 600
    assert RunPace(clock, 0.5).patience_s(2) == 2


async def test_a_bell_wakes_whoever_waits(clock: ManualClock) -> None:
    """Once what they wait for is so; None when the time is up."""
    signal, found = Signal(), dict[str, int]()
    async with Background("waiting") as tasks:
        waiting = tasks.start(signal.until(lambda: found.get("x"), clock, 10))
        late = tasks.start(signal.until(lambda: found.get("y"), clock, 5))
        await clock.advance(1)
        signal.notify()
        await clock.advance(1)
        assert not waiting.done()
        found["x"] = 1
        signal.notify()
        await clock.advance(4)
        assert waiting.done()
        assert await waiting == 1
        assert await late is None
    assert await signal.until(lambda: 5, clock, 0) == 5
    assert clock.waiting == 0
