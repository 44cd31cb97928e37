"""Virtual time: nothing waits, and everything happens in the order of its time."""

import asyncio

import pytest

from runtime.virtual_time import BEGIN, NothingWillHappenError, VirtualClock, VirtualLoop, run_virtual


def test_a_day_passes_at_once_and_in_order() -> None:
    """Timers run by their time, whoever was first."""
    seen: list[tuple[str, float]] = []

    async def main(loop: VirtualLoop) -> None:
        clock = VirtualClock(loop)
        clock.call_later(10, lambda: seen.append(("later", clock.monotonic())))
        clock.call_later(5, lambda: seen.append(("sooner", clock.monotonic())))
        await clock.sleep(86_400)
        assert (clock.now() - BEGIN).total_seconds() == pytest.approx(86_400)
        assert clock.unscaled is clock

    run_virtual(main)
    assert seen == [("sooner", 5.0), ("later", 10.0)]


def test_a_timeout_is_virtual_too() -> None:
    """It ends what would take longer."""

    async def main(loop: VirtualLoop) -> None:
        clock = VirtualClock(loop)
        with pytest.raises(TimeoutError):
            async with clock.timeout(3):
                await clock.sleep(4)
        assert clock.monotonic() == pytest.approx(3)

    run_virtual(main)


def test_waiting_for_nothing_is_an_error() -> None:
    """Instead of waiting for ever."""

    async def main(_loop: VirtualLoop) -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingWillHappenError):
        run_virtual(main)
