"""Tariffs: a superset of those of OCPI 2.3 and OCPP 2.1.

A simple tariff has one price per kind of use. `elements` hold under restrictions and come before these: of
each kind of use, at each instant, the first element counts whose restrictions hold, and the simple price
where none does (OCPI's rule, and OCPP 2.1 I12.FR.34).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from charging.tariff.restrictions import ALWAYS, Restrictions

Component = Literal[
    "energy", "time", "charging", "parking", "idle", "session", "reservation", "reservation_fixed"
]
"""What has a price: energy per kWh; time per hour, from plug-in to plug-out; of it what it charges, what it
does not charge (parking), and what it is idle; once per session; reservations per hour and once.
"""
ALL_COMPONENTS: frozenset[Component] = frozenset(get_args(Component))
FIXED: frozenset[Component] = frozenset({"session", "reservation_fixed"})

IdlePolicy = Literal["ev-after-charging", "ev-side", "not-charging"]
"""What counts as idle, after somebody was authorized: that the vehicle takes nothing once it has charged
(never that the station offers nothing; of a station that never says that it charges, any time); that the
vehicle takes nothing; that it does not charge, whoever is the cause.
"""
IDLE_POLICIES: tuple[IdlePolicy, ...] = get_args(IdlePolicy)

ELEMENTS_MOST, HOLIDAYS_MOST, TAXES_MOST, STACKS_MOST = 60, 400, 5, 5


class TariffInvalid(ValueError):  # noqa: N818 - named by what is wrong
    """The tariff contradicts itself; the text names the field."""


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax on the components in `on`. `rate_millipercent`: 9975 is 9.975 %.

    `stack` 0 is on the net price, 1 on the net price plus the taxes of stack 0, and so on (OCPP 2.1
    I12.FR.13).
    """

    name: str
    rate_millipercent: int
    stack: int = 0
    on: frozenset[Component] = ALL_COMPONENTS


@dataclass(frozen=True, slots=True)
class PriceElement:
    """A price that holds under restrictions: micro-units per kWh, per hour, or once.

    `step` is the block that is billed, in Wh or seconds, once per session (OCPI step_size); 0: what was used.
    `taxes` None: those of the tariff that are on its component.
    """

    component: Component
    micro: int
    when: Restrictions = ALWAYS
    step: int = 0
    taxes: tuple[Tax, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price. All amounts are integer micro-units of `currency`; zero means the component is free.

    `time_micro_per_h` runs from plug-in to plug-out; `idle_micro_per_h` comes on top while idle, after
    `idle_grace_s` of each idle period. The four limits bind the sum before and after taxes. Who takes no
    energy pays neither minimum nor session, unless `is_due_in_vain`. Prices are before taxes, unless
    `is_tax_included`. Restrictions on the clock are meant in `zone`. Changed content must get a new
    `tariff_id` (OCPP 2.1 I08.FR.08). Raises TariffInvalid.
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
    elements: tuple[PriceElement, ...] = ()
    idle_policy: IdlePolicy = "ev-after-charging"
    holidays: tuple[date, ...] = ()
    is_tax_included: bool = False
    is_due_in_vain: bool = False
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise TariffInvalid(f"currency must be three capital letters like CAD, not {self.currency!r}")
        for name in _SIMPLE_NAMES:
            if getattr(self, name) < 0:
                raise TariffInvalid(f"{name} must not be negative: a session never earns the driver money")
        for suffix in ("micro", "with_tax_micro"):
            least, most = getattr(self, f"min_{suffix}"), getattr(self, f"max_{suffix}")
            if least is not None and most is not None and least > most:
                raise TariffInvalid(f"min_{suffix} must not be above max_{suffix}")
        self._check_elements()
        if self.zone is not None:
            zone_of(self)

    def _check_elements(self) -> None:
        if self.idle_policy not in IDLE_POLICIES:
            raise TariffInvalid(f"idle_policy must be one of {', '.join(IDLE_POLICIES)}")
        if len(self.elements) > ELEMENTS_MOST or len(self.holidays) > HOLIDAYS_MOST:
            raise TariffInvalid(f"at most {ELEMENTS_MOST} elements and {HOLIDAYS_MOST} holidays")
        for number, each in enumerate(self.elements):
            where = f"elements[{number}]"
            if each.component not in ALL_COMPONENTS:
                raise TariffInvalid(f"{where}.component must be one of {', '.join(get_args(Component))}")
            if each.micro < 0 or each.step < 0:
                raise TariffInvalid(f"{where}: a price and its step must not be negative")
            if each.step and each.component in FIXED:
                raise TariffInvalid(f"{where}.step: what is paid once has no step")
            is_reservation = each.component.startswith("reservation")
            if each.when.reservation is not None and not is_reservation:
                raise TariffInvalid(f"{where}.when.reservation is for prices of reservations")
        every = (*self.taxes, *(tax for each in self.elements for tax in each.taxes or ()))
        if any(tax.rate_millipercent < 0 or not 0 <= tax.stack < STACKS_MOST for tax in every):
            raise TariffInvalid(f"a tax must not be negative, and its stack be from 0 to {STACKS_MOST - 1}")

    @property
    def is_simple(self) -> bool:
        """Whether one price per kind of use says it all."""
        return not self.elements

    def priced(self, component: Component) -> Iterator[PriceElement]:
        """The prices of a component, the first that holds counts; the simple price last."""
        yield from (each for each in self.elements if each.component == component)
        simple = _SIMPLE.get(component)
        micro = getattr(self, simple) if simple is not None else 0
        if micro:
            graced = component == "idle" and self.idle_grace_s
            yield PriceElement(
                component, micro, Restrictions(min_idle_s=self.idle_grace_s) if graced else ALWAYS
            )

    def has_price(self, *components: Component) -> bool:
        """Whether one of them can cost something."""
        return any(each.micro for name in components for each in self.priced(name))

    @property
    def metered(self) -> frozenset[Component]:
        """What only the station can tell and the price depends on: energy, and whether it charges (idle).

        Time and sessions are known without it.
        """
        names: set[Component] = set()
        used = [each.when for each in self.elements if each.micro]
        if self.has_price("energy") or any(_needs(when, "energy_wh", "power_w") for when in used):
            names.add("energy")
        if self.has_price("idle", "charging", "parking") or any(
            _needs(when, "charging_s", "idle_s") for when in used
        ):
            names.add("idle")
        return frozenset(names)

    @property
    def has_time_price(self) -> bool:
        """Whether it matters how long it lasts, or when it was."""
        return self.has_price("time", "charging", "parking", "idle") or any(
            each.when.has_clock or each.when.has_day or each.when.has_course for each in self.elements
        )

    @property
    def needs_course(self) -> bool:
        """Whether the totals of a session are not enough to price it."""
        return bool(self.elements) or bool(self.idle_micro_per_h)

    @property
    def is_free(self) -> bool:
        """Whether no session can cost anything."""
        priced = self.has_price(*ALL_COMPONENTS)
        return not priced and not self.min_micro and not self.min_with_tax_micro


def _needs(when: Restrictions, *names: str) -> bool:
    return any(getattr(when, f"{end}_{name}") is not None for name in names for end in ("min", "max"))


_SIMPLE: dict[Component, str] = {
    "energy": "energy_micro_per_kwh",
    "time": "time_micro_per_h",
    "session": "session_micro",
    "idle": "idle_micro_per_h",
}
SIMPLE: frozenset[Component] = frozenset(_SIMPLE)
"""What a tariff without elements can price."""
_SIMPLE_NAMES = (*_SIMPLE.values(), "idle_grace_s")


def zone_of(tariff: Tariff) -> ZoneInfo:
    """The zone of its clock; UTC where none is given. Raises TariffInvalid."""
    try:
        return ZoneInfo(tariff.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TariffInvalid(f"zone {tariff.zone!r} is no time zone") from error


def in_zone(tariff: Tariff, zone: str) -> Tariff:
    """The tariff as it is meant at a site, where its clock matters."""
    return replace(tariff, zone=zone) if tariff.elements else tariff
