"""How far a run is: one number of several processes, and bars only where there is a terminal."""

import io

from rich.console import Console

from simulator.load.plan import LoadPlan
from simulator.load.progress import CONNECTING, FINISHING, RUNNING, LoadProgress, ProgressBars

PLAN = LoadPlan(url="ws://localhost/ocpp", stations=1000, seconds=30.0)


def drawn(*looks: LoadProgress, is_terminal: bool = True) -> str:
    output = io.StringIO()
    console = Console(file=output, force_terminal=is_terminal, width=120)
    with ProgressBars(PLAN, console) as bars:
        for look in looks:
            bars.show(look)
    return output.getvalue()


def test_several_processes_are_as_far_as_the_slowest() -> None:
    """Their counts add up."""
    parts = [
        LoadProgress(RUNNING, 3.0, 10, 10, 100, 1),
        LoadProgress(CONNECTING, 5.0, 7, 6, 0, 0),
        LoadProgress(FINISHING, 1.0, 10, 10, 100, 1),
    ]
    assert LoadProgress.sum_of(parts) == LoadProgress(CONNECTING, 5.0, 27, 26, 200, 2)


def test_bars_show_boots_then_time() -> None:
    """And failures as soon as there are any."""
    text = drawn(
        LoadProgress(CONNECTING, 1.0, 400, 350),
        LoadProgress(RUNNING, 10.0, 1000, 1000, 50_000, 3),
        LoadProgress(FINISHING, 31.0, 1000, 1000, 150_000),
    )
    assert "350 of 1,000 booted, 400 connected" in text
    assert "10 s, 50,000 answers, 5,000/s, 3 failed" in text
    assert "waiting for the last answers" in text


def test_no_bars_in_a_file() -> None:
    """A log of a CI run holds the report only."""
    assert drawn(LoadProgress(RUNNING, 1.0, 1, 1, 1), is_terminal=False).strip() == ""
