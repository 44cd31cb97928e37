"""charging.tariff.words: a tariff as drivers read it."""

from datetime import date, time
from typing import Any

import pytest

from charging.tariff.model import PriceElement, Tariff, Tax
from charging.tariff.restrictions import Restrictions
from charging.tariff.words import element_text, price_text, restrictions_text

NIGHT = Restrictions(from_time=time(22), until_time=time(6))


@pytest.mark.parametrize(
    ("tariff", "french", "english"),
    [
        (Tariff("a", "CAD"), "Gratuit", "Free"),
        (Tariff("b", "CAD", energy_micro_per_kwh=250_000), "0,25 $/kWh", "$0.25/kWh"),
        (Tariff("c", "CAD", energy_micro_per_kwh=105_500), "0,1055 $/kWh", "$0.1055/kWh"),
        (
            Tariff(
                "d",
                "CAD",
                energy_micro_per_kwh=250_000,
                time_micro_per_h=2_000_000,
                taxes=(Tax("GST", 5_000),),
            ),
            "0,25 $/kWh + 2,00 $/h, taxes en sus",
            "$0.25/kWh + $2.00/h, plus tax",
        ),
        (
            Tariff("e", "EUR", session_micro=1_000_000, idle_micro_per_h=5_000_000, idle_grace_s=600),
            "1,00 € par recharge + 5,00 €/h sans recharger après 10 min",
            "€1.00 per session + €5.00/h idle after 10 min",
        ),
        (Tariff("f", "NOK", energy_micro_per_kwh=3_500_000), "3,50 NOK/kWh", "3.50 NOK/kWh"),
        (Tariff("g", "JPY", time_micro_per_h=300_000_000), "300 JPY/h", "300 JPY/h"),
    ],
)
def test_prices_in_words(tariff: Tariff, french: str, english: str) -> None:
    """As a driver reads them on the station's display."""
    assert (price_text(tariff, "fr-CA"), price_text(tariff, "en")) == (french, english)


def test_the_longest_price_fits_a_display() -> None:
    """A 1.6 DefaultPrice value holds 500 characters of JSON, its priceText 255."""
    huge = 10**15 + 1
    tariff = Tariff("h", "USD", huge, huge, huge, huge, 86_399, taxes=(Tax("x", 1),))
    assert len(price_text(tariff, "fr-CA")) <= 255


def test_prices_under_restrictions() -> None:
    """In the order in which they are looked at, up to the one that always holds."""
    tariff = Tariff(
        "x",
        "CAD",
        energy_micro_per_kwh=300_000,
        elements=(
            PriceElement("energy", 200_000, NIGHT),
            PriceElement("session", 500_000, taxes=(Tax("x", 1),)),
        ),
    )
    assert price_text(tariff, "fr-CA") == (
        "0,20 $/kWh (22:00–06:00); 0,30 $/kWh + 0,50 $ par recharge, taxes en sus"
    )
    assert price_text(tariff, "en") == "$0.20/kWh (22:00–06:00); $0.30/kWh + $0.50 per session, plus tax"
    never = Tariff("x", "CAD", 300_000, elements=(PriceElement("energy", 200_000),))
    assert price_text(never, "en") == "$0.20/kWh"


def test_included_taxes_are_said() -> None:
    """What is shown is what is paid."""
    tariff = Tariff("x", "CAD", 1_000_000, taxes=(Tax("x", 1),), is_tax_included=True)
    assert price_text(tariff, "fr-CA") == "1,00 $/kWh, taxes incluses"
    assert price_text(tariff, "en") == "$1.00/kWh, tax included"


def test_too_many_prices_are_told_from_the_least_to_the_most() -> None:
    """A display has 255 characters."""
    many = tuple(
        PriceElement(
            component, micro * 10_000, Restrictions(from_time=time(micro), until_time=time(micro + 1))
        )
        for component in ("energy", "idle")
        for micro in range(1, 20)
    )
    tariff = Tariff("x", "CAD", 300_000, elements=many)
    assert price_text(tariff, "fr-CA") == "0,01 $–0,30 $/kWh + 0,01 $–0,19 $/h sans recharger"
    assert price_text(tariff, "en") == "$0.01–$0.30/kWh + $0.01–$0.19/h idle"


def test_an_idle_price_under_more_than_its_grace() -> None:
    """A grace alone is told as such."""
    both = Restrictions(min_idle_s=600, evse_kind="DC")
    assert element_text(PriceElement("idle", 6_000_000, both), "CAD", "en") == (
        "$6.00/h idle (DC stations, ≥ 10 min idle)"
    )


@pytest.mark.parametrize(
    ("fields", "french", "english"),
    [
        ({}, "", ""),
        ({"until_time": time(6)}, "00:00–06:00", "00:00–06:00"),
        ({"from_time": time(6)}, "06:00–24:00", "06:00–24:00"),
        ({"weekdays": frozenset(range(5))}, "lun.–ven.", "Mon–Fri"),
        ({"weekdays": frozenset({0, 2, 6})}, "lun. mer. dim.", "Mon Wed Sun"),
        (
            {"from_date": date(2026, 6, 1), "until_date": date(2026, 9, 1)},
            "dès le 2026-06-01, avant le 2026-09-01",
            "from 2026-06-01, before 2026-09-01",
        ),
        ({"holidays": "only", "reservation": "expired"}, "jours fériés, si expirée", "holidays, if expired"),
        ({"min_energy_wh": 1500}, "≥ 1,5 kWh", "≥ 1.5 kWh"),
        ({"max_duration_s": 3600}, "< 60 min après le début", "< 60 min after the start"),
    ],
)
def test_restrictions_in_words(fields: dict[str, Any], french: str, english: str) -> None:
    """When a price holds."""
    when = Restrictions(**fields)
    assert (restrictions_text(when, "fr-CA"), restrictions_text(when, "en")) == (french, english)
