"""What the pages of sites, places and tariffs show and do, in the views that the API tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from access.actions import Permission, may, scope_of
from access.guard import checked, scope_checked
from access.principals import Principal
from ocppj.vocabulary import IdToken
from provisioning.api.bodies import HoursBody, PlaceBody, PlaceChanges, SiteBody, SiteChanges
from provisioning.api.finding import no_place, no_site
from provisioning.api.preview_views import PreviewAnswer
from provisioning.api.previews import PreviewBody, preview_of
from provisioning.api.problems import refusing
from provisioning.api.roles import home_of_new
from provisioning.api.site_views import (
    HoursNowAnswer,
    PlaceAnswer,
    SiteAnswer,
    SiteTokensAnswer,
    TariffAnswer,
    hours_now_view,
    place_view,
    site_tokens_view,
    site_view,
    tariff_view,
)
from provisioning.api.tariff_bodies import TariffBody
from provisioning.app import Provisioning
from provisioning.owners import place_resource, site_resource, tariff_resource
from provisioning.records import NamedTariff, Place, Site
from runtime.paging import Listed, Page, part_of


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in a list: how it is open, what it costs, and how many of its places have their station."""

    site: SiteAnswer
    hours: HoursNowAnswer
    tariff: TariffAnswer | None
    places: int
    stations: int


@dataclass(frozen=True, slots=True)
class TariffRow:
    """A tariff in a list: since when it is there, and id and name of each site that has it."""

    tariff: TariffAnswer
    since: datetime | None
    sites: Sequence[tuple[str, str]]


class SiteViews:
    """Functions for pages; each asks whether its reader may. Refusals are raised as Problem."""

    def __init__(self, provisioning: Provisioning) -> None:
        self._provisioning = provisioning
        self._known, self._sites = provisioning.station_cache, provisioning.use_cases.sites

    def may_make(self, who: Principal) -> bool:
        """Whether they may make sites and tariffs."""
        return bool(scope_of(who, Permission.MANAGE_SITES).organisations)

    def check_may_make(self, who: Principal) -> None:
        """Raises Problem 403."""
        scope_checked(who, Permission.MANAGE_SITES)

    def may(self, who: Principal, action: Permission, site_id: str) -> bool:
        """Whether they may do it on this site."""
        known = self._known.sites.get(site_id)
        return known is not None and may(who, action, site_resource(known))

    def sites(self, who: Principal, page: Page) -> Listed[SiteRow]:
        """Those that they may see, by name."""
        scope = scope_of(who, Permission.READ)
        seen = (each for each in self._known.sites.values() if scope.covers(site_resource(each)))
        return part_of(seen, lambda each: f"{each.name.casefold()} {each.site_id}", page).shown_as(self._row)

    def site(self, who: Principal, site_id: str, action: Permission = Permission.READ) -> SiteRow:
        """One, on which they may do this."""
        return self._row(self._found(who, site_id, action))

    def places(self, who: Principal, site_id: str) -> list[PlaceAnswer]:
        """Of a site, by name, each with the station that is there."""
        self._found(who, site_id, Permission.READ)
        found = [each for each in self._known.places.values() if each.site_id == site_id]
        return [self._with_station(each) for each in sorted(found, key=lambda each: each.name.casefold())]

    def place(self, who: Principal, place_id: str, action: Permission = Permission.READ) -> PlaceAnswer:
        """One, where they may do this."""
        known = self._known.places.get(place_id)
        if known is None:
            raise no_place(place_id)
        checked(who, action, place_resource(self._known, known), lambda: no_place(place_id))
        return self._with_station(known)

    def tokens(self, who: Principal, site_id: str) -> SiteTokensAnswer:
        """A site's authorization list."""
        return site_tokens_view(self._found(who, site_id, Permission.LIST_SITE_TOKENS).tokens)

    def tariffs(self, who: Principal) -> list[TariffAnswer]:
        """Those that they may see, by name."""
        scope, found = scope_of(who, Permission.READ), self._provisioning.price_remarks.by_tariff()
        seen = [each for each in self._known.tariffs.values() if scope.covers(tariff_resource(each))]
        ordered = sorted(seen, key=lambda each: each.name.casefold())
        return [tariff_view(each, found.get(each.tariff.tariff_id, [])) for each in ordered]

    def tariff_rows(self, who: Principal, page: Page) -> Listed[TariffRow]:
        """Those that they may see, by name, with those of the sites that they may see."""
        scope, found = scope_of(who, Permission.READ), self._provisioning.price_remarks.by_tariff()
        used: dict[str, list[tuple[str, str]]] = {}
        for each in sorted(self._known.sites.values(), key=lambda each: each.name.casefold()):
            if each.tariff_id is not None and scope.covers(site_resource(each)):
                used.setdefault(each.tariff_id, []).append((each.site_id, each.name))

        def row(named: NamedTariff) -> TariffRow:
            tariff_id = named.tariff.tariff_id
            return TariffRow(
                tariff_view(named, found.get(tariff_id, [])), named.since, used.get(tariff_id, [])
            )

        seen = (each for each in self._known.tariffs.values() if scope.covers(tariff_resource(each)))
        listed = part_of(seen, lambda each: f"{each.name.casefold()} {each.tariff.tariff_id}", page)
        return listed.shown_as(row)

    @property
    def now(self) -> datetime:
        """As the server has it."""
        return self._known.clock.now()

    def previewed(self, who: Principal, body: PreviewBody) -> PreviewAnswer:
        """What a session would cost by a tariff that is not stored. Raises Problem."""
        self.check_may_make(who)
        with refusing():
            return preview_of(self._provisioning, body, who)

    async def add_tariff(self, who: Principal, body: TariffBody) -> str:
        """Its id."""
        home = home_of_new(who, Permission.MANAGE_SITES, body.organisation_id)
        with refusing():
            made = await self._sites.add_tariff(body.name, body.tariff(), home)
        return made.tariff.tariff_id

    def tariffs_for(self, who: Principal, site_id: str) -> list[TariffAnswer]:
        """Those that a site may have: its organisation's. For one that is to be made, all that they see."""
        if not site_id:
            return self.tariffs(who)
        home = self._found(who, site_id, Permission.READ).organisation_id
        whose = {each.tariff.tariff_id: each.organisation_id for each in self._known.tariffs.values()}
        return [each for each in self.tariffs(who) if whose.get(each.tariff_id) == home]

    async def add_site(self, who: Principal, body: SiteBody) -> str:
        """Its id."""
        home = home_of_new(who, Permission.MANAGE_SITES, body.organisation_id)
        with refusing():
            made = await self._sites.add_site(Site("", **body.model_dump() | {"organisation_id": home}))
        return made.site_id

    async def change_site(self, who: Principal, site_id: str, body: SiteChanges) -> None:
        """What was given changes; a new tariff or time zone goes to its stations."""
        self._found(who, site_id, Permission.MANAGE_SITES)
        with refusing():
            await self._sites.change_site(site_id, who.name, **body.changes())

    async def set_hours(self, who: Principal, site_id: str, body: HoursBody) -> None:
        """They hold at once."""
        self._found(who, site_id, Permission.MANAGE_SITES)
        with refusing():
            await self._sites.set_hours(site_id, body.weekly_periods(), body.exception_periods(), who.name)

    async def set_tokens(self, who: Principal, site_id: str, tokens: Iterable[IdToken]) -> int:
        """Replace a site's list; how many stations get it."""
        self._found(who, site_id, Permission.LIST_SITE_TOKENS)
        with refusing():
            return await self._sites.set_tokens(site_id, tuple(tokens), who.name)

    async def add_place(self, who: Principal, body: PlaceBody) -> None:
        """A claim can then name it."""
        self._found(who, body.site_id, Permission.MANAGE_SITES)
        with refusing():
            await self._sites.add_place(Place(place_id="", **body.model_dump()))

    async def change_place(self, who: Principal, place_id: str, body: PlaceChanges) -> None:
        """Its station, price and history stay."""
        self.place(who, place_id, Permission.MANAGE_SITES)
        with refusing():
            await self._sites.change_place(place_id, who.name, **body.changes())

    def _found(self, who: Principal, site_id: str, action: Permission) -> Site:
        known = self._known.sites.get(site_id)
        if known is None:
            raise no_site(site_id)
        checked(who, action, site_resource(known), lambda: no_site(site_id))
        return known

    def _row(self, site: Site) -> SiteRow:
        remarks = self._provisioning.price_remarks.by_site().get(site.site_id, [])
        named = self._known.tariffs.get(site.tariff_id) if site.tariff_id is not None else None
        places = [each.place_id for each in self._known.places.values() if each.site_id == site.site_id]
        return SiteRow(
            site_view(site, remarks),
            hours_now_view(site, self._known.clock.now()),
            tariff_view(named, []) if named is not None else None,
            len(places),
            sum(self._known.station_at(each) is not None for each in places),
        )

    def _with_station(self, place: Place) -> PlaceAnswer:
        return place_view(place, self._known.station_at(place.place_id))
