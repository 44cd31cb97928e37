"""Units of sampled values: every unit word of OCPP 1.6 and 2.x, brought to one base unit per quantity."""

import math
from typing import NamedTuple


class UnitScale(NamedTuple):
    """value_in_base = value * factor + offset."""

    base: str
    factor: float
    offset: float = 0.0


_SCALES: dict[str, UnitScale] = {
    "wh": UnitScale("Wh", 1.0),
    "kwh": UnitScale("Wh", 1000.0),
    "varh": UnitScale("varh", 1.0),
    "kvarh": UnitScale("varh", 1000.0),
    "vah": UnitScale("VAh", 1.0),
    "kvah": UnitScale("VAh", 1000.0),
    "w": UnitScale("W", 1.0),
    "kw": UnitScale("W", 1000.0),
    "va": UnitScale("VA", 1.0),
    "kva": UnitScale("VA", 1000.0),
    "var": UnitScale("var", 1.0),
    "kvar": UnitScale("var", 1000.0),
    "a": UnitScale("A", 1.0),
    "v": UnitScale("V", 1.0),
    "hz": UnitScale("Hz", 1.0),
    "percent": UnitScale("percent", 1.0),
    "celsius": UnitScale("celsius", 1.0),
    "celcius": UnitScale("celsius", 1.0),  # as the 1.6 schema once spelled it (J-1.6 errata)
    "k": UnitScale("celsius", 1.0, -273.15),
    "fahrenheit": UnitScale("celsius", 5 / 9, -160 / 9),
}

_AS_SPECIFIED = ("Wh", "kWh", "W", "kW", "A", "V", "Hz", "Percent", "Celsius")
"""Most stations write the words as the specifications do: they are found without a look at their case."""
_SCALES |= {word: _SCALES[word.lower()] for word in _AS_SPECIFIED}

_DEFAULTS = (
    ("Energy.Active", "Wh"),
    ("Energy.Reactive", "varh"),
    ("Energy.Apparent", "VAh"),
    ("Power.Active", "W"),
    ("Power.Offered", "W"),
    ("Power.Reactive", "var"),
    ("Current", "A"),
    ("Voltage", "V"),
    ("Frequency", "Hz"),
    ("SoC", "percent"),
    ("Temperature", "celsius"),
)


def default_unit(measurand: str) -> str:
    """The base unit of a measurand that came without one; empty where there is none (power factor, RPM)."""
    return next((unit for prefix, unit in _DEFAULTS if measurand.startswith(prefix)), "")


def is_unit(word: str) -> bool:
    """Whether it is a unit of OCPP, whatever its case."""
    return word.lower() in _SCALES


def value_in_base(value: float, unit: str | None, measurand: str, multiplier: int = 0) -> tuple[float, str]:
    """(value, unit) in the base unit; an unknown unit is kept as it came, an empty one is none.

    `multiplier` is a power of ten.
    """
    if multiplier:
        value = _scaled(value, multiplier)
    if unit is None:
        return value, default_unit(measurand)
    scale = _SCALES.get(unit) or _SCALES.get(unit.strip().lower())
    if scale is None:
        return value, unit if unit.strip() else default_unit(measurand)
    return value * scale.factor + scale.offset, scale.base


def _scaled(value: float, multiplier: int) -> float:
    try:
        return value * 10.0**multiplier
    except OverflowError:
        return math.inf
