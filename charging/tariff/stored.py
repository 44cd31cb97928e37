"""A tariff as JSON values, as databases keep it: what is as it mostly is, is left out.

Fields that a tariff did not have when it was stored are as they mostly are.
"""

from dataclasses import MISSING, fields
from typing import Any

import msgspec

from charging.tariff.model import PriceElement, Tariff, Tax
from charging.tariff.restrictions import Restrictions

_USUAL: dict[type, dict[str, Any]] = {
    kind: {
        each.name: msgspec.to_builtins(each.default) for each in fields(kind) if each.default is not MISSING
    }
    for kind in (Tariff, PriceElement, Restrictions, Tax)
}


def tariff_json(tariff: Tariff) -> dict[str, Any]:
    """JSON values."""
    found = _unusual(tariff)
    found["taxes"] = [_tax(tax) for tax in tariff.taxes]
    if tariff.elements:
        found["elements"] = [_element(each) for each in tariff.elements]
    return found


def tariff_from_json(content: object) -> Tariff:
    """The tariff again. Raises msgspec.ValidationError, which is a ValueError."""
    return msgspec.convert(content, Tariff)


def _element(element: PriceElement) -> dict[str, Any]:
    found = _unusual(element)
    when = _unusual(element.when)
    found.pop("when", None)
    found.pop("taxes", None)
    if when:
        found["when"] = when
    if element.taxes is not None:
        found["taxes"] = [_tax(tax) for tax in element.taxes]
    return found


def _tax(tax: Tax) -> dict[str, Any]:
    return {**msgspec.to_builtins(tax), "on": sorted(tax.on)}


def _unusual(value: Any) -> dict[str, Any]:
    usual = _USUAL[type(value)]
    told = msgspec.to_builtins(value).items()
    found = {name: each for name, each in told if name not in usual or each != usual[name]}
    if "weekdays" in found:
        found["weekdays"] = sorted(found["weekdays"])
    return found
