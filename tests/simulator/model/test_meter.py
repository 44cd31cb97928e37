"""The meter: a register that integrates over the clock it is read with."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import ENERGY_REGISTER
from simulator.model.meter import MEASURANDS, VOLTAGE_V, Meter
from simulator.model.vehicle import Vehicle

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
CAR = Vehicle(battery_wh=60_000, max_power_w=11_000, arrives_with=0.2)


def charging(limit_w: float = 22_080, register_wh: float = 0.0, phases: int = 3) -> Meter:
    """A meter at time 0 with the car plugged in and the contactor closed."""
    meter = Meter(register_wh, phases=phases)
    meter.connect(CAR, 0.0)
    meter.offer(limit_w, 0.0)
    return meter


def test_constant_power_for_an_hour() -> None:
    """11 kW for an hour is 11 kWh, on top of what stood there."""
    assert charging(register_wh=500.0).energy_wh(3600.0) == pytest.approx(11_500)


@given(st.lists(st.floats(0, 5000), min_size=1, max_size=30))
def test_reading_more_often_counts_the_same(pauses: list[float]) -> None:
    """And the register never goes back."""
    often, once = charging(), charging()
    now, last = 0.0, 0.0
    for pause in pauses:
        now += pause
        reading = often.energy_wh(now)
        assert reading >= last
        last = reading
    assert last == pytest.approx(once.energy_wh(now), abs=1e-3)


@given(st.lists(st.tuples(st.floats(0, 3600), st.floats(0, 22_080)), min_size=1, max_size=20))
def test_changed_limits_count_from_when_they_change(steps: list[tuple[float, float]]) -> None:
    """The oracle charges the same car piece by piece."""
    meter = Meter()
    meter.connect(CAR, 0.0)
    now, stored = 0.0, CAR.arrival_wh
    for seconds, limit_w in steps:
        meter.offer(limit_w, now)
        stored = CAR.stored_after(stored, seconds, limit_w)
        now += seconds
    assert meter.energy_wh(now) == pytest.approx(stored - CAR.arrival_wh, abs=1e-3)
    assert meter.charge_share(now) == pytest.approx(stored / CAR.battery_wh)


def test_open_contactor_and_no_car_take_nothing() -> None:
    """Time alone is no energy."""
    meter = charging()
    meter.offer(0.0, 60.0)
    stands_at = meter.energy_wh(60.0)
    assert meter.energy_wh(7200.0) == stands_at
    meter.disconnect(7200.0)
    assert (meter.energy_wh(9999.0), meter.power_w(9999.0)) == (stands_at, 0.0)
    assert meter.charge_share(9999.0) is None
    assert meter.seconds_until_full(9999.0) == float("inf")


def test_next_car_starts_with_its_own_battery() -> None:
    """The register goes on, the state of charge does not."""
    meter = charging()
    meter.disconnect(3600.0)
    meter.connect(CAR, 3600.0)
    assert meter.charge_share(3600.0) == pytest.approx(0.2)
    assert meter.energy_wh(3600.0) == pytest.approx(11_000)


@pytest.mark.parametrize("phases", [1, 3])
def test_samples_agree_with_one_another(phases: int) -> None:
    """Power is voltage times current times phases; each phase has its own sample."""
    samples = charging(phases=phases).samples(MEASURANDS, 60.0, AT, "Sample.Periodic")
    by_name: dict[str, list[float]] = {}
    for sample in samples:
        by_name.setdefault(sample.measurand, []).append(sample.value)
    assert set(by_name) == set(MEASURANDS)
    (power_w,) = by_name["Power.Active.Import"]
    assert sum(by_name["Current.Import"]) * VOLTAGE_V == pytest.approx(power_w, rel=0.01)
    assert by_name["Voltage"] == [VOLTAGE_V] * phases
    assert {sample.phase for sample in samples if sample.measurand == "Voltage"} == {
        f"L{number}-N" for number in range(1, phases + 1)
    }
    assert {sample.context for sample in samples} == {"Sample.Periodic"}


def test_measurand_that_it_does_not_have_is_left_out() -> None:
    """So is the car's state of charge without a car."""
    found = Meter().samples((ENERGY_REGISTER, "Temperature", "SoC"), 0.0, AT, "Trigger")
    assert [sample.measurand for sample in found] == [ENERGY_REGISTER]


def test_register_that_was_kept_goes_on() -> None:
    """After a power cut."""
    meter = Meter()
    meter.preset(1234.5)
    assert meter.energy_wh(10.0) == 1234.5
