"""Amounts: integer micro-units of a currency, and how people write them.

`ROUNDING` is the one rule: every sum is exact (whole numbers and fractions, no floats); it is rounded half up
once to a micro-unit, and once more to the coin where it is shown. Coins are those of ISO 4217.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from iso4217 import raw_table

MICRO = 1_000_000
ROUNDING = "exact sums, half up once: to a micro-unit, and to the coin where it is shown"
Language = Literal["fr-CA", "en"]
Exact = int | Fraction

_USUAL_DECIMALS = 2
_SYMBOLS: dict[Language, dict[str, str]] = {
    "fr-CA": {"CAD": "$", "USD": "$ US", "EUR": "€", "GBP": "£"},
    "en": {"CAD": "$", "USD": "US$", "EUR": "€", "GBP": "£"},
}


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has it, and it is money that has coins: gold (XAU) has none."""
    known = raw_table.get(code)
    return known is not None and str(known["CcyMnrUnts"]).isdigit()


@cache
def coin_decimals(currency: str) -> int:
    """The decimals of the smallest coin; two for a code that ISO 4217 does not know (any more)."""
    units = str(raw_table.get(currency, {}).get("CcyMnrUnts"))
    return int(units) if units.isdigit() else _USUAL_DECIMALS


def half_up(amount: Exact) -> int:
    """An exact amount at the micro-unit; amounts are never negative."""
    return int(amount + Fraction(1, 2))


def rounded(amount_micro: int, currency: str) -> Decimal:
    """The amount at the currency's smallest coin, half up: Decimal("11.50")."""
    coin = Decimal(1).scaleb(-coin_decimals(currency))
    return Decimal(amount_micro).scaleb(-6).quantize(coin, ROUND_HALF_UP)


def amount_text(amount_micro: int, currency: str, language: Language) -> str:
    """An amount as people write it, at the coin: `11,50 $` in fr-CA, `$11.50` in en."""
    return _with_symbol(str(rounded(amount_micro, currency)), currency, language)


def rate_text(micro: int, currency: str, language: Language) -> str:
    """A price per unit: at least the coin's decimals, and as many more as it has (0.105 stays 0.105)."""
    coin = rounded(micro, currency)
    exact = Decimal(micro).scaleb(-6).normalize()
    return _with_symbol(str(coin) if coin == exact else f"{exact:f}", currency, language)


def _with_symbol(number: str, currency: str, language: Language) -> str:
    symbol = _SYMBOLS[language].get(currency)
    if language == "fr-CA":
        return f"{number.replace('.', ',')} {symbol or currency}"
    return f"{symbol}{number}" if symbol else f"{number} {currency}"
