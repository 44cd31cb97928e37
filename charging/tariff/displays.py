"""A tariff on displays: OCA's California pricing for 1.6, and the texts of 2.0.1 (I02, I05).

The text says the whole price where it has room. The numbers of 1.6 `chargingPrice` are those that hold at any
time: a station that counts with them is never dearer.
"""

import json

from charging.tariff.model import Tariff
from charging.tariff.projecting import Lost, Projection, amount, least_price
from charging.tariff.restrictions import ALWAYS
from charging.tariff.words import price_text, short_price_text, whole_price_text

VALUE_CHARACTERS = 500
"""OCPP 1.6 ChangeConfiguration.value."""
MESSAGE_CHARACTERS = 255
"""OCPP 2.0.1 part 2 appendix: TariffFallbackMessage and TotalCostFallbackMessage."""


def tariff_to_v16(tariff: Tariff) -> Projection:
    """`DefaultPrice`: a text, and the three numbers that it has room for."""
    lost = _limits_lost(tariff)
    kwh, flat = least_price(tariff, "energy"), least_price(tariff, "session")
    hour = least_price(tariff, "time") + least_price(tariff, "charging")
    lost.note("restrictions", is_lost=any(each.when != ALWAYS for each in tariff.elements))
    prices = {"kWhPrice": amount(kwh), "hourPrice": amount(hour), "flatFee": amount(flat)}
    document = {"priceText": price_text(tariff, "fr-CA"), "chargingPrice": prices}
    stands_for = Tariff(
        tariff.tariff_id,
        tariff.currency,
        energy_micro_per_kwh=kwh,
        time_micro_per_h=least_price(tariff, "time"),
        session_micro=flat,
        taxes=tariff.taxes,
        is_tax_included=tariff.is_tax_included,
        is_due_in_vain=True,
    )
    return Projection(document, lost.found(), stands_for)


def tariff_to_v201(tariff: Tariff) -> Projection:
    """`TariffFallbackMessage`: a text in both languages; its station counts nothing with it."""
    lost = _limits_lost(tariff)
    text = bilingual_text(tariff, MESSAGE_CHARACTERS)
    lost.note("restrictions", is_lost=not text.startswith(whole_price_text(tariff, "fr-CA")))
    return Projection(text, lost.found(), Tariff(tariff.tariff_id, tariff.currency))


def bilingual_text(tariff: Tariff, most: int) -> str:
    """The price in French and English; where that has no room, from the least to the most."""
    whole = f"{price_text(tariff, 'fr-CA')} / {price_text(tariff, 'en')}"
    if len(whole) <= most:
        return whole
    return f"{short_price_text(tariff, 'fr-CA')} / {short_price_text(tariff, 'en')}"[:most]


def json_text(document: object) -> str:
    """JSON without blanks: the value of a 1.6 key has little room."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _limits_lost(tariff: Tariff) -> Lost:
    """Neither says that there is a least or a most; what is idle and reserved is in the text."""
    lost = Lost()
    lost.note("min", is_lost=bool(tariff.min_micro or tariff.min_with_tax_micro))
    lost.note("max", is_lost=bool(tariff.max_micro or tariff.max_with_tax_micro))
    return lost
