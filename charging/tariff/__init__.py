"""What a charging session costs, and how to say it to a driver.

Money is integers: micro-units of the currency (0.25 $ = 250_000). `model` says what a tariff is, `course`
what a session was, `bill` what the one costs by the other, `explaining` why, `words` how to say it.
"""

from charging.tariff.bill import Bill, Cost, bill, cost, cost_micro
from charging.tariff.course import Activity, Course, CoursePart, ReservedTime, totals
from charging.tariff.model import (
    ALL_COMPONENTS,
    Component,
    IdlePolicy,
    PriceElement,
    Tariff,
    TariffInvalid,
    Tax,
    in_zone,
)
from charging.tariff.money import MICRO, ROUNDING, Language, amount_text, is_currency, rounded
from charging.tariff.restrictions import Restrictions, RestrictionsInvalid
from charging.tariff.words import element_text, price_text

__all__ = [
    "ALL_COMPONENTS",
    "MICRO",
    "ROUNDING",
    "Activity",
    "Bill",
    "Component",
    "Cost",
    "Course",
    "CoursePart",
    "IdlePolicy",
    "Language",
    "PriceElement",
    "ReservedTime",
    "Restrictions",
    "RestrictionsInvalid",
    "Tariff",
    "TariffInvalid",
    "Tax",
    "amount_text",
    "bill",
    "cost",
    "cost_micro",
    "element_text",
    "in_zone",
    "is_currency",
    "price_text",
    "rounded",
    "totals",
]
