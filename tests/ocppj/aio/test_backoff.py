"""Reconnect delays: doubled after each failure as often as configured, with chance added anew each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.aio.backoff import BACK_OFF_V16, BACK_OFF_V201, BackOff, default_back_off


def test_delay_doubles_until_repeat_times() -> None:
    """OCPP 2.0.1 part 4 §5.3."""
    back_off = BackOff(wait_minimum_s=10, random_range_s=0, repeat_times=3)
    assert [back_off.delay_s(failures, 0.7) for failures in range(6)] == [10, 20, 40, 80, 80, 80]


def test_chance_is_added_not_doubled() -> None:
    """A new random value of at most RetryBackOffRandomRange at every attempt."""
    back_off = BackOff(wait_minimum_s=10, random_range_s=5, repeat_times=3)
    assert [back_off.delay_s(2, chance) for chance in (0, 0.5, 1)] == [40, 42.5, 45]


def test_tc_b_57_no_repeat_keeps_the_minimum() -> None:
    """RetryBackOffRepeatTimes 0: never doubled."""
    assert BackOff(10, 0, 0).delay_s(9, 0) == 10


@given(st.integers(-5, 10_000), st.floats(0, 1))
def test_delay_stays_within_its_bounds(failures: int, chance: float) -> None:
    """Also after weeks of failures."""
    bound = 30 * 2**5 + 30
    assert 30 <= BACK_OFF_V201.delay_s(failures, chance) <= bound


@pytest.mark.parametrize(
    ("subprotocol", "back_off"),
    [("ocpp1.6", BACK_OFF_V16), ("ocpp2.0.1", BACK_OFF_V201), ("ocpp2.1", BACK_OFF_V201)],
)
def test_version_chooses_the_default(subprotocol: str, back_off: BackOff) -> None:
    """1.6 prescribes none; ours is milder."""
    assert default_back_off(subprotocol) is back_off
