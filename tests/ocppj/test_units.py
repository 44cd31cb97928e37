"""Every unit of the standard is brought to its quantity's base unit."""

import pytest

from ocppj.units import default_unit, is_unit, value_in_base


@pytest.mark.parametrize(
    ("value", "unit", "multiplier", "expected"),
    [
        (1.5, "kWh", 0, (1500.0, "Wh")),
        (7.4, "kW", 0, (7400.0, "W")),
        (32.0, "A", 0, (32.0, "A")),
        (32.0, "F", 0, (32.0, "F")),
        (212.0, "Fahrenheit", 0, (100.0, "celsius")),
        (300.0, "K", 0, (26.85, "celsius")),
        (20.0, "Celcius", 0, (20.0, "celsius")),
        (80.0, "Percent", 0, (80.0, "percent")),
        (1.5, "Wh", 3, (1500.0, "Wh")),
        (15.0, "kWh", -1, (1500.0, "Wh")),
        (5.0, None, 0, (5.0, "Wh")),
        (5.0, "", 0, (5.0, "Wh")),  # `"unit": ""` is what some stations write for none
        (5.0, " ", 3, (5000.0, "Wh")),
        pytest.param(
            *(1.0, "Wh", 400, (float("inf"), "Wh")),
            marks=pytest.mark.held_before(
                "the scale never raised; that no energy comes of it is held elsewhere"
            ),
        ),
    ],
)
def test_units(value: float, unit: str | None, multiplier: int, expected: tuple[float, str]) -> None:
    """Scale, offset, power of ten, an unknown word kept as it came, and an empty one for none."""
    number, base = value_in_base(value, unit, "Energy.Active.Import.Register", multiplier)
    assert (pytest.approx(number), base) == expected


@pytest.mark.parametrize(
    ("measurand", "unit"),
    [("Power.Active.Import", "W"), ("SoC", "percent"), ("Power.Factor", ""), ("Voltage", "V")],
)
def test_default_units(measurand: str, unit: str) -> None:
    """A sample without a unit has its measurand's own."""
    assert default_unit(measurand) == unit


def test_units_are_known_whatever_their_case() -> None:
    """A word behind a number may be anything."""
    assert is_unit("kWh")
    assert is_unit("KWH")
    assert not is_unit("parrots")
    assert not is_unit("")
