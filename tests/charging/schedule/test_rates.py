"""charging.schedule.rates: amperes for each phase, watts for all of them."""

import math

import pytest

from charging.schedule.rates import NO_LIMIT, FlowRate, Supply, rate_of
from tests.charging.schedule.profiles import Period

THREE, ONE, DC = Supply(22_080.0), Supply(7_360.0, phases=1), Supply(150_000.0, voltage_v=400, is_dc=True)


@pytest.mark.parametrize(
    ("period", "unit", "supply", "amperes", "watts"),
    [
        (Period(0, 16), "A", THREE, 16, 11_040),  # K01.FR.49: three phases, K01.FR.51: each of them
        (Period(0, 16, 1), "A", THREE, 16, 3_680),
        (Period(0, 11_040), "W", THREE, 16, 11_040),  # K01.FR.50
        (Period(0, 3_680, 1), "W", THREE, 16, 3_680),
        (Period(0, 3_680, 3), "W", ONE, 16, 3_680),  # 1.6 errata 3.34: the limit stays
        (Period(0, 0), "A", THREE, 0, 0),
        (Period(0, -5), "A", THREE, 0, 0),
        (Period(0, 10, limit_l2=8, limit_l3=6), "A", THREE, 6, 4_140),
        (Period(0, 1_000, limit_l2=2_000, limit_l3=450), "W", THREE, 5, 3_450),
        (Period(0, 40_000, 1), "W", DC, 100 / 3, 40_000),  # K01.FR.44
    ],
)
def test_a_limit_in_the_other_unit(
    period: Period, unit: str, supply: Supply, amperes: float, watts: float
) -> None:
    """Both ways."""
    found = rate_of(period, unit, supply)
    assert found.amperes(supply.voltage_v) == pytest.approx(amperes)
    assert found.watts(supply.voltage_v) == pytest.approx(watts)


def test_a_period_without_a_limit_limits_phases_alone() -> None:
    """2.1: some modes need none."""
    assert rate_of(Period(0, None, 1), "A", THREE) == FlowRate(math.inf, math.inf, 1)


def test_of_two_limits_both_are_kept() -> None:
    """The fewest phases too (2.1 §3.8)."""
    both = FlowRate(11_000, math.inf, 3).lowest(FlowRate(math.inf, 20, 1))
    assert both == FlowRate(11_000, 20, 1)
    assert both.within(230) == FlowRate(4_600, 20, 1)
    assert NO_LIMIT.lowest(THREE.at_most) == FlowRate(22_080, 32, 3)


def test_what_comes_on_top() -> None:
    """Of both."""
    assert FlowRate(1_000, 5, 1).plus(FlowRate(500, 2, 3)) == FlowRate(1_500, 7, 3)


def test_limits_are_rounded_down_to_tenths() -> None:
    """1.6 §7.14; a tenth that is one stays."""
    assert FlowRate(11_000, math.inf, 3).limit("A", 230) == 15.9
    assert FlowRate(math.inf, 8.1, 3).limit("A", 230) == 8.1
    assert FlowRate(11_000.29, math.inf, 3).limit("W", 230) == 11_000.2
