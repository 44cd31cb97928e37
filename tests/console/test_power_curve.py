"""The drawing of a transaction's power: what stations tell, in which form ever, and no peak lost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.power_curve import HEIGHT, WIDTH, PowerPoint, power_curve, power_points, thinned
from console.words import Words
from csms.domain.records import SampleRecord
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
POWER = "Power.Active.Import"


def sample(
    minute: int, value: float, measurand: str = POWER, phase: str | None = None, location: str | None = None
) -> SampleRecord:
    """A value, told at this minute."""
    at = NOON + timedelta(minutes=minute)
    unit = "W" if measurand == POWER else "Wh"
    return SampleRecord(MeterSample(measurand, value, unit, at, phase, location), at)


@pytest.mark.parametrize(
    ("samples", "watts"),
    [
        ([sample(0, 1000), sample(1, 2000)], [1000, 2000]),
        ([sample(1, 2000), sample(0, 1000)], [1000, 2000]),
        ([sample(0, 1, phase="L1"), sample(0, 2, phase="L2"), sample(0, 3, phase="L2")], [4]),
        ([sample(0, 1, phase="L1"), sample(0, 7)], [7]),
        ([sample(0, 5), sample(0, 4, location="EV"), sample(0, 9, location="Outlet")], [9]),
        ([sample(0, 0, ENERGY_REGISTER), sample(30, 1000, ENERGY_REGISTER)], [2000]),
        ([sample(0, 9, ENERGY_REGISTER), sample(1, 2, ENERGY_REGISTER)], [0]),
        ([sample(0, 0, ENERGY_REGISTER), sample(1, 3000), sample(30, 1000, ENERGY_REGISTER)], [3000]),
        ([], []),
    ],
)
def test_power_is_found_in_what_was_told(samples: list[SampleRecord], watts: list[float]) -> None:
    """On phases or in all, at the outlet; else by what the register gained, which never runs backwards."""
    assert [each.watts for each in power_points(samples)] == watts


def test_a_sample_without_a_clock_counts_when_it_came() -> None:
    """Stations without one say nothing of when."""
    told = SampleRecord(MeterSample(POWER, 5.0, "W"), NOON)
    assert power_points([told]) == [PowerPoint(NOON, 5.0)]


def test_a_curve_says_in_words_what_it_shows() -> None:
    """For whoever does not see it; the peak is at the top, and the time is as wide as the drawing."""
    drawn = power_curve([sample(0, 0), sample(30, 11_000), sample(60, 5_500)], Words("en"))
    assert drawn is not None
    assert drawn.line == f"0.0,{HEIGHT}.0 {WIDTH / 2},0.0 {WIDTH}.0,{HEIGHT / 2}"
    assert drawn.summary == "Power from 12:00 to 13:00 UTC: peak 11.0 kW, last 5.5 kW"
    assert drawn.area.startswith(f"0,{HEIGHT} 0.0,{HEIGHT}.0")


@pytest.mark.parametrize("samples", [[], [sample(0, 5)], [sample(0, 5), sample(0, 5)]])
def test_without_a_stretch_of_time_there_is_no_curve(samples: list[SampleRecord]) -> None:
    """One point is none."""
    assert power_curve(samples, Words("en")) is None


def test_nothing_that_flows_is_a_flat_line() -> None:
    """No division by a peak of nothing."""
    drawn = power_curve([sample(0, 0), sample(1, 0)], Words("fr"))
    assert drawn is not None
    assert drawn.line == f"0.0,{HEIGHT}.0 {WIDTH}.0,{HEIGHT}.0"


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=700), st.integers(1, 150))
def test_thinning_loses_no_peak(watts: list[float], most: int) -> None:
    """And keeps the order."""
    points = [PowerPoint(NOON + timedelta(seconds=number), each) for number, each in enumerate(watts)]
    found = thinned(points, most)
    assert len(found) <= max(most, 1)
    assert max(each.watts for each in found) == max(watts)
    assert found == sorted(found, key=lambda each: each.at)
