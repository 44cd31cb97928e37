"""/sites with hours and tokens, /places, /tariffs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fastapi import Request, Response

from access.actions import Permission, scope_of
from access.guard import checked
from access.principals import DEFAULT
from charging.calendar import OpeningHours
from charging.tariff import price_text
from provisioning.api.bodies import (
    HoursBody,
    PlaceBody,
    PlaceChanges,
    SiteBody,
    SiteChanges,
    TariffBody,
    TokensBody,
)
from provisioning.api.finding import no_site
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import (
    LIST_KEEPER,
    READER,
    Lister,
    ListKeeper,
    SiteKeeper,
    SiteKeeperAnywhere,
    home_of_new,
)
from provisioning.app import Provisioning
from provisioning.conditions import Unmeasured
from provisioning.owners import place_resource, site_resource, tariff_resource
from provisioning.records import NamedTariff, Place, Site
from provisioning.storage.orders import tariff_json
from provisioning.storage.sites import token_type_word
from runtime.paging import PageWanted, list_response, part_of
from runtime.routers import ApiRouter
from runtime.texts import instant_text

ROWS = list[dict[str, Any]]
REMARKS_SHOWN = 100
"""Of a tariff or a site; each station tells its own."""


def build_sites_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of what belongs to places."""
    router = ApiRouter(route_class=ProvisioningRoute)
    _add_sites(router, provisioning)
    _add_hours(router, provisioning)
    _add_tokens(router, provisioning)
    _add_places(router, provisioning)
    _add_tariffs(router, provisioning)
    return router


def _add_sites(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, station_cache, remarks = (
        provisioning.use_cases.sites,
        provisioning.station_cache,
        provisioning.price_remarks,
    )

    def shown(site: Site) -> dict[str, Any]:
        return _site_json(site) | _remarks_json(remarks.by_site().get(site.site_id, []))

    @router.post("/sites", status_code=201)
    async def add(body: SiteBody, who: SiteKeeperAnywhere) -> dict[str, Any]:
        """Add a site."""
        home = home_of_new(who, Permission.MANAGE_SITES, body.organisation_id)
        return shown(await sites.add_site(Site("", **body.model_dump() | {"organisation_id": home})))

    @router.get("/sites", response_model=ROWS)
    async def every(request: Request, page: PageWanted, who: Lister) -> Response:
        """Sites, by name."""
        scope = scope_of(who, Permission.READ)
        seen = [each for each in station_cache.sites.values() if scope.covers(site_resource(each))]
        listed = part_of(seen, lambda each: _key(each.name, each.site_id), page)
        found = remarks.by_site()

        def row(site: Site) -> dict[str, Any]:
            return _site_json(site) | _remarks_json(found.get(site.site_id, []))

        return list_response(request, listed.shown_as(row))

    @router.get("/sites/{site_id}", dependencies=[READER])
    async def one(site_id: str) -> dict[str, Any]:
        """One site, with its opening hours, and where its tariff has a price for what is not measured."""
        return shown(sites.site(site_id))

    @router.patch("/sites/{site_id}")
    async def change(site_id: str, body: SiteChanges, who: SiteKeeper) -> dict[str, Any]:
        """Change a site; `remarks` tell which of its stations measure nothing of what its tariff prices.

        A new tariff or time zone is sent to its stations.
        """
        return shown(await sites.change_site(site_id, who.name, **body.changes()))


def _add_hours(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, station_cache = provisioning.use_cases.sites, provisioning.station_cache

    @router.get("/sites/{site_id}/hours", dependencies=[READER])
    async def hours(site_id: str) -> dict[str, Any]:
        """A site's opening hours, whether it is open now, and when that changes."""
        site = sites.site(site_id)
        now = station_cache.clock.now()
        edge = site.hours.next_edge(now) if site.hours else None
        return hours_json(site.hours) | {
            "zone": site.zone,
            "is_open": site.hours is None or site.hours.is_open(now),
            "changes_at": instant_text(edge),
        }

    @router.put("/sites/{site_id}/hours")
    async def replace_hours(site_id: str, body: HoursBody, who: SiteKeeper) -> dict[str, Any]:
        """Replace a site's opening hours; its stations open or close at once, and then at each edge."""
        await sites.set_hours(site_id, body.weekly_periods(), body.exception_periods(), who.name)
        return await hours(site_id)


def _add_tokens(router: ApiRouter, provisioning: Provisioning) -> None:
    sites = provisioning.use_cases.sites

    @router.get("/sites/{site_id}/tokens", dependencies=[LIST_KEEPER])
    async def tokens(site_id: str) -> dict[str, Any]:
        """A site's authorization list."""
        listed = sites.site(site_id).tokens
        return {"tokens": [{"value": each.value, "type": token_type_word(each)} for each in listed]}

    @router.put("/sites/{site_id}/tokens")
    async def replace_tokens(site_id: str, body: TokensBody, who: ListKeeper) -> dict[str, Any]:
        """Replace a site's authorization list; it is sent to its stations."""
        wanted = tuple(each.token() for each in body.tokens)
        count = await sites.set_tokens(site_id, wanted, who.name)
        return await tokens(site_id) | {"stations": count}


def _add_places(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, station_cache = provisioning.use_cases.sites, provisioning.station_cache

    def with_station(place: Place) -> dict[str, Any]:
        return asdict(place) | {"station_id": station_cache.station_at(place.place_id)}

    @router.post("/places", status_code=201)
    async def add(body: PlaceBody, who: SiteKeeperAnywhere) -> dict[str, Any]:
        """Add a place to a site; a claim can then name it."""
        known = station_cache.sites.get(body.site_id)
        if known is not None:
            checked(who, Permission.MANAGE_SITES, site_resource(known), lambda: no_site(body.site_id))
        return with_station(await sites.add_place(Place(place_id="", **body.model_dump())))

    @router.patch("/places/{place_id}")
    async def change(place_id: str, body: PlaceChanges, who: SiteKeeper) -> dict[str, Any]:
        """Rename a place, or move its pin. Its station, price and history stay."""
        return with_station(await sites.change_place(place_id, who.name, **body.changes()))

    @router.get("/places", response_model=ROWS)
    async def every(request: Request, page: PageWanted, who: Lister, site: str | None = None) -> Response:
        """Places by name, of all sites or of one, with the station that is there now."""
        scope = scope_of(who, Permission.READ)
        places = [
            each
            for each in station_cache.places.values()
            if (site is None or each.site_id == site) and scope.covers(place_resource(station_cache, each))
        ]
        listed = part_of(places, lambda each: _key(each.name, each.place_id), page)
        return list_response(request, listed.shown_as(with_station))


def _add_tariffs(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, station_cache, remarks = (
        provisioning.use_cases.sites,
        provisioning.station_cache,
        provisioning.price_remarks,
    )

    @router.post("/tariffs", status_code=201)
    async def add(body: TariffBody, who: SiteKeeperAnywhere) -> dict[str, Any]:
        """Add a tariff. A changed price is a new tariff: old sessions keep the old one.

        It holds nowhere yet: what stations do not measure is told where a site gets it.
        """
        home = home_of_new(who, Permission.MANAGE_SITES, body.organisation_id)
        return _tariff_json(await sites.add_tariff(body.name, body.tariff(), home), [])

    @router.get("/tariffs", response_model=ROWS)
    async def every(request: Request, page: PageWanted, who: Lister) -> Response:
        """Tariffs by name, with their text as shown to drivers."""
        scope = scope_of(who, Permission.READ)
        tariffs = [each for each in station_cache.tariffs.values() if scope.covers(tariff_resource(each))]
        listed = part_of(tariffs, lambda each: _key(each.name, each.tariff.tariff_id), page)
        found = remarks.by_tariff()

        def row(named: NamedTariff) -> dict[str, Any]:
            return _tariff_json(named, found.get(named.tariff.tariff_id, []))

        return list_response(request, listed.shown_as(row))

    @router.get("/tariffs/{tariff_id}", dependencies=[READER])
    async def one(tariff_id: str) -> dict[str, Any]:
        """One tariff; `remarks` tell at which stations it has a price for what is not measured there."""
        return _tariff_json(sites.tariff(tariff_id), remarks.by_tariff().get(tariff_id, []))


def _key(name: str, unique: str) -> str:
    """By name, whatever the case, and each place in the list once."""
    return f"{name.casefold()} {unique}"


def hours_json(hours: OpeningHours | None) -> dict[str, Any]:
    """Opening hours as they are written."""
    if hours is None:
        return {"weekly": None, "exceptions": {}}

    def day(periods: Any) -> list[dict[str, str]]:
        return [{"opens": f"{each.opens:%H:%M}", "closes": f"{each.closes:%H:%M}"} for each in periods]

    return {
        "weekly": None if hours.weekly is None else [day(periods) for periods in hours.weekly],
        "exceptions": {each.isoformat(): day(periods) for each, periods in hours.exceptions},
    }


def _site_json(site: Site) -> dict[str, Any]:
    return {
        "site_id": site.site_id,
        "name": site.name,
        "zone": site.zone,
        "address": site.address,
        "tariff_id": site.tariff_id,
        "is_list_exclusive": site.is_list_exclusive,
        "activates_on_claim": site.activates_on_claim,
        "tokens": len(site.tokens),
        "organisation_id": _other(site.organisation_id),
        **hours_json(site.hours),
    }


def _tariff_json(named: NamedTariff, remarks: Sequence[Unmeasured]) -> dict[str, Any]:
    texts = {"text_fr": price_text(named.tariff, "fr-CA"), "text_en": price_text(named.tariff, "en")}
    whose = {"organisation_id": _other(named.organisation_id)}
    return {"name": named.name, **tariff_json(named.tariff), **texts, **whose, **_remarks_json(remarks)}


def _other(organisation_id: str) -> str | None:
    """Who has no other organisation than the default one never meets the word."""
    return organisation_id if organisation_id != DEFAULT else None


def _remarks_json(remarks: Sequence[Unmeasured]) -> dict[str, Any]:
    """The first ones, and how many there are."""
    return {
        "remarks": [each.as_json for each in remarks[:REMARKS_SHOWN]],
        "remarks_count": len(remarks),
    }
