"""What a session costs: lines, taxes, limits, totals. A pure function from a tariff and a course.

Nothing is rounded on the way (`money.ROUNDING`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal

from charging.tariff.course import MS, Activity, Course, ReservedTime, totals
from charging.tariff.model import FIXED, Component, PriceElement, Tariff, Tax, zone_of
from charging.tariff.money import Exact, half_up
from charging.tariff.restrictions import Circumstances, allows
from charging.tariff.stretches import PARKED, Stretch, stretches

Limit = Literal["min", "min_with_tax", "max", "max_with_tax"]
WITHOUT_CLOCK = datetime(2001, 1, 1, tzinfo=UTC)
"""When a session was, where only its totals are known: of no matter to prices that need no course."""
_HOUR_MS = 3_600_000
_PER: dict[Component, int] = {
    "energy": 1_000_000,
    "time": _HOUR_MS,
    "charging": _HOUR_MS,
    "parking": _HOUR_MS,
    "idle": _HOUR_MS,
    "reservation": _HOUR_MS,
}
_STEP_GROUPS: dict[Component, str] = {"charging": "session time", "parking": "session time"}
"""OCPI counts step_size once over TIME and PARKING_TIME together, by the last price of both."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """What one price comes to. `quantity` in mWh or ms, blocks of its step filled; 1 of what is paid once."""

    component: Component
    element: PriceElement
    quantity: Exact
    net: Fraction
    total: Fraction
    added: Exact = 0
    """What filling the last block added to the quantity."""


@dataclass(frozen=True, slots=True)
class TaxAmount:
    """What one tax comes to."""

    name: str
    rate_millipercent: int
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of the session, and the price of each component that counted there."""

    stretch: Stretch
    prices: tuple[PriceElement, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """What a session costs, exactly; `net_micro` before taxes and `total_micro` with them are rounded.

    `limits` are those that bound it; `waived` is what is not due because nothing was taken.
    """

    currency: str
    lines: tuple[BillLine, ...]
    taxes: tuple[TaxAmount, ...]
    net: Fraction
    total: Fraction
    limits: tuple[Limit, ...] = ()
    waived: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def net_micro(self) -> int:
        """Before taxes, at the micro-unit."""
        return half_up(self.net)

    @property
    def total_micro(self) -> int:
        """What the driver pays, at the micro-unit."""
        return half_up(self.total)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a session costs, in micro-units: `net_micro` before taxes, `total_micro` with them."""

    net_micro: int
    total_micro: int


def cost(tariff: Tariff, *, energy_wh: float, duration_s: float, idle_s: float = 0.0) -> Cost:
    """The price of a session of which only totals are known. `duration_s` is plug-in to plug-out, `idle_s`
    its part spent idle, at the end.
    """
    course = totals(WITHOUT_CLOCK, energy_wh=energy_wh, duration_s=duration_s, idle_s=idle_s)
    found = bill(tariff, course)
    return Cost(found.net_micro, found.total_micro)


def cost_micro(tariff: Tariff, *, energy_wh: float, duration_s: float, idle_s: float = 0.0) -> int:
    """What the driver pays for a session, taxes included, in micro-units."""
    return cost(tariff, energy_wh=energy_wh, duration_s=duration_s, idle_s=idle_s).total_micro


def bill(tariff: Tariff, course: Course) -> Bill:
    """The price of a session: lines, totals, and which price counted when."""
    meter, is_in_vain = _Meter(tariff), course.is_in_vain and not tariff.is_due_in_vain
    waived = []
    if course.reserved is not None:
        _reserve(meter, tariff, course, course.reserved)
    if is_in_vain:
        waived += ["session"] * tariff.has_price("session")
    for stretch in stretches(tariff, course):
        meter.run(stretch, is_in_vain=is_in_vain)
    lines = tuple(meter.lines(tariff))
    net = sum((line.net for line in lines), Fraction(0))
    total = sum((line.total for line in lines), Fraction(0))
    if is_in_vain and (tariff.min_micro or tariff.min_with_tax_micro):
        waived.append("min")
        tariff = replace(tariff, min_micro=None, min_with_tax_micro=None)
    limited, with_tax, limits = _limited(tariff, net, total)
    taxes = _taxes(lines, tariff, (with_tax - limited), total - net)
    return Bill(tariff.currency, lines, taxes, limited, with_tax, limits, tuple(waived), tuple(meter.uses))


class _Meter:
    """Counts how much of what each price is for."""

    def __init__(self, tariff: Tariff) -> None:
        self.uses: list[Use] = []
        self._priced = {name: tuple(tariff.priced(name)) for name in _PER}
        self._fixed = tuple(tariff.priced("session"))
        self._due: dict[int, PriceElement] = {}
        self._quantities: dict[tuple[Component, int], Exact] = {}
        self._last: dict[str, tuple[Component, int]] = {}

    def run(self, stretch: Stretch, *, is_in_vain: bool) -> None:
        """Count a stretch."""
        found: list[PriceElement] = []
        if stretch.energy:
            found += self.count("energy", stretch.energy, stretch.now)
        if stretch.ms:
            found += self.count("time", stretch.ms, stretch.now)
            if stretch.activity is Activity.CHARGING:
                found += self.count("charging", stretch.ms, stretch.now)
            elif stretch.activity in PARKED:
                found += self.count("parking", stretch.ms, stretch.now)
            if stretch.is_idle:
                found += self.count("idle", stretch.ms, stretch.now)
        if self._fixed and not is_in_vain:
            found += self._once(stretch)
        self.uses.append(Use(stretch, tuple(found)))

    def count(self, component: Component, quantity: Exact, now: Circumstances) -> Iterator[PriceElement]:
        """Count for the first price that holds; yield it."""
        for index, element in enumerate(self._priced[component]):
            if allows(element.when, now):
                key = (component, index)
                self._quantities[key] = self._quantities.get(key, 0) + quantity
                self._last[_STEP_GROUPS.get(component, component)] = key
                yield element
                return

    def _once(self, stretch: Stretch) -> Iterator[PriceElement]:
        """What is paid once: the first price that holds at the start (OCPP 2.1 I12.FR.30), and each that
        waits for something in the session when that has come.
        """
        is_start, is_found = not self.uses, False
        for index, element in enumerate(self._fixed):
            if index in self._due or not (is_start or element.when.has_course):
                continue
            if (is_found and not element.when.has_course) or not allows(element.when, stretch.now):
                continue
            is_found = is_found or not element.when.has_course
            self._due[index] = element
            yield element

    def once(self, element: PriceElement) -> None:
        """Something that is paid once, whatever the session was."""
        self._due[-1] = element

    def lines(self, tariff: Tariff) -> Iterator[BillLine]:
        """What each price comes to, in the order of the components; the last block of a step filled."""
        added = dict(self._filled())
        for element in self._due.values():
            yield _line(tariff, element, 1, 0)
        for key, quantity in self._quantities.items():
            more = added.get(key, 0)
            yield _line(tariff, self._priced[key[0]][key[1]], quantity + more, more)

    def _filled(self) -> Iterator[tuple[tuple[Component, int], Exact]]:
        for group, key in self._last.items():
            step = self._priced[key[0]][key[1]].step * MS
            if not step:
                continue
            used = sum(
                quantity
                for each, quantity in self._quantities.items()
                if _STEP_GROUPS.get(each[0], each[0]) == group
            )
            yield key, -used % step


def _reserve(meter: _Meter, tariff: Tariff, course: Course, reserved: ReservedTime) -> None:
    """Reservations are looked at once, as of when they began (OCPP 2.1 I12.FR.06)."""
    local = (course.starts_at - timedelta(milliseconds=reserved.ms)).astimezone(zone_of(tariff))
    now = Circumstances(local, local.date() in tariff.holidays, course.evse_kind, reservation=reserved.use)
    list(meter.count("reservation", reserved.ms, now))
    for element in tariff.priced("reservation_fixed"):
        if allows(element.when, now):
            meter.once(element)
            return


def _line(tariff: Tariff, element: PriceElement, quantity: Exact, added: Exact) -> BillLine:
    amount = Fraction(element.micro * quantity)
    if element.component not in FIXED:
        amount /= _PER[element.component]
    net = total = amount
    if taxes := taxes_on(tariff, element):
        factor = tax_factor(taxes)
        net, total = (amount / factor, amount) if tariff.is_tax_included else (amount, amount * factor)
    return BillLine(element.component, element, quantity, net, total, added)


def taxes_on(tariff: Tariff, element: PriceElement) -> tuple[Tax, ...]:
    """The taxes on a price."""
    if element.taxes is not None:
        return element.taxes
    return tuple(tax for tax in tariff.taxes if element.component in tax.on)


def tax_factor(taxes: Iterable[Tax]) -> Fraction:
    """By what the taxes multiply a net price."""
    return 1 + sum((share for _, share in _shares(taxes)), Fraction(0))


def _shares(taxes: Iterable[Tax]) -> Iterator[tuple[Tax, Fraction]]:
    """Each tax as a share of the net price: those of a stack are on the price with the stacks below."""
    ordered = sorted(taxes, key=lambda tax: tax.stack)
    base = below = Fraction(1)
    stack = 0
    for tax in ordered:
        if tax.stack != stack:
            base, stack = below, tax.stack
        share = base * Fraction(tax.rate_millipercent, 100_000)
        below += share
        yield tax, share


def _limited(tariff: Tariff, net: Fraction, total: Fraction) -> tuple[Fraction, Fraction, tuple[Limit, ...]]:
    """(before taxes, with them, the limits that bound it). A limit before taxes alone moves the taxes in
    proportion.
    """
    limits: list[Limit] = []
    limited = _between(net, tariff.min_micro, tariff.max_micro)
    if limited != net:
        limits.append("min" if limited > net else "max")
    if net:
        total = total * limited / net
    else:
        total = limited * tax_factor(tax for tax in tariff.taxes if "session" in tax.on)
    with_tax = _between(total, tariff.min_with_tax_micro, tariff.max_with_tax_micro)
    if with_tax != total:
        limits.append("min_with_tax" if with_tax > total else "max_with_tax")
    return limited, max(with_tax, Fraction(0)), tuple(limits)


def _between(amount: Fraction, least: int | None, most: int | None) -> Fraction:
    if least is not None:
        amount = max(amount, Fraction(least))
    return amount if most is None else min(amount, Fraction(most))


def _taxes(
    lines: Iterable[BillLine], tariff: Tariff, due: Fraction, counted: Fraction
) -> tuple[TaxAmount, ...]:
    """What each tax comes to; together what is `due`, in the proportions of what was `counted`."""
    amounts: dict[tuple[str, int], Fraction] = {}
    for line in lines:
        for tax, share in _shares(taxes_on(tariff, line.element)):
            key = (tax.name, tax.rate_millipercent)
            amounts[key] = amounts.get(key, Fraction(0)) + line.net * share
    if not counted and due:  # only a minimum: with the taxes of a session
        session = [tax for tax in tariff.taxes if "session" in tax.on]
        amounts = {(tax.name, tax.rate_millipercent): share for tax, share in _shares(session)}
        counted = sum(amounts.values(), Fraction(0))
    scale = due / counted if counted else Fraction(0)
    return tuple(TaxAmount(name, rate, amount * scale) for (name, rate), amount in amounts.items())
