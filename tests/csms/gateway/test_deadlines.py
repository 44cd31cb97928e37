"""One timer serves all waits, in the order of their time."""

from csms.gateway.deadlines import Deadlines
from runtime.clock import ManualClock


async def test_they_expire_in_order_and_only_once() -> None:
    """An earlier deadline added later rings first."""
    clock = ManualClock()
    deadlines = Deadlines(clock)
    rung: list[str] = []
    deadlines.after(5, lambda: rung.append("five"))
    deadlines.after(2, lambda: rung.append("two"))
    await clock.advance(1.9)
    assert rung == []
    await clock.advance(0.2)
    assert rung == ["two"]
    await clock.advance(10)
    assert rung == ["two", "five"]
    assert len(deadlines) == 0


async def test_a_cancelled_one_never_rings() -> None:
    """Cancelling is harmless at any time."""
    clock = ManualClock()
    deadlines = Deadlines(clock)
    rung: list[int] = []
    first = deadlines.after(1, lambda: rung.append(1))
    second = deadlines.after(2, lambda: rung.append(2))
    first.cancel()
    await clock.advance(3)
    second.cancel()
    assert rung == [2]


async def test_one_may_set_another_while_ringing() -> None:
    """The timer is armed again for what its callbacks ask."""
    clock = ManualClock()
    deadlines = Deadlines(clock)
    rung: list[int] = []
    deadlines.after(1, lambda: deadlines.after(1, lambda: rung.append(1)))
    await clock.advance(1)
    assert rung == []
    await clock.advance(1)
    assert rung == [1]


async def test_closing_forgets_all() -> None:
    """Nothing rings after the gateway is gone."""
    clock = ManualClock()
    deadlines = Deadlines(clock)
    rung: list[int] = []
    deadlines.after(1, lambda: rung.append(1))
    deadlines.close()
    await clock.advance(2)
    assert rung == []
    assert clock.waiting == 0


async def test_one_that_raises_takes_no_other_with_it() -> None:
    """All waits of all stations hang on one timer (ADR 0009): those due with it and after it still ring."""
    clock = ManualClock()
    deadlines = Deadlines(clock)
    rung: list[int] = []

    def fail() -> None:
        raise LookupError("no")

    deadlines.after(1, fail)
    deadlines.after(1, lambda: rung.append(1))
    deadlines.after(5, lambda: rung.append(5))
    await clock.advance(6)
    assert rung == [1, 5]
    assert deadlines.failures == 1
