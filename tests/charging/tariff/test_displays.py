"""charging.tariff.displays: what stations of 1.6 and 2.0.1 show."""

from datetime import time

from charging.tariff import PriceElement, Restrictions, Tariff
from charging.tariff.displays import (
    MESSAGE_CHARACTERS,
    VALUE_CHARACTERS,
    bilingual_text,
    json_text,
    tariff_to_v16,
    tariff_to_v201,
)
from charging.tariff.projecting import Projection

NIGHT = Restrictions(from_time=time(22), until_time=time(6))
DAY_AND_NIGHT = Tariff(
    "t", "CAD", 300_000, 1_000_000, session_micro=500_000, elements=(PriceElement("energy", 200_000, NIGHT),)
)
MANY = Tariff(
    "t",
    "CAD",
    300_000,
    min_with_tax_micro=1,
    max_micro=9,
    elements=tuple(
        PriceElement(name, hour * 10_000, Restrictions(from_time=time(hour), until_time=time(hour + 1)))
        for name in ("energy", "idle")
        for hour in range(1, 20)
    ),
)


def features(found: Projection) -> list[str]:
    return [each.feature for each in found.losses]


def test_the_numbers_of_1_6_hold_at_any_time() -> None:
    """The text says the rest."""
    found = tariff_to_v16(DAY_AND_NIGHT)
    assert found.document == {
        "priceText": "0,20 $/kWh (22:00–06:00); 0,30 $/kWh + 1,00 $/h + 0,50 $ par recharge",
        "chargingPrice": {"kWhPrice": 0.2, "hourPrice": 1.0, "flatFee": 0.5},
    }
    assert features(found) == ["restrictions"]
    assert found.stands_for == Tariff(
        "t", "CAD", 200_000, 1_000_000, session_micro=500_000, is_due_in_vain=True
    )


def test_a_simple_tariff_loses_its_limits_alone() -> None:
    """The idle fee is in the text."""
    simple = Tariff("t", "CAD", 300_000, idle_micro_per_h=1_000_000)
    assert features(tariff_to_v16(simple)) == features(tariff_to_v201(simple)) == []
    assert features(tariff_to_v16(MANY)) == ["min", "max", "restrictions"]


def test_2_0_1_has_a_text_in_both_languages() -> None:
    """Whole where it has room."""
    found = tariff_to_v201(DAY_AND_NIGHT)
    assert found.document == (
        "0,20 $/kWh (22:00–06:00); 0,30 $/kWh + 1,00 $/h + 0,50 $ par recharge"
        " / $0.20/kWh (22:00–06:00); $0.30/kWh + $1.00/h + $0.50 per session"
    )
    assert features(found) == []
    assert features(tariff_to_v201(MANY)) == ["min", "max", "restrictions"]


def test_both_fit() -> None:
    """From the least to the most where there are many prices."""
    assert bilingual_text(MANY, MESSAGE_CHARACTERS) == (
        "0,01 $–0,30 $/kWh + 0,01 $–0,19 $/h sans recharger / $0.01–$0.30/kWh + $0.01–$0.19/h idle"
    )
    assert len(json_text(tariff_to_v16(MANY).document)) <= VALUE_CHARACTERS
    assert len(bilingual_text(MANY, 40)) == 40
    six = Tariff("t", "CAD", elements=MANY.elements[:6])
    assert features(tariff_to_v201(six)) == ["restrictions"]
