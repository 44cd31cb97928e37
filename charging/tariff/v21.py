"""A tariff as OCPP 2.1 writes it (TariffType): for SetDefaultTariff, ChangeTransactionTariff and
AuthorizeResponse.

It has prices per kWh, per minute charging and per minute idle, and fees once at the start (I12.FR.30). It has
no holidays, no blocks, and its station decides what counts as idle.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from charging.tariff.model import Component, PriceElement, Tariff, Tax
from charging.tariff.money import Language
from charging.tariff.projecting import (
    CALENDAR,
    USED,
    Lost,
    Projection,
    amount,
    as_component,
    net_micro,
    note_waiver,
    shared_taxes,
    standing_for,
    summed,
    weakened,
)
from charging.tariff.words import price_text

ID_CHARACTERS, TAX_CHARACTERS = 60, 20
_LANGUAGES: tuple[Language, ...] = ("fr-CA", "en")
_FIXED_KEEPS = CALENDAR | {"evse_kind"}
_KEEPS = _FIXED_KEEPS | USED | {"min_charging_s", "max_charging_s", "min_idle_s", "max_idle_s"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS: tuple[tuple[str, str, int], ...] = (
    ("energy_wh", "Energy", 1),
    ("power_w", "Power", 1),
    ("current_ma", "Current", 1000),
    ("duration_s", "Time", 1),
    ("charging_s", "ChargingTime", 1),
    ("idle_s", "IdleTime", 1),
)
_MINUTES = 60


def tariff_to_v21(tariff: Tariff) -> Projection:
    """The TariffType, and what it does not say."""
    lost = Lost()
    plugged = tuple(tariff.priced("time"))
    charging = _together(tuple(tariff.priced("charging")), plugged, "charging", "time", lost)
    parking = as_component(tariff.priced("parking"), "idle")
    idle = _together(tuple(tariff.priced("idle")), parking, "idle", "parking", lost)
    idle = _together(idle, plugged, "idle", "time", lost)
    lost.note("idle-policy", is_lost=bool(idle))
    writer = _Writer(tariff, lost)
    energy = tuple(tariff.priced("energy"))
    for name, prices in (("energy", energy), ("chargingTime", charging), ("idleTime", idle)):
        writer.add(name, weakened(prices, _KEEPS, lost))
    fees = tuple(each for each in tariff.priced("session") if not each.when.has_course)
    lost.note("session", is_lost=len(fees) < len(tuple(tariff.priced("session"))))
    writer.add("fixedFee", weakened(fees, _FIXED_KEEPS, lost))
    for component, name in _RESERVED:
        used = tuple(each for each in tariff.priced(component) if each.when.reservation != "expired")
        lost.note("reservation", is_lost=len(used) < len(tuple(tariff.priced(component))))
        used = tuple(replace(each, when=replace(each.when, reservation=None)) for each in used)
        writer.add(name, weakened(used, _FIXED_KEEPS, lost))
    writer.add_limits()
    note_waiver(tariff, lost)
    return Projection(writer.document, lost.found(), standing_for(tariff, writer.standing))


_RESERVED: tuple[tuple[Component, str], ...] = (
    ("reservation", "reservationTime"),
    ("reservation_fixed", "reservationFixed"),
)
_PRICE_NAMES = {"energy": "priceKwh", "fixedFee": "priceFixed", "reservationFixed": "priceFixed"}


def _together(
    prices: tuple[PriceElement, ...],
    more: Sequence[PriceElement],
    component: Component,
    feature: str,
    lost: Lost,
) -> tuple[PriceElement, ...]:
    both = summed(prices, as_component(more, component))
    lost.note(feature, is_lost=both is None)
    return prices if both is None else both


class _Writer:
    """The document as it grows, and what it stands for."""

    def __init__(self, tariff: Tariff, lost: Lost) -> None:
        self.standing: list[PriceElement] = []
        self.document: dict[str, Any] = {
            "tariffId": tariff.tariff_id[:ID_CHARACTERS],
            "currency": tariff.currency,
            "description": [
                {"format": "UTF8", "language": each, "content": price_text(tariff, each)}
                for each in _LANGUAGES
            ],
        }
        self._tariff, self._lost = tariff, lost

    def add(self, name: str, prices: Sequence[PriceElement]) -> None:
        """The prices of one kind, without tax (2.1 TariffEnergyPriceType: "excl. tax")."""
        if not prices:
            return
        taxes = shared_taxes(self._tariff, prices, self._lost)
        key = _PRICE_NAMES.get(name, "priceMinute")
        unit = _MINUTES if key == "priceMinute" else 1
        found = []
        for each in prices:
            net = net_micro(self._tariff, each)
            micro = net // unit * unit
            self._lost.note("rounding", is_lost=micro != net)
            self._lost.note("step", is_lost=bool(each.step))
            conditions = _conditions(each)
            found.append({key: amount(micro // unit)} | ({"conditions": conditions} if conditions else {}))
            self.standing.append(PriceElement(each.component, micro, each.when, 0, taxes))
        rates = {"taxRates": [_tax(tax) for tax in taxes]} if taxes else {}
        self.document[name] = {"prices": found} | rates

    def add_limits(self) -> None:
        """Before taxes, with them, or both."""
        tariff = self._tariff
        for name, net, gross in (
            ("minCost", tariff.min_micro, tariff.min_with_tax_micro),
            ("maxCost", tariff.max_micro, tariff.max_with_tax_micro),
        ):
            amounts = {"exclTax": net, "inclTax": gross}
            found = {key: amount(value) for key, value in amounts.items() if value is not None}
            if found:
                self.document[name] = found


def _tax(tax: Tax) -> dict[str, Any]:
    rate = {"type": tax.name[:TAX_CHARACTERS], "tax": tax.rate_millipercent / 1000}
    return rate | ({"stack": tax.stack} if tax.stack else {})


def _conditions(element: PriceElement) -> dict[str, Any]:
    when = element.when
    found: dict[str, Any] = {}
    if when.has_clock:
        found["startTimeOfDay"] = f"{when.from_time or time(0):%H:%M}"
        found["endTimeOfDay"] = f"{when.until_time or time(0):%H:%M}"
    if when.weekdays:
        found["dayOfWeek"] = [_DAYS[each] for each in sorted(when.weekdays)]
    for name, day in (("validFromDate", when.from_date), ("validToDate", when.until_date)):
        if day is not None:
            found[name] = day.isoformat()
    if when.evse_kind is not None:
        found["evseKind"] = when.evse_kind
    for ours, theirs, unit in _NUMBERS:
        for end in ("min", "max"):
            value = getattr(when, f"{end}_{ours}")
            if value is not None:
                found[f"{end}{theirs}"] = value / unit if unit > 1 else value
    return found
