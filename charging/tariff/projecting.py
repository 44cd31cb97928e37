"""A tariff as others can hold it: what they lose of it, and never dearer than it is.

Who takes nothing is not part of that promise: stations and roaming partners know no waiver, and count a
minimum and a price per session all the same. It is told as lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from charging.tariff.bill import tax_factor, taxes_on
from charging.tariff.model import Component, PriceElement, Tariff, Tax
from charging.tariff.restrictions import ALWAYS, NAMES, Restrictions

CALENDAR = frozenset({"from_time", "until_time", "weekdays", "from_date", "until_date"})
USED = frozenset(
    f"{end}_{name}" for name in ("energy_wh", "power_w", "current_ma", "duration_s") for end in ("min", "max")
)
"""What every standard can ask of a session."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a tariff says and its projection does not."""

    feature: str
    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Projection:
    """A tariff in the form of somebody else. `stands_for` is what that form charges."""

    document: Any
    losses: tuple[Loss, ...]
    stands_for: Tariff


LOSSES = {
    each.feature: each
    for each in (
        Loss("min", "prix minimum", "minimum price"),
        Loss("max", "prix maximum", "maximum price"),
        Loss("restrictions", "prix selon l'heure, le jour ou l'usage", "prices by time, day or use"),
        Loss("holidays", "jours fériés", "holidays"),
        Loss("evse-kind", "courant alternatif ou continu", "AC or DC"),
        Loss("idle", "frais sans recharger", "idle fee"),
        Loss("idle-policy", "ce qui compte comme sans recharger", "what counts as idle"),
        Loss("charging-time", "durée de recharge comme condition", "charging time as a condition"),
        Loss("parking", "frais branché sans charger", "fee while not charging"),
        Loss("time", "prix par heure branché", "price per hour plugged in"),
        Loss("session", "prix par recharge sous condition", "price per session under a condition"),
        Loss("reservation", "prix des réservations", "prices of reservations"),
        Loss("step", "blocs facturés", "billed blocks"),
        Loss("exact-step", "fractions de Wh et de seconde", "parts of a Wh and of a second"),
        Loss("rounding", "moins d'un micro par minute", "less than a micro-unit per minute"),
        Loss("taxes", "taxes différentes d'un même prix", "different taxes of one price"),
        Loss("tax-names", "noms des taxes", "names of the taxes"),
        Loss("in-vain", "gratuité de qui n'a rien pris", "nothing due from who takes nothing"),
    )
}
_FEATURES = {
    "holidays": "holidays",
    "evse_kind": "evse-kind",
    "min_charging_s": "charging-time",
    "max_charging_s": "charging-time",
    "min_idle_s": "idle",
    "max_idle_s": "idle",
    "reservation": "reservation",
}


class Lost:
    """Collects what is lost."""

    def __init__(self) -> None:
        self._features: dict[str, None] = {}

    def note(self, feature: str, *, is_lost: bool = True) -> None:
        """It is lost."""
        if is_lost:
            self._features[feature] = None

    def found(self) -> tuple[Loss, ...]:
        """In the order in which it was noted."""
        return tuple(LOSSES[each] for each in self._features)


def weakened(elements: Sequence[PriceElement], keeps: frozenset[str], lost: Lost) -> tuple[PriceElement, ...]:
    """The prices of one component with none but these restrictions, and never dearer.

    A price that loses a restriction holds more often: it falls to the least of those that would hold then.
    """
    found = []
    for number, each in enumerate(elements):
        dropped = [name for name in NAMES if name not in keeps and getattr(each.when, name) != _USUAL[name]]
        if dropped:
            for name in dropped:
                lost.note(_FEATURES.get(name, "restrictions"))
            usual = {name: _USUAL[name] for name in dropped}
            micro = min(each.micro, _least(elements[number + 1 :]))
            # Its block could be the last of a session that ended under another price.
            found.append(replace(each, micro=micro, when=replace(each.when, **usual), step=0))
        else:
            found.append(each)
    return tuple(found)


_USUAL: dict[str, Any] = {each.name: each.default for each in fields(Restrictions)}


def _least(elements: Iterable[PriceElement]) -> int:
    """The least that these can come to, whatever holds; nothing where none always does."""
    least: int | None = None
    for each in elements:
        least = each.micro if least is None else min(least, each.micro)
        if each.when == ALWAYS:
            return least
    return 0


def least_price(tariff: Tariff, component: Component) -> int:
    """The least that a component costs at any time."""
    return _least(tuple(tariff.priced(component)))


def summed(first: Sequence[PriceElement], second: Sequence[PriceElement]) -> tuple[PriceElement, ...] | None:
    """Two prices for the same time as one; None where both depend on something."""
    if not first or not second:
        return tuple(first or second)
    for some, others in ((first, second), (second, first)):
        head = some[0]
        if head.when == ALWAYS and not head.step and not any(each.step for each in others):
            both = [replace(each, micro=each.micro + head.micro) for each in others]
            if others[-1].when != ALWAYS:
                both.append(replace(head, component=others[0].component))
            return tuple(both)
    return None


def as_component(elements: Iterable[PriceElement], component: Component) -> tuple[PriceElement, ...]:
    """The same prices for another use."""
    return tuple(replace(each, component=component) for each in elements)


def net_micro(tariff: Tariff, element: PriceElement) -> int:
    """A price before taxes, rounded down where the tariff's has them."""
    if not tariff.is_tax_included:
        return element.micro
    return int(element.micro / tax_factor(taxes_on(tariff, element)))


def shared_taxes(tariff: Tariff, elements: Sequence[PriceElement], lost: Lost) -> tuple[Tax, ...]:
    """The taxes of one component's prices; where they differ, those that come to the least."""
    every = [taxes_on(tariff, each) for each in elements]
    lost.note("taxes", is_lost=len(set(every)) > 1)
    return min(every, key=tax_factor, default=())


def amount(micro: int) -> float:
    """A JSON number; the money itself is counted in micro-units."""
    return micro / 1_000_000


def note_waiver(tariff: Tariff, lost: Lost) -> None:
    """Others count a minimum and a session of who takes nothing."""
    is_due = bool(tariff.min_micro or tariff.min_with_tax_micro) or tariff.has_price("session")
    lost.note("in-vain", is_lost=is_due and not tariff.is_due_in_vain)


def standing_for(
    tariff: Tariff, elements: Iterable[PriceElement], *, is_tax_included: bool = False
) -> Tariff:
    """What a projection charges, as a tariff: the limits are the same."""
    return Tariff(
        tariff.tariff_id,
        tariff.currency,
        min_micro=tariff.min_micro,
        min_with_tax_micro=tariff.min_with_tax_micro,
        max_micro=tariff.max_micro,
        max_with_tax_micro=tariff.max_with_tax_micro,
        taxes=tariff.taxes,
        elements=tuple(elements),
        idle_policy=tariff.idle_policy,
        is_tax_included=is_tax_included,
        is_due_in_vain=True,
        zone=tariff.zone,
    )
