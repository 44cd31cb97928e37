"""The car: its closed form against a numeric integration in small steps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.model.vehicle import Vehicle


def integrate(car: Vehicle, stored_wh: float, seconds: float, limit_w: float, steps: int = 4000) -> float:
    """The oracle: power by its definition in words, summed up by the midpoint rule."""
    last_w = car.max_power_w * car.last_share
    knee_wh = car.battery_wh * car.taper_from
    step_s = seconds / steps

    def taken_w(stored: float) -> float:
        if stored >= car.battery_wh:
            return 0.0
        if stored <= knee_wh:
            return min(limit_w, car.max_power_w)
        share = (stored - knee_wh) / (car.battery_wh - knee_wh)
        return min(limit_w, car.max_power_w + (last_w - car.max_power_w) * share)

    for _ in range(steps):
        middle = stored_wh + taken_w(stored_wh) * step_s / 7200
        stored_wh = min(car.battery_wh, stored_wh + taken_w(middle) * step_s / 3600)
    return stored_wh


CARS = st.builds(
    Vehicle,
    battery_wh=st.floats(5_000, 120_000),
    max_power_w=st.floats(1_000, 150_000),
    arrives_with=st.floats(0, 1),
    taper_from=st.floats(0, 0.98),
)
LIMITS = st.floats(0, 200_000)
TIMES = st.floats(0, 40_000)


@given(CARS, LIMITS, TIMES)
def test_energy_is_the_integral_of_power(car: Vehicle, limit_w: float, seconds: float) -> None:
    """To a thousandth of the battery."""
    exact = car.stored_after(car.arrival_wh, seconds, limit_w)
    assert exact == pytest.approx(integrate(car, car.arrival_wh, seconds, limit_w), abs=car.battery_wh / 1000)


@given(CARS, LIMITS, TIMES, st.floats(0, 1))
def test_energy_does_not_depend_on_how_often_one_looks(
    car: Vehicle, limit_w: float, seconds: float, share: float
) -> None:
    """Two steps give what one gives."""
    whole = car.stored_after(car.arrival_wh, seconds, limit_w)
    first = car.stored_after(car.arrival_wh, seconds * share, limit_w)
    both = car.stored_after(first, seconds * (1 - share), limit_w)
    assert both == pytest.approx(whole, abs=1e-3 + whole * 1e-9)


@given(CARS, LIMITS, TIMES)
def test_battery_only_fills_and_never_overflows(car: Vehicle, limit_w: float, seconds: float) -> None:
    """And takes no more than it is offered."""
    after = car.stored_after(car.arrival_wh, seconds, limit_w)
    assert car.arrival_wh <= after <= car.battery_wh
    assert after - car.arrival_wh <= limit_w * seconds / 3600 + 1e-6


@given(CARS, st.floats(1, 200_000))
def test_full_when_it_says_it_will_be(car: Vehicle, limit_w: float) -> None:
    """Right after that time nothing flows any more; right before, something does."""
    seconds = car.seconds_until_full(car.arrival_wh, limit_w)
    assert car.stored_after(car.arrival_wh, seconds + 1, limit_w) == pytest.approx(car.battery_wh)
    if seconds > 10:
        before = car.stored_after(car.arrival_wh, seconds * 0.99 - 1, limit_w)
        assert car.power_w(before, limit_w) > 0


def test_offered_nothing_it_never_fills() -> None:
    """Unless it is full already."""
    car = Vehicle(arrives_with=0.5)
    assert car.seconds_until_full(car.arrival_wh, 0.0) == math.inf
    assert car.power_w(car.arrival_wh, 0.0) == 0.0
    assert car.seconds_until_full(car.battery_wh, 0.0) == 0.0
    assert car.power_w(car.battery_wh, 11_000) == 0.0
