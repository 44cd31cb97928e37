"""What a charging session costs, and how to say it to a driver.

Money is integers: micro-units of the currency (0.25 $ = 250_000). Energy in Wh, time in seconds. Prices are before
tax; taxes are added to the total. Nothing is rounded but once, at the end (provisioning §3: "round once").
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

MICRO = 1_000_000
Language = Literal["fr-CA", "en"]


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax. `rate_millipercent`: 9975 is 9.975 %. `stack` 0 is on the net price, 1 on top of all of stack 0."""

    name: str
    rate_millipercent: int
    stack: int = 0


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price. All amounts are integer micro-units of `currency`, before tax; zero means the component is free.

    `time_micro_per_h` runs from plug-in to plug-out; `idle_micro_per_h` runs only while plugged in without charging,
    after `idle_grace_s`. Changed content must get a new `tariff_id` (OCPP 2.1 I08.FR.08).
    """

    tariff_id: str
    currency: str
    energy_micro_per_kwh: int = 0
    time_micro_per_h: int = 0
    session_micro: int = 0
    idle_micro_per_h: int = 0
    idle_grace_s: int = 0
    min_micro: int | None = None
    max_micro: int | None = None
    taxes: tuple[Tax, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether no session can cost anything."""
        raise NotImplementedError


def cost_micro(tariff: Tariff, *, energy_wh: float, duration_s: float, idle_s: float = 0.0) -> int:
    """The price of a session before tax, in micro-units. `idle_s` is the part of `duration_s` spent not charging."""
    raise NotImplementedError


def cost_with_tax_micro(net_micro: int, taxes: tuple[Tax, ...]) -> int:
    """`net_micro` plus all taxes, in micro-units."""
    raise NotImplementedError


def rounded(amount_micro: int, currency: str) -> Decimal:
    """The amount at the currency's smallest coin, half up: Decimal("11.50")."""
    raise NotImplementedError


def amount_text(amount_micro: int, currency: str, language: Language) -> str:
    """An amount as people write it: `11,50 $` in fr-CA, `$11.50` in en."""
    raise NotImplementedError


def price_text(tariff: Tariff, language: Language) -> str:
    """The tariff in one line for a display: `0,25 $/kWh + 2,00 $/h`, `Gratuit`, `Free`. At most 255 characters."""
    raise NotImplementedError
