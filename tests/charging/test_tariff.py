"""charging.tariff against the worked numbers of OCPI 2.3's examples and Québec's taxes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.tariff import (
    Cost,
    Tariff,
    TariffInvalid,
    Tax,
    amount_text,
    cost,
    cost_micro,
    price_text,
    rounded,
)

VAT_ENERGY = Tax("VAT", 10_000, on=frozenset({"energy"}))
VAT_SESSION = Tax("VAT", 20_000, on=frozenset({"session"}))
T1 = Tariff("T1", "EUR", energy_micro_per_kwh=250_000, taxes=(VAT_ENERGY,))
T2 = Tariff("T2", "EUR", energy_micro_per_kwh=250_000, session_micro=500_000, taxes=(VAT_ENERGY, VAT_SESSION))
T3 = Tariff(
    "T3",
    "EUR",
    energy_micro_per_kwh=250_000,
    min_micro=500_000,
    min_with_tax_micro=550_000,
    taxes=(VAT_ENERGY,),
)
T5 = Tariff(
    "T5",
    "EUR",
    energy_micro_per_kwh=250_000,
    session_micro=500_000,
    max_micro=10_000_000,
    max_with_tax_micro=11_000_000,
    taxes=(VAT_ENERGY, VAT_SESSION),
)
T6 = Tariff("T6", "EUR", time_micro_per_h=2_000_000, taxes=(Tax("VAT", 10_000),))


@pytest.mark.parametrize(
    ("tariff", "energy_wh", "duration_s", "expected"),
    [
        (T1, 20_000, 0, ("5.00", "5.50")),  # OCPI example 8
        (T2, 20_000, 0, ("5.50", "6.10")),  # 9
        (T3, 1_000, 0, ("0.50", "0.55")),  # 12
        (T3, 20_000, 0, ("5.00", "5.50")),
        (T5, 50_000, 0, ("10.00", "11.00")),  # 6
        (T5, 30_000, 0, ("8.00", "8.85")),
        (T6, 0, 9_000, ("5.00", "5.50")),  # 1: two and a half hours
    ],
)
def test_worked_numbers(tariff: Tariff, energy_wh: int, duration_s: int, expected: tuple[str, str]) -> None:
    """The numbers that OCPI 2.3 prints for its own tariffs, before and after taxes."""
    price = cost(tariff, energy_wh=energy_wh, duration_s=duration_s)
    assert (str(rounded(price.net_micro, "EUR")), str(rounded(price.total_micro, "EUR"))) == expected
    assert cost_micro(tariff, energy_wh=energy_wh, duration_s=duration_s) == price.total_micro


@pytest.mark.parametrize(("stack", "exact", "shown"), [(0, 11_497_500, "11.50"), (1, 11_547_375, "11.55")])
def test_quebec_taxes(stack: int, exact: int, shown: str) -> None:
    """GST 5 % and QST 9.975 % on 10.00 net, side by side or one on top of the other."""
    assert stack in {0, 1}
    taxes = (Tax("GST", 5_000), Tax("QST", 9_975, stack=1 if stack else 0))
    tariff = Tariff("T26", "CAD", session_micro=10_000_000, taxes=taxes)
    assert cost(tariff, energy_wh=0, duration_s=0) == Cost(10_000_000, exact)
    assert rounded(exact, "CAD") == Decimal(shown)


def test_an_hour_is_an_hour_plugged_in() -> None:
    """Five hours of charging and three of standing there cost eight (ChargePoint's "per hour")."""
    tariff = Tariff("T24", "CAD", time_micro_per_h=1_000_000)
    assert cost_micro(tariff, energy_wh=40_000, duration_s=8 * 3600, idle_s=3 * 3600) == 8_000_000


def test_idle_starts_after_its_grace() -> None:
    """Ten minutes are free; then every second counts."""
    tariff = Tariff("i", "CAD", idle_micro_per_h=6_000_000, idle_grace_s=600)
    assert [cost_micro(tariff, energy_wh=0, duration_s=3600, idle_s=s) for s in (0, 600, 660)] == [
        0,
        0,
        100_000,
    ]


def test_a_minimum_without_energy_is_taxed() -> None:
    """A session that used nothing still costs the minimum, with taxes."""
    tariff = Tariff("m", "CAD", energy_micro_per_kwh=1, min_micro=1_000_000, taxes=(Tax("GST", 5_000),))
    assert cost(tariff, energy_wh=0, duration_s=0) == Cost(1_000_000, 1_050_000)


@given(
    st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**8), st.floats(0, 1e6), st.floats(0, 1e6)
)
def test_more_never_costs_less(kwh: int, hour: int, flat: int, wh: float, seconds: float) -> None:
    """The cost grows with energy and with time, and never falls below the fee for the session."""
    tariff = Tariff("g", "CAD", energy_micro_per_kwh=kwh, time_micro_per_h=hour, session_micro=flat)
    price = cost_micro(tariff, energy_wh=wh, duration_s=seconds)
    assert flat <= price <= cost_micro(tariff, energy_wh=wh + 1, duration_s=seconds)
    assert price <= cost_micro(tariff, energy_wh=wh, duration_s=seconds + 1)


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


def test_what_only_the_station_can_tell() -> None:
    """Energy and idle time, where they have a price; time and sessions are counted without it."""
    assert Tariff("x", "CAD", time_micro_per_h=1, session_micro=1).metered == set()
    assert Tariff("x", "CAD", energy_micro_per_kwh=1).metered == {"energy"}
    assert Tariff("x", "CAD", 1, 1, 1, idle_micro_per_h=1).metered == {"energy", "idle"}


def test_amounts() -> None:
    """Rounded half up at the coin."""
    assert amount_text(11_497_500, "CAD", "fr-CA") == "11,50 $"
    assert amount_text(5_000, "CAD", "en") == "$0.01"
    assert amount_text(1_500_000, "JPY", "en") == "2 JPY"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"currency": "cad"}, "three capital letters"),
        ({"currency": "CAD", "session_micro": -1}, "session_micro must not be negative"),
        ({"currency": "CAD", "min_micro": 2, "max_micro": 1}, "min_micro"),
    ],
)
def test_contradictions_are_refused(fields: dict[str, object], words: str) -> None:
    """The text names the field."""
    with pytest.raises(TariffInvalid, match=words):
        Tariff("x", **fields)  # type: ignore[arg-type]  # wrong on purpose
