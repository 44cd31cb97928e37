"""What samples say of energy and power."""

import pytest

from csms.rules.flags import METER_WENT_BACK
from csms.rules.readings import POWER, energy, metered, readings, sample_rows
from csms.rules.rows import TransactionRow
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample
from tests.support.inbound import CP1, NOON, minutes, register


def row(**more: object) -> TransactionRow:
    """A transaction that began at noon."""
    return TransactionRow(
        transaction_no=1,
        station_id=CP1,
        transaction_id="1",
        started_at=NOON,
        first_received_at=NOON,
        last_event_at=NOON,
        last_received_at=NOON,
        **more,  # type: ignore[arg-type] # tests name fields
    )


def test_phases_are_summed_where_no_total_comes_with_them() -> None:
    """Quirk 72: some stations report phases only."""
    phases = [register(100, NOON, phase=phase) for phase in ("L1", "L2", "L3")]
    assert readings(phases, ENERGY_REGISTER, "Wh", NOON, NOON) == [(NOON, 300)]
    assert readings([*phases, register(290, NOON)], ENERGY_REGISTER, "Wh", NOON, NOON) == [(NOON, 290)]


def test_only_the_measurand_in_its_unit_at_the_outlet_counts() -> None:
    """Power with unit Wh (quirk 71), the vehicle's own meter and line voltages are something else."""
    samples = [
        MeterSample(POWER, 7000, "Wh", NOON),
        MeterSample(POWER, 6900, "W", NOON, location="EV"),
        MeterSample(POWER, 7200, "W", NOON, location="Outlet"),
        MeterSample(POWER, 100, "W", NOON, phase="L1-N"),
    ]
    assert readings(samples, POWER, "W", NOON, NOON) == [(NOON, 7200)]


def test_a_sample_without_a_believable_time_has_its_messages() -> None:
    """None is the event's own time; 1970 is the time of reception."""
    samples = [register(1, None), register(2, NOON.replace(year=1970))]
    found = readings(samples, ENERGY_REGISTER, "Wh", minutes(1), minutes(2))
    assert found == [(minutes(1), 1), (minutes(2), 2)]


def test_start_is_the_earliest_stop_the_latest_peak_the_greatest() -> None:
    """In whatever order they come."""
    one = metered(row(), [register(150, minutes(2)), register(120, minutes(1))], NOON, NOON)
    other = metered(one, [register(100, NOON), register(140, minutes(3))], NOON, NOON)
    assert (other.meter_start_wh, other.meter_stop_wh, other.meter_peak_wh) == (100, 140, 150)


def test_given_readings_are_not_moved_by_samples() -> None:
    """1.6 names its start and stop."""
    given = row(is_start_given=True, meter_start_wh=10.0, is_stop_given=True, meter_stop_wh=20.0)
    after = metered(given, [register(5, NOON), register(30, minutes(9))], NOON, NOON)
    assert (after.meter_start_wh, after.meter_stop_wh, after.meter_peak_wh) == (10, 20, 30)


def test_the_latest_power_counts() -> None:
    """One that arrives late does not."""
    after = metered(row(), [MeterSample(POWER, 7000, "W", minutes(2))], NOON, NOON)
    late = metered(after, [MeterSample(POWER, 1000, "W", minutes(1))], NOON, NOON)
    assert late.power_w == 7000
    assert metered(after, [], NOON, NOON) is after


@pytest.mark.parametrize(
    ("start", "stop", "peak", "expected"),
    [
        (None, 5.0, 5.0, (None, False)),
        (5.0, None, None, (None, False)),
        (1000.0, 8000.0, 8000.4, (7000.0, False)),  # a fraction above the whole Wh of the stop
        (1000.0, 8000.0, None, (7000.0, False)),
        (1000.0, 300.0, None, (0.0, True)),  # quirk 45
        (1000.0, 300.0, 6000.0, (5000.0, True)),  # quirk 46: reset on the way, the peak is proven
        (1000.0, 3000.0, 6000.0, (2000.0, True)),
    ],
)
def test_energy_is_never_negative_and_only_what_is_proven(
    start: float | None, stop: float | None, peak: float | None, expected: tuple[float | None, bool]
) -> None:
    """A meter that went back is flagged."""
    assert METER_WENT_BACK
    assert energy(row(meter_start_wh=start, meter_stop_wh=stop, meter_peak_wh=peak)) == expected


def test_every_sample_has_a_row() -> None:
    """Also those that count for nothing."""
    samples = (register(1, NOON), MeterSample("Request.Energy", 2, "?", None))
    rows = sample_rows(CP1, 7, 1, samples, NOON)
    assert [each.sample for each in rows] == list(samples)
    assert {each.transaction_no for each in rows} == {7}
