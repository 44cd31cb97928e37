"""A tariff in words, for drivers: one line for a display, and when each of its prices holds."""

from collections.abc import Callable, Iterator

from charging.tariff.model import Component, PriceElement, Tariff
from charging.tariff.money import Language, rate_text
from charging.tariff.restrictions import Restrictions

TEXT_CHARACTERS = 254
"""A 1.6 priceText and a 2.0.1 TariffFallbackMessage hold 255."""
Pair = tuple[str, str]
UNITS: dict[Component, Pair] = {
    "energy": ("/kWh", "/kWh"),
    "time": ("/h", "/h"),
    "charging": ("/h de recharge", "/h charging"),
    "parking": ("/h sans charger", "/h not charging"),
    "session": (" par recharge", " per session"),
    "idle": ("/h sans recharger", "/h idle"),
    "reservation": ("/h de réservation", "/h reserved"),
    "reservation_fixed": (" par réservation", " per reservation"),
}
"""In the order in which they are told."""
_DAYS: tuple[Pair, ...] = (
    ("lun.", "Mon"),
    ("mar.", "Tue"),
    ("mer.", "Wed"),
    ("jeu.", "Thu"),
    ("ven.", "Fri"),
    ("sam.", "Sat"),
    ("dim.", "Sun"),
)
_MEASURED: tuple[tuple[str, int, Pair], ...] = (
    ("energy_wh", 1000, ("kWh", "kWh")),
    ("power_w", 1000, ("kW", "kW")),
    ("current_ma", 1000, ("A", "A")),
    ("duration_s", 60, ("min après le début", "min after the start")),
    ("charging_s", 60, ("min de recharge", "min of charging")),
    ("idle_s", 60, ("min sans recharger", "min idle")),
)
_SINGLE: tuple[tuple[str, str, Pair], ...] = (
    ("holidays", "only", ("jours fériés", "holidays")),
    ("holidays", "never", ("sauf jours fériés", "not on holidays")),
    ("evse_kind", "AC", ("bornes CA", "AC stations")),
    ("evse_kind", "DC", ("bornes CC", "DC stations")),
    ("reservation", "used", ("si utilisée", "if used")),
    ("reservation", "expired", ("si expirée", "if expired")),
)


def price_text(tariff: Tariff, language: Language) -> str:
    """The tariff in one line for a display: `0,25 $/kWh + 2,00 $/h`, `Gratuit`, `Free`. Under 255
    characters: prices under too many restrictions are told from the least to the most.
    """
    whole = whole_price_text(tariff, language)
    return whole if len(whole) <= TEXT_CHARACTERS else short_price_text(tariff, language)


def whole_price_text(tariff: Tariff, language: Language) -> str:
    """All of its prices with their restrictions, however long."""
    return _text(tariff, language, _in_full)


def short_price_text(tariff: Tariff, language: Language) -> str:
    """Each kind of price, from the least to the most."""
    return _text(tariff, language, _in_short)


def _text(tariff: Tariff, language: Language, render: Callable[[Tariff, Component, Language], str]) -> str:
    is_french = language == "fr-CA"
    if tariff.is_free:
        return "Gratuit" if is_french else "Free"
    text = " + ".join(render(tariff, name, language) for name in UNITS if tariff.has_price(name))
    if tariff.taxes or any(each.taxes for each in tariff.elements):
        if tariff.is_tax_included:
            return text + (", taxes incluses" if is_french else ", tax included")
        text += ", taxes en sus" if is_french else ", plus tax"
    return text


def _in_full(tariff: Tariff, component: Component, language: Language) -> str:
    return "; ".join(element_text(each, tariff.currency, language) for each in _looked_at(tariff, component))


def _looked_at(tariff: Tariff, component: Component) -> Iterator[PriceElement]:
    """The prices up to the one that always holds: no other comes after it."""
    for each in tariff.priced(component):
        yield each
        if not any(_conditions(each.when, "en")):
            return


def _in_short(tariff: Tariff, component: Component, language: Language) -> str:
    prices = sorted({each.micro for each in _looked_at(tariff, component)})
    texts = [rate_text(each, tariff.currency, language) for each in dict.fromkeys((prices[0], prices[-1]))]
    return "–".join(texts) + UNITS[component][language == "en"]


def element_text(element: PriceElement, currency: str, language: Language) -> str:
    """One price, and when it holds."""
    price = rate_text(element.micro, currency, language) + UNITS[element.component][language == "en"]
    grace = element.when.min_idle_s
    if element.component == "idle" and grace and element.when == Restrictions(min_idle_s=grace):
        return price + (f" après {grace / 60:g} min" if language == "fr-CA" else f" after {grace / 60:g} min")
    when = restrictions_text(element.when, language)
    return f"{price} ({when})" if when else price


def restrictions_text(when: Restrictions, language: Language) -> str:
    """When a price holds, in words; nothing where it always does."""
    return ", ".join(_conditions(when, language))


def _conditions(when: Restrictions, language: Language) -> Iterator[str]:
    column = int(language == "en")
    if when.has_clock:
        begins = f"{when.from_time:%H:%M}" if when.from_time is not None else "00:00"
        ends = f"{when.until_time:%H:%M}" if when.until_time is not None else "00:00"
        yield f"{begins}–{'24:00' if ends == '00:00' else ends}"
    if when.weekdays:
        yield _weekdays(sorted(when.weekdays), column)
    if when.from_date is not None:
        yield f"{('dès le', 'from')[column]} {when.from_date.isoformat()}"
    if when.until_date is not None:
        yield f"{('avant le', 'before')[column]} {when.until_date.isoformat()}"
    for name, value, words in _SINGLE:
        if getattr(when, name) == value:
            yield words[column]
    for name, unit, words in _MEASURED:
        for end, sign in (("min", "≥"), ("max", "<")):
            value = getattr(when, f"{end}_{name}")
            if value is not None:
                yield f"{sign} {_number(value / unit, language)} {words[column]}"


def _number(value: float, language: Language) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if language == "fr-CA" else text


def _weekdays(days: list[int], column: int) -> str:
    names = [_DAYS[day][column] for day in days]
    is_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    return f"{names[0]}–{names[-1]}" if is_row else " ".join(names)
