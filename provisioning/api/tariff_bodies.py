"""What the routes of tariffs take: prices, and when they hold."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from charging.tariff import (
    Component,
    IdlePolicy,
    PriceElement,
    Restrictions,
    RestrictionsInvalid,
    Tariff,
    TariffInvalid,
    Tax,
    is_currency,
)
from charging.tariff.model import ALL_COMPONENTS, ELEMENTS_MOST, HOLIDAYS_MOST, TAXES_MOST
from provisioning.api.bodies import Micro, Minute, Name, OrganisationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from runtime.bodies import Body

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Seconds = Annotated[int, Field(ge=0, le=31 * 86_400)]
Wh = Annotated[int, Field(ge=0, le=10**9)]
Watts = Annotated[int, Field(ge=0, le=10**8)]
Milliamperes = Annotated[int, Field(ge=0, le=10**8)]


class TaxBody(Body):
    """A tax; 9975 is 9.975 %. `stack` 1 is on the price with the taxes of stack 0. `on`: all components."""

    name: Name
    rate_millipercent: int = Field(ge=0, le=100_000)
    stack: int = Field(default=0, ge=0, le=4)
    on: list[Component] | None = Field(default=None, min_length=1, max_length=len(ALL_COMPONENTS))

    def tax(self) -> Tax:
        """For the tariff."""
        on = frozenset(self.on) if self.on is not None else ALL_COMPONENTS
        return Tax(self.name, self.rate_millipercent, self.stack, on)


class RestrictionsBody(Body):
    """When a price holds; all that is given must. Times of day and dates are the site's own; from is
    included, until is not, and may be on the next day. Energies, powers, currents and durations: min is
    included, max is not. `charging` counts what it charged, `idle` the idle period that goes on.
    """

    from_time: Minute | None = None
    until_time: Minute | None = None
    weekdays: list[Weekday] = Field(default_factory=list, max_length=7)
    from_date: date | None = None
    until_date: date | None = None
    holidays: Literal["only", "never"] | None = None
    evse_kind: Literal["AC", "DC"] | None = None
    min_energy_wh: Wh | None = None
    max_energy_wh: Wh | None = None
    min_power_w: Watts | None = None
    max_power_w: Watts | None = None
    min_current_ma: Milliamperes | None = None
    max_current_ma: Milliamperes | None = None
    min_duration_s: Seconds | None = None
    max_duration_s: Seconds | None = None
    min_charging_s: Seconds | None = None
    max_charging_s: Seconds | None = None
    min_idle_s: Seconds | None = None
    max_idle_s: Seconds | None = None
    reservation: Literal["used", "expired"] | None = None

    def restrictions(self) -> Restrictions:
        """For the tariff. Raises RestrictionsInvalid."""
        values = self.model_dump() | {"weekdays": frozenset(map(WEEKDAYS.index, self.weekdays))}
        return Restrictions(**values)


class PriceElementBody(Body):
    """A price per kWh, per hour or once, in micro-units. `step`: the block that is billed, in Wh or seconds;
    0: what was used. Without `taxes` it has those of the tariff.
    """

    component: Component
    micro: Micro
    when: RestrictionsBody = Field(default_factory=RestrictionsBody)
    step: int = Field(default=0, ge=0, le=10**6)
    taxes: list[TaxBody] | None = Field(default=None, max_length=TAXES_MOST)

    def element(self) -> PriceElement:
        """For the tariff. Raises RestrictionsInvalid."""
        taxes = _taxes(self.taxes) if self.taxes is not None else None
        return PriceElement(self.component, self.micro, self.when.restrictions(), self.step, taxes)


class TariffBody(Body):
    """A tariff; all prices in micro-units of the currency, before tax (0.25 $ = 250000).

    `elements` hold under restrictions and come before the simple prices: of each component, at each instant,
    the first that holds counts.
    """

    name: Name
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    energy_micro_per_kwh: Micro = 0
    time_micro_per_h: Micro = 0
    session_micro: Micro = 0
    idle_micro_per_h: Micro = 0
    idle_grace_s: int = Field(default=0, ge=0, le=86_400)
    min_micro: Micro | None = None
    min_with_tax_micro: Micro | None = None
    max_micro: Micro | None = None
    max_with_tax_micro: Micro | None = None
    taxes: list[TaxBody] = Field(default_factory=list, max_length=TAXES_MOST)
    elements: list[PriceElementBody] = Field(default_factory=list, max_length=ELEMENTS_MOST)
    idle_policy: IdlePolicy = "ev-after-charging"
    holidays: list[date] = Field(default_factory=list, max_length=HOLIDAYS_MOST)
    is_tax_included: bool = False
    is_due_in_vain: bool = False
    organisation_id: OrganisationId = None

    def tariff(self) -> Tariff:
        """For the use cases; the id comes with storing. Raises ProvisioningProblem: E_TARIFF_INVALID."""
        values = self.model_dump(exclude={"name", "taxes", "elements", "holidays", "organisation_id"})
        if not is_currency(self.currency):
            reason = f"currency: ISO 4217 has no money called {self.currency}"
            raise ProvisioningProblem(Code.TARIFF_INVALID, reason=reason)
        try:
            elements = tuple(_element(number, each) for number, each in enumerate(self.elements))
            holidays = tuple(sorted(set(self.holidays)))
            return Tariff("", taxes=_taxes(self.taxes), elements=elements, holidays=holidays, **values)
        except TariffInvalid as error:
            raise ProvisioningProblem(Code.TARIFF_INVALID, reason=error) from error


def _taxes(bodies: Iterable[TaxBody]) -> tuple[Tax, ...]:
    return tuple(each.tax() for each in bodies)


def _element(number: int, body: PriceElementBody) -> PriceElement:
    try:
        return body.element()
    except RestrictionsInvalid as error:
        raise TariffInvalid(f"elements[{number}].when: {error}") from error
