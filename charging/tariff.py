"""What a charging session costs, and how to say it to a driver.

Money is integers: micro-units of the currency (0.25 $ = 250_000). Energy in Wh, time in seconds. Prices are
before tax. Every sum is exact; it is rounded once to a micro-unit, and once more to the coin where it is
shown.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

MICRO = 1_000_000
Language = Literal["fr-CA", "en"]
Component = Literal["energy", "time", "session", "idle"]
ALL_COMPONENTS: frozenset[Component] = frozenset({"energy", "time", "session", "idle"})

_COIN_DECIMALS = {"JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0}  # ISO 4217; all others we meet have 2
_SYMBOLS: dict[Language, dict[str, str]] = {
    "fr-CA": {"CAD": "$", "USD": "$ US", "EUR": "€", "GBP": "£"},
    "en": {"CAD": "$", "USD": "US$", "EUR": "€", "GBP": "£"},
}


class TariffInvalid(ValueError):  # noqa: N818 - named by what is wrong
    """The tariff contradicts itself; the text names the field."""


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax on the components in `on`. `rate_millipercent`: 9975 is 9.975 %.

    `stack` 0 is on the net price, 1 on the net price plus the taxes of stack 0 (OCPP 2.1 TaxRateType).
    """

    name: str
    rate_millipercent: int
    stack: Literal[0, 1] = 0
    on: frozenset[Component] = ALL_COMPONENTS


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price. All amounts are integer micro-units of `currency`; zero means the component is free.

    `time_micro_per_h` runs from plug-in to plug-out; `idle_micro_per_h` comes on top while plugged in without
    charging, after `idle_grace_s`. The four limits bind the sum before and after taxes. Changed content must
    get a new `tariff_id` (OCPP 2.1 I08.FR.08). Raises TariffInvalid.
    """

    tariff_id: str
    currency: str
    energy_micro_per_kwh: int = 0
    time_micro_per_h: int = 0
    session_micro: int = 0
    idle_micro_per_h: int = 0
    idle_grace_s: int = 0
    min_micro: int | None = None
    min_with_tax_micro: int | None = None
    max_micro: int | None = None
    max_with_tax_micro: int | None = None
    taxes: tuple[Tax, ...] = ()

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise TariffInvalid(f"currency must be three capital letters like CAD, not {self.currency!r}")
        for name in ("energy_micro_per_kwh", "time_micro_per_h", "session_micro", "idle_micro_per_h"):
            if getattr(self, name) < 0:
                raise TariffInvalid(f"{name} must not be negative: a session never earns the driver money")
        if None not in (self.min_micro, self.max_micro) and (self.min_micro or 0) > (self.max_micro or 0):
            raise TariffInvalid("min_micro must not be above max_micro")

    @property
    def metered(self) -> frozenset[Component]:
        """The priced components of which only the station can tell how much there was: time and sessions are
        known without it.
        """
        prices: dict[Component, int] = {"energy": self.energy_micro_per_kwh, "idle": self.idle_micro_per_h}
        return frozenset(component for component, price in prices.items() if price)

    @property
    def is_free(self) -> bool:
        """Whether no session can cost anything."""
        prices = (self.energy_micro_per_kwh, self.time_micro_per_h, self.session_micro, self.idle_micro_per_h)
        return not any(prices) and not self.min_micro and not self.min_with_tax_micro


@dataclass(frozen=True, slots=True)
class Cost:
    """What a session costs, in micro-units: `net_micro` before taxes, `total_micro` with them."""

    net_micro: int
    total_micro: int


def cost(tariff: Tariff, *, energy_wh: float, duration_s: float, idle_s: float = 0.0) -> Cost:
    """The price of a session. `duration_s` is plug-in to plug-out, `idle_s` its part spent without
    charging.
    """
    lines = _lines(tariff, energy_wh, duration_s, idle_s)
    net = sum(lines.values(), Fraction(0))
    total = net + _tax(tariff.taxes, lines)
    limited = _between(net, tariff.min_micro, tariff.max_micro)
    # A limit before taxes alone moves the taxes in proportion.
    total = total * limited / net if net else limited + _tax(tariff.taxes, {"session": limited})
    total = _between(total, tariff.min_with_tax_micro, tariff.max_with_tax_micro)
    return Cost(_half_up(limited), _half_up(total))


def cost_micro(tariff: Tariff, *, energy_wh: float, duration_s: float, idle_s: float = 0.0) -> int:
    """What the driver pays for a session, taxes included, in micro-units."""
    return cost(tariff, energy_wh=energy_wh, duration_s=duration_s, idle_s=idle_s).total_micro


def _lines(tariff: Tariff, energy_wh: float, duration_s: float, idle_s: float) -> dict[Component, Fraction]:
    billed_idle_s = max(idle_s - tariff.idle_grace_s, 0.0)
    return {
        "energy": tariff.energy_micro_per_kwh * _thousandths(energy_wh) / 1000,
        "time": tariff.time_micro_per_h * _thousandths(duration_s) / 3600,
        "session": Fraction(tariff.session_micro),
        "idle": tariff.idle_micro_per_h * _thousandths(billed_idle_s) / 3600,
    }


def _thousandths(value: float) -> Fraction:
    """A measured value as an exact number of thousandths: meters and clocks do not resolve more."""
    return Fraction(round(max(value, 0.0) * 1000), 1000)


def _tax(taxes: tuple[Tax, ...], lines: dict[Component, Fraction]) -> Fraction:
    total = Fraction(0)
    for component, net in lines.items():
        applying = [tax for tax in taxes if component in tax.on]
        first = net * sum((_rate(tax) for tax in applying if tax.stack == 0), Fraction(0))
        second = (net + first) * sum((_rate(tax) for tax in applying if tax.stack == 1), Fraction(0))
        total += first + second
    return total


def _rate(tax: Tax) -> Fraction:
    return Fraction(tax.rate_millipercent, 100_000)


def _between(amount: Fraction, least: int | None, most: int | None) -> Fraction:
    if least is not None:
        amount = max(amount, Fraction(least))
    return amount if most is None else min(amount, Fraction(most))


def _half_up(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))  # amounts are never negative


def rounded(amount_micro: int, currency: str) -> Decimal:
    """The amount at the currency's smallest coin, half up: Decimal("11.50")."""
    coin = Decimal(1).scaleb(-_COIN_DECIMALS.get(currency, 2))
    return Decimal(amount_micro).scaleb(-6).quantize(coin, ROUND_HALF_UP)


def amount_text(amount_micro: int, currency: str, language: Language) -> str:
    """An amount as people write it, at the coin: `11,50 $` in fr-CA, `$11.50` in en."""
    return _with_symbol(str(rounded(amount_micro, currency)), currency, language)


def price_text(tariff: Tariff, language: Language) -> str:
    """The tariff in one line for a display: `0,25 $/kWh + 2,00 $/h`, `Gratuit`, `Free`. Under 255
    characters.
    """
    is_french = language == "fr-CA"
    if tariff.is_free:
        return "Gratuit" if is_french else "Free"
    minutes = f"{tariff.idle_grace_s / 60:g}"
    grace = f" après {minutes} min" if is_french else f" after {minutes} min"
    parts = (
        (tariff.energy_micro_per_kwh, "/kWh"),
        (tariff.time_micro_per_h, "/h"),
        (tariff.session_micro, " par recharge" if is_french else " per session"),
        (
            tariff.idle_micro_per_h,
            ("/h sans recharger" if is_french else "/h idle") + grace * bool(tariff.idle_grace_s),
        ),
    )
    text = " + ".join(_rate_text(micro, tariff.currency, language) + unit for micro, unit in parts if micro)
    if tariff.taxes:
        text += ", taxes en sus" if is_french else ", plus tax"
    return text


def _rate_text(micro: int, currency: str, language: Language) -> str:
    """A price per unit: at least the coin's decimals, and as many more as it has (0.105 stays 0.105)."""
    coin = rounded(micro, currency)
    exact = Decimal(micro).scaleb(-6).normalize()
    return _with_symbol(str(coin) if coin == exact else f"{exact:f}", currency, language)


def _with_symbol(number: str, currency: str, language: Language) -> str:
    symbol = _SYMBOLS[language].get(currency)
    if language == "fr-CA":
        return f"{number.replace('.', ',')} {symbol or currency}"
    return f"{symbol}{number}" if symbol else f"{number} {currency}"
