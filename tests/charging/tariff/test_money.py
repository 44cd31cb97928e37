"""charging.tariff.money: coins of ISO 4217, and amounts as people write them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from charging.tariff.money import amount_text, coin_decimals, half_up, is_currency, rate_text, rounded


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("CAD", 2), ("JPY", 0), ("KWD", 3), ("IQD", 3), ("HUF", 2), ("CLF", 4), ("XAU", 2), ("ZZZ", 2)],
)
def test_coins_are_those_of_iso_4217(currency: str, decimals: int) -> None:
    """Not those that shops round to (a dinar of Iraq has 1000 fils); two where the table has none."""
    assert coin_decimals(currency) == decimals


def test_what_is_a_currency() -> None:
    """A code of the table that has coins."""
    assert [is_currency(code) for code in ("CAD", "KWD", "XAU", "ABC", "cad")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_amounts() -> None:
    """Rounded half up at the coin."""
    assert amount_text(11_497_500, "CAD", "fr-CA") == "11,50 $"
    assert amount_text(5_000, "CAD", "en") == "$0.01"
    assert amount_text(1_500_000, "JPY", "en") == "2 JPY"
    assert amount_text(1_500_500, "KWD", "fr-CA") == "1,501 KWD"
    assert rounded(11_547_375, "CAD") == Decimal("11.55")


def test_half_up_at_the_micro_unit() -> None:
    """Exact amounts are rounded once."""
    assert [half_up(each) for each in (7, Fraction(1, 2), Fraction(49, 100), Fraction(3, 2))] == [7, 1, 0, 2]


def test_a_price_keeps_its_decimals() -> None:
    """At least the coin's."""
    assert rate_text(105_500, "CAD", "fr-CA") == "0,1055 $"
    assert rate_text(2_000_000, "USD", "fr-CA") == "2,00 $ US"
    assert rate_text(250_000, "NOK", "en") == "0.25 NOK"
