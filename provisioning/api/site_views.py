"""Sites, places and tariffs, as the API and the console tell them."""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from access.principals import DEFAULT
from charging.calendar import OpeningHours, Period
from charging.tariff import (
    ALL_COMPONENTS,
    Component,
    PriceElement,
    Restrictions,
    Tax,
    element_text,
    price_text,
)
from charging.tariff.model import SIMPLE
from charging.tariff.restrictions import NAMES
from csms.domain.station_details import BlockerAnswer
from ocppj.vocabulary import IdToken, StationId
from provisioning.api.tariff_bodies import WEEKDAYS
from provisioning.conditions import Unmeasured
from provisioning.records import NamedTariff, Place, Site
from provisioning.storage.sites import token_type_word
from runtime.texts import instant_text
from runtime.views import View

REMARKS_SHOWN = 100
"""Of a tariff or a site; each station tells its own."""


class PriceRemarkAnswer(BlockerAnswer, frozen=True, kw_only=True):
    """A component (`energy`, `idle`) with a price at a station that told nothing of it `since` then."""

    station_id: str
    component: str
    since: str


class PeriodAnswer(View, frozen=True, kw_only=True):
    """Open from `opens` to `closes`."""

    opens: str
    closes: str


class HoursAnswer(View, frozen=True, kw_only=True):
    """Opening hours as they are written: seven days, or always open; and the days that are different."""

    weekly: tuple[tuple[PeriodAnswer, ...], ...] | None
    exceptions: dict[str, tuple[PeriodAnswer, ...]]


class HoursNowAnswer(HoursAnswer, frozen=True, kw_only=True):
    """The same, and whether it is open."""

    zone: str
    is_open: bool
    changes_at: str | None


class SiteAnswer(HoursAnswer, frozen=True, kw_only=True):
    """A site. `organisation_id` is null where it is who runs the server."""

    site_id: str
    name: str
    zone: str
    address: str | None
    tariff_id: str | None
    is_list_exclusive: bool
    activates_on_claim: bool
    tokens: int
    organisation_id: str | None
    remarks: tuple[PriceRemarkAnswer, ...]
    remarks_count: int


class ListedTokenAnswer(View, frozen=True, kw_only=True):
    """An id token of a site's list."""

    value: str
    type: str


class SiteTokensAnswer(View, frozen=True, kw_only=True):
    """A site's authorization list; `stations`: how many it is sent to."""

    tokens: tuple[ListedTokenAnswer, ...]
    stations: int | UnsetType | None = UNSET


class PlaceAnswer(View, frozen=True, kw_only=True):
    """A place, and the station that is there."""

    place_id: str
    site_id: str
    name: str
    latitude: float | None
    longitude: float | None
    floor: str | None
    measured_latitude: float | None
    measured_longitude: float | None
    accuracy_m: float | None
    plan_x: float | None
    plan_y: float | None
    station_id: str | None


class TaxAnswer(View, frozen=True, kw_only=True):
    """A tax on the components in `on`. `rate_millipercent`: 9975 is 9.975 %. `stack` 1 is on the price with
    the taxes of stack 0.
    """

    name: str
    rate_millipercent: int
    stack: int
    on: tuple[str, ...]


class RestrictionsAnswer(View, frozen=True, kw_only=True):
    """When a price holds; null: it does not matter."""

    from_time: str | None
    until_time: str | None
    weekdays: tuple[str, ...]
    from_date: str | None
    until_date: str | None
    holidays: str | None
    evse_kind: str | None
    min_energy_wh: int | None
    max_energy_wh: int | None
    min_power_w: int | None
    max_power_w: int | None
    min_current_ma: int | None
    max_current_ma: int | None
    min_duration_s: int | None
    max_duration_s: int | None
    min_charging_s: int | None
    max_charging_s: int | None
    min_idle_s: int | None
    max_idle_s: int | None
    reservation: str | None


class PriceElementAnswer(View, frozen=True, kw_only=True):
    """A price that holds under restrictions. `taxes` null: those of the tariff."""

    component: str
    micro: int
    when: RestrictionsAnswer
    step: int
    taxes: tuple[TaxAnswer, ...] | None
    text_fr: str
    text_en: str


class TariffAnswer(View, frozen=True, kw_only=True):
    """A tariff, in micro-units of its currency, with its text as shown to drivers. `organisation_id` is null
    where it is who runs the server.
    """

    tariff_id: str
    name: str
    currency: str
    energy_micro_per_kwh: int
    time_micro_per_h: int
    session_micro: int
    idle_micro_per_h: int
    idle_grace_s: int
    min_micro: int | None
    min_with_tax_micro: int | None
    max_micro: int | None
    max_with_tax_micro: int | None
    taxes: tuple[TaxAnswer, ...]
    elements: tuple[PriceElementAnswer, ...]
    idle_policy: str
    holidays: tuple[str, ...]
    is_tax_included: bool
    is_due_in_vain: bool
    text_fr: str
    text_en: str
    organisation_id: str | None
    remarks: tuple[PriceRemarkAnswer, ...]
    remarks_count: int


def site_view(site: Site, remarks: Sequence[Unmeasured]) -> SiteAnswer:
    """A site, and where its tariff has a price for what is not measured."""
    return SiteAnswer(
        weekly=_weekly(site.hours),
        exceptions=_exceptions(site.hours),
        site_id=site.site_id,
        name=site.name,
        zone=site.zone,
        address=site.address,
        tariff_id=site.tariff_id,
        is_list_exclusive=site.is_list_exclusive,
        activates_on_claim=site.activates_on_claim,
        tokens=len(site.tokens),
        organisation_id=_other(site.organisation_id),
        remarks=_remark_views(remarks),
        remarks_count=len(remarks),
    )


def hours_now_view(site: Site, now: datetime) -> HoursNowAnswer:
    """A site's opening hours, whether it is open now, and when that changes."""
    hours = site.hours
    return HoursNowAnswer(
        weekly=_weekly(hours),
        exceptions=_exceptions(hours),
        zone=site.zone,
        is_open=hours is None or hours.is_open(now),
        changes_at=instant_text(hours.next_edge(now)) if hours else None,
    )


def site_tokens_view(tokens: Iterable[IdToken], stations: int | UnsetType = UNSET) -> SiteTokensAnswer:
    """A site's authorization list."""
    listed = (ListedTokenAnswer(value=each.value, type=token_type_word(each)) for each in tokens)
    return SiteTokensAnswer(tokens=tuple(listed), stations=stations)


def place_view(place: Place, station_id: StationId | None) -> PlaceAnswer:
    """A place, and the station that is there."""
    return PlaceAnswer(
        place_id=place.place_id,
        site_id=place.site_id,
        name=place.name,
        latitude=place.latitude,
        longitude=place.longitude,
        floor=place.floor,
        measured_latitude=place.measured_latitude,
        measured_longitude=place.measured_longitude,
        accuracy_m=place.accuracy_m,
        plan_x=place.plan_x,
        plan_y=place.plan_y,
        station_id=station_id,
    )


def tariff_view(named: NamedTariff, remarks: Sequence[Unmeasured]) -> TariffAnswer:
    """A tariff, and at which stations it has a price for what is not measured there."""
    tariff = named.tariff
    return TariffAnswer(
        tariff_id=tariff.tariff_id,
        name=named.name,
        currency=tariff.currency,
        energy_micro_per_kwh=tariff.energy_micro_per_kwh,
        time_micro_per_h=tariff.time_micro_per_h,
        session_micro=tariff.session_micro,
        idle_micro_per_h=tariff.idle_micro_per_h,
        idle_grace_s=tariff.idle_grace_s,
        min_micro=tariff.min_micro,
        min_with_tax_micro=tariff.min_with_tax_micro,
        max_micro=tariff.max_micro,
        max_with_tax_micro=tariff.max_with_tax_micro,
        taxes=_tax_views(tariff.taxes, SIMPLE if tariff.is_simple else ALL_COMPONENTS),
        elements=tuple(_element_view(each, tariff.currency) for each in tariff.elements),
        idle_policy=tariff.idle_policy,
        holidays=tuple(each.isoformat() for each in tariff.holidays),
        is_tax_included=tariff.is_tax_included,
        is_due_in_vain=tariff.is_due_in_vain,
        text_fr=price_text(tariff, "fr-CA"),
        text_en=price_text(tariff, "en"),
        organisation_id=_other(named.organisation_id),
        remarks=_remark_views(remarks),
        remarks_count=len(remarks),
    )


def _weekly(hours: OpeningHours | None) -> tuple[tuple[PeriodAnswer, ...], ...] | None:
    return tuple(map(_day_view, hours.weekly)) if hours is not None and hours.weekly is not None else None


def _exceptions(hours: OpeningHours | None) -> dict[str, tuple[PeriodAnswer, ...]]:
    exceptions = hours.exceptions if hours is not None else ()
    return {each.isoformat(): _day_view(periods) for each, periods in exceptions}


def _day_view(periods: Iterable[Period]) -> tuple[PeriodAnswer, ...]:
    return tuple(PeriodAnswer(opens=f"{each.opens:%H:%M}", closes=f"{each.closes:%H:%M}") for each in periods)


def _element_view(element: PriceElement, currency: str) -> PriceElementAnswer:
    return PriceElementAnswer(
        component=element.component,
        micro=element.micro,
        when=_restrictions_view(element.when),
        step=element.step,
        taxes=_tax_views(element.taxes, ALL_COMPONENTS) if element.taxes is not None else None,
        text_fr=element_text(element, currency, "fr-CA"),
        text_en=element_text(element, currency, "en"),
    )


def _restrictions_view(when: Restrictions) -> RestrictionsAnswer:
    numbers = {name: getattr(when, name) for name in NAMES if name.startswith(("min_", "max_"))}
    return RestrictionsAnswer(
        from_time=f"{when.from_time:%H:%M}" if when.from_time is not None else None,
        until_time=f"{when.until_time:%H:%M}" if when.until_time is not None else None,
        weekdays=tuple(WEEKDAYS[each] for each in sorted(when.weekdays)),
        from_date=when.from_date.isoformat() if when.from_date is not None else None,
        until_date=when.until_date.isoformat() if when.until_date is not None else None,
        holidays=when.holidays,
        evse_kind=when.evse_kind,
        reservation=when.reservation,
        **numbers,
    )


def _tax_views(taxes: Iterable[Tax], components: Set[Component]) -> tuple[TaxAnswer, ...]:
    """Taxes, and on which of these components they are."""
    return tuple(
        TaxAnswer(
            name=tax.name,
            rate_millipercent=tax.rate_millipercent,
            stack=tax.stack,
            on=tuple(sorted(tax.on & components)),
        )
        for tax in taxes
    )


def _remark_views(remarks: Sequence[Unmeasured]) -> tuple[PriceRemarkAnswer, ...]:
    return tuple(map(_remark_view, remarks[:REMARKS_SHOWN]))


def _remark_view(lacking: Unmeasured) -> PriceRemarkAnswer:
    return PriceRemarkAnswer(
        **asdict(lacking.remark.view),
        station_id=lacking.station_id,
        component=lacking.component,
        since=instant_text(lacking.since),
    )


def _other(organisation_id: str) -> str | None:
    """Who has no other organisation than the default one never meets the word."""
    return organisation_id if organisation_id != DEFAULT else None
