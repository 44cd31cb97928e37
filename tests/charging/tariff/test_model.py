"""charging.tariff.model: what a tariff may be, and what it depends on."""

from datetime import date, time
from typing import Any

import pytest

from charging.tariff.model import PriceElement, Tariff, TariffInvalid, Tax, in_zone, zone_of
from charging.tariff.restrictions import ALWAYS, Restrictions

NIGHT = PriceElement("energy", 100_000, Restrictions(from_time=time(22), until_time=time(6)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"currency": "cad"}, "three capital letters"),
        ({"session_micro": -1}, "session_micro must not be negative"),
        ({"idle_grace_s": -1}, "idle_grace_s must not be negative"),
        ({"min_micro": 2, "max_micro": 1}, "min_micro"),
        ({"min_with_tax_micro": 2, "max_with_tax_micro": 1}, "min_with_tax_micro"),
        ({"idle_policy": "never"}, "idle_policy must be one of"),
        ({"elements": (NIGHT,) * 61}, "at most 60 elements"),
        ({"holidays": (date(2026, 1, 1),) * 401}, "400 holidays"),
        ({"elements": (PriceElement("beer", 1),)}, r"elements\[0\].component"),  # type: ignore[arg-type]
        ({"elements": (NIGHT, PriceElement("energy", -1))}, r"elements\[1\]: a price"),
        ({"elements": (PriceElement("session", 1, step=1),)}, "has no step"),
        ({"elements": (PriceElement("energy", 1, Restrictions(reservation="used")),)}, "reservation"),
        ({"taxes": (Tax("x", -1),)}, "a tax must not be negative"),
        ({"elements": (PriceElement("energy", 1, taxes=(Tax("x", 1, 5),)),)}, "stack"),
        ({"zone": "Montreal"}, "no time zone"),
    ],
)
def test_contradictions_are_refused(fields: dict[str, Any], words: str) -> None:
    """The text names the field."""
    with pytest.raises(TariffInvalid, match=words):
        Tariff(**{"tariff_id": "x", "currency": "CAD"} | fields)


def test_limits_of_equal_height_are_a_price() -> None:
    """A least amount that is the most as well."""
    assert Tariff("x", "CAD", min_micro=1, max_micro=1).min_micro == 1


def test_what_only_the_station_can_tell() -> None:
    """Energy, and whether it charges, where they have a price or decide about one."""
    assert Tariff("x", "CAD", time_micro_per_h=1, session_micro=1).metered == set()
    assert Tariff("x", "CAD", energy_micro_per_kwh=1).metered == {"energy"}
    assert Tariff("x", "CAD", 1, 1, 1, idle_micro_per_h=1).metered == {"energy", "idle"}
    by_power = PriceElement("time", 1, Restrictions(min_power_w=1))
    assert Tariff("x", "CAD", elements=(by_power,)).metered == {"energy"}
    by_charging = PriceElement("time", 1, Restrictions(max_charging_s=1))
    assert Tariff("x", "CAD", elements=(by_charging, PriceElement("idle", 0))).metered == {"idle"}
    assert Tariff("x", "CAD", elements=(PriceElement("parking", 1),)).metered == {"idle"}


def test_the_simple_price_comes_last() -> None:
    """It counts where no element does; the grace is a restriction of the idle price."""
    tariff = Tariff("x", "CAD", 200_000, idle_micro_per_h=5, idle_grace_s=600, elements=(NIGHT,))
    assert list(tariff.priced("energy")) == [NIGHT, PriceElement("energy", 200_000)]
    assert list(tariff.priced("idle")) == [PriceElement("idle", 5, Restrictions(min_idle_s=600))]
    assert list(tariff.priced("time")) == list(tariff.priced("parking")) == []
    assert next(Tariff("x", "CAD", idle_micro_per_h=5).priced("idle")).when is ALWAYS


def test_what_its_price_depends_on() -> None:
    """A course where totals do not do, and a clock where it matters when it was."""
    simple = Tariff("x", "CAD", energy_micro_per_kwh=1)
    assert (simple.is_simple, simple.needs_course, simple.has_time_price) == (True, False, False)
    assert Tariff("x", "CAD", idle_micro_per_h=1).needs_course
    assert Tariff("x", "CAD", time_micro_per_h=1).has_time_price
    full = Tariff("x", "CAD", elements=(NIGHT,))
    assert (full.is_simple, full.needs_course, full.has_time_price) == (False, True, True)
    by_day = Tariff("x", "CAD", elements=(PriceElement("energy", 1, Restrictions(holidays="only")),))
    by_use = Tariff("x", "CAD", elements=(PriceElement("energy", 1, Restrictions(min_energy_wh=1)),))
    assert by_day.has_time_price
    assert by_use.has_time_price
    assert not Tariff("x", "CAD", elements=(PriceElement("energy", 1),)).has_time_price


def test_what_is_free() -> None:
    """No session can cost anything."""
    assert Tariff("x", "CAD", elements=(PriceElement("energy", 0),), max_micro=1).is_free
    assert not Tariff("x", "CAD", elements=(NIGHT,)).is_free
    assert not Tariff("x", "CAD", min_with_tax_micro=1).is_free


def test_zones() -> None:
    """A site's zone where the clock may matter; UTC where none is known."""
    assert zone_of(Tariff("x", "CAD")).key == "UTC"
    assert in_zone(Tariff("x", "CAD", elements=(NIGHT,)), "America/Montreal").zone == "America/Montreal"
    assert in_zone(Tariff("x", "CAD"), "America/Montreal").zone is None
