"""Whether a limit is kept: at once, later, never; with brute force beside it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.obeying import TIME_TO_OBEY, LimitStep, Obedience, most_tolerated, obedience

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def steps(*pairs: tuple[float, float | None]) -> list[LimitStep]:
    """Limits since seconds after noon."""
    return [LimitStep(at(since), watts) for since, watts in pairs]


@pytest.mark.parametrize(
    ("limits", "power_w", "seconds", "expected"),
    [
        (steps((0, 10_000)), 10_000, 120, Obedience.OBEYED),
        (steps((0, 10_000)), 11_150, 120, Obedience.OBEYED),
        (steps((0, 10_000)), 11_151, 120, Obedience.EXCEEDED),
        (steps((0, 10_000)), 22_000, 60, Obedience.EXCEEDED),
        (steps((0, 10_000)), 22_000, 59, Obedience.UNSAID),
        (steps((0, 10_000)), 22_000, -1, Obedience.UNSAID),
        (steps((0, 22_000), (100, 5_000)), 22_000, 120, Obedience.OBEYED),
        (steps((0, 22_000), (100, 5_000)), 22_000, 160, Obedience.EXCEEDED),
        (steps((0, 5_000), (100, 22_000)), 22_000, 110, Obedience.OBEYED),
        (steps((0, None), (100, 5_000)), 22_000, 120, Obedience.UNSAID),
        (steps((0, 5_000), (100, None)), 22_000, 120, Obedience.UNSAID),
        (steps((0, 0.0)), 100, 120, Obedience.OBEYED),
        (steps((0, 0.0)), 3_000, 120, Obedience.EXCEEDED),
        ([], 3_000, 120, Obedience.UNSAID),
    ],
)
def test_by_what_was_allowed_lately(
    limits: list[LimitStep], power_w: float, seconds: float, expected: Obedience
) -> None:
    """The highest limit of the last minute counts."""
    assert obedience(limits, power_w, at(seconds)) is expected


def test_what_was_not_metered_says_nothing() -> None:
    """Neither a reading without its time."""
    assert obedience(steps((0, 1.0)), None, NOON) is Obedience.UNSAID
    assert obedience(steps((0, 1.0)), 9_999.0, None) is Obedience.UNSAID


_limits = st.lists(st.tuples(st.integers(0, 300), st.none() | st.floats(0, 22_000)), max_size=6)


@given(_limits, st.floats(0, 44_000), st.integers(0, 400))
def test_it_is_what_a_look_at_every_second_finds(
    pairs: list[tuple[int, float | None]], power_w: float, seconds: int
) -> None:
    """Brute force: who stays below what was allowed at any second of the minute before is never blamed, who
    is far above all of them always is.
    """
    limits = steps(*sorted(dict(pairs).items()))
    window = [at(second) for second in range(seconds - int(TIME_TO_OBEY.total_seconds()), seconds + 1)]
    allowed = [[step.watts for step in limits if step.since <= moment][-1:] for moment in window]
    flat = [each[0] if each else None for each in allowed]
    known = [each for each in flat if each is not None]
    found = obedience(limits, power_w, at(seconds))
    if len(known) < len(flat):
        assert found is Obedience.UNSAID
    else:
        assert found is (Obedience.EXCEEDED if power_w > most_tolerated(max(known)) else Obedience.OBEYED)
