"""A tariff as OCPI 2.2.1 and 2.3 write it (mod_tariffs).

OCPI prices energy, time that is charged (TIME), time that is not (PARKING_TIME) and what is paid once (FLAT).
It has no idle time, no grace, no holidays, and one VAT percentage per price.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any, Literal

from charging.tariff.bill import tax_factor
from charging.tariff.model import FIXED, Component, PriceElement, Tariff
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
from charging.tariff.restrictions import Restrictions

Release = Literal["2.2.1", "2.3.0"]
_KEEPS = CALENDAR | USED | {"reservation"}
_TYPES: dict[Component, str] = {
    "energy": "ENERGY",
    "charging": "TIME",
    "parking": "PARKING_TIME",
    "session": "FLAT",
    "reservation": "TIME",
    "reservation_fixed": "FLAT",
}
_ALIKE: tuple[Component, ...] = ("energy", "session")
_RESERVED: tuple[Component, ...] = ("reservation", "reservation_fixed")
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_NUMBERS: tuple[tuple[str, str, int], ...] = (
    ("energy_wh", "kwh", 1000),
    ("power_w", "power", 1000),
    ("current_ma", "current", 1000),
    ("duration_s", "duration", 1),
)


def tariff_to_ocpi(
    tariff: Tariff, *, country_code: str, party_id: str, updated_at: datetime, release: Release = "2.3.0"
) -> Projection:
    """The tariff object, and what it does not say."""
    lost = Lost()
    is_gross = tariff.is_tax_included and release == "2.3.0"
    elements: list[dict[str, Any]] = []
    standing: list[PriceElement] = []
    for prices in _components(tariff, lost):
        taxes = shared_taxes(tariff, prices, lost)
        lost.note("tax-names", is_lost=len(taxes) > 1)
        for each in prices:
            micro = each.micro if is_gross else net_micro(tariff, each)
            step = each.step or int(each.component not in FIXED)
            lost.note("exact-step", is_lost=step != each.step)
            standing.append(PriceElement(each.component, micro, each.when, step, taxes))
            elements.append(_element(standing[-1]))
    note_waiver(tariff, lost)
    document: dict[str, Any] = {
        "country_code": country_code,
        "party_id": party_id,
        "id": tariff.tariff_id,
        "currency": tariff.currency,
        "elements": elements or [_element(PriceElement("session", 0))],
        **_limits(tariff, release),
        "last_updated": updated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if release == "2.3.0":
        has_taxes = any(each.taxes for each in standing)
        document["tax_included"] = "YES" if is_gross else "NO" if has_taxes else "N/A"
    return Projection(document, lost.found(), standing_for(tariff, standing, is_tax_included=is_gross))


def _components(tariff: Tariff, lost: Lost) -> Iterator[tuple[PriceElement, ...]]:
    """The prices of each dimension, in OCPI's terms."""
    plugged = tuple(tariff.priced("time"))
    idle = tuple(tariff.priced("idle"))
    lost.note("idle", is_lost=bool(idle) and tariff.idle_policy != "not-charging")
    if tariff.idle_policy != "not-charging":
        idle = ()  # PARKING_TIME is all that is not charging: more than what counts as idle
    name: Component
    none: tuple[PriceElement, ...] = ()
    for name, more in (("charging", none), ("parking", idle)):
        prices = tuple(tariff.priced(name))
        for feature, some in (("time", plugged), ("idle", more)):
            both = summed(prices, as_component(some, name))
            lost.note(feature, is_lost=both is None)
            prices = prices if both is None else both
        yield weakened(prices, _KEEPS, lost)
    for name in _ALIKE:
        yield weakened(tuple(tariff.priced(name)), _KEEPS, lost)
    for name in _RESERVED:
        # A price for reservations holds for those that expired as well, unless one for these comes first.
        prices = tuple(tariff.priced(name))
        is_only_used = any(each.when.reservation == "used" for each in prices)
        free = (PriceElement(name, 0, Restrictions(reservation="expired")),) * is_only_used
        expired = tuple(each for each in prices if each.when.reservation == "expired")
        others = tuple(each for each in prices if each.when.reservation != "expired")
        yield weakened((*expired, *free, *others), _KEEPS, lost)


def _element(element: PriceElement) -> dict[str, Any]:
    component: dict[str, Any] = {"type": _TYPES[element.component], "price": amount(element.micro)}
    if element.taxes:
        component["vat"] = float((tax_factor(element.taxes) - 1) * 100)
    component["step_size"] = element.step or 1
    found: dict[str, Any] = {"price_components": [component]}
    restrictions = _restrictions(element)
    return found | ({"restrictions": restrictions} if restrictions else {})


def _restrictions(element: PriceElement) -> dict[str, Any]:
    when = element.when
    found: dict[str, Any] = {}
    if when.has_clock:
        found["start_time"] = f"{when.from_time or time(0):%H:%M}"
        found["end_time"] = f"{when.until_time or time(0):%H:%M}"
    for name, day in (("start_date", when.from_date), ("end_date", when.until_date)):
        if day is not None:
            found[name] = day.isoformat()
    for ours, theirs, unit in _NUMBERS:
        for end in ("min", "max"):
            value = getattr(when, f"{end}_{ours}")
            if value is not None:
                found[f"{end}_{theirs}"] = value / unit if unit > 1 else value
    if when.weekdays:
        found["day_of_week"] = [_DAYS[each] for each in sorted(when.weekdays)]
    if element.component.startswith("reservation"):
        expired = when.reservation == "expired"
        found["reservation"] = "RESERVATION_EXPIRES" if expired else "RESERVATION"
    return found


def _limits(tariff: Tariff, release: Release) -> dict[str, Any]:
    """A limit with tax alone has one before taxes that never binds."""
    before, after = ("before_taxes", "after_taxes") if release == "2.3.0" else ("excl_vat", "incl_vat")
    found: dict[str, Any] = {}
    for name, net, gross, otherwise in (
        ("min_price", tariff.min_micro, tariff.min_with_tax_micro, 0),
        ("max_price", tariff.max_micro, tariff.max_with_tax_micro, tariff.max_with_tax_micro),
    ):
        if net is not None or gross is not None:
            found[name] = {before: amount(net if net is not None else otherwise or 0)}
            if gross is not None:
                found[name][after] = amount(gross)
    return found
