"""/sites with hours and tokens, /places, /tariffs."""

from fastapi import Request, Response

from access.actions import Permission, scope_of
from access.guard import checked
from provisioning.api.bodies import (
    HoursBody,
    PlaceBody,
    PlaceChanges,
    SiteBody,
    SiteChanges,
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
from provisioning.api.site_views import (
    PlaceAnswer,
    hours_now_view,
    place_view,
    site_tokens_view,
    site_view,
    tariff_view,
)
from provisioning.api.tariff_bodies import TariffBody
from provisioning.app import Provisioning
from provisioning.owners import place_resource, site_resource, tariff_resource
from provisioning.records import Place, Site
from runtime.paging import PageWanted, json_response, list_response, part_of
from runtime.routers import ApiRouter


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

    def shown(site: Site, status: int = 200) -> Response:
        told = site_view(site, remarks.by_site().get(site.site_id, []))
        return json_response(told, status=status)

    @router.post("/sites", status_code=201)
    async def add(body: SiteBody, who: SiteKeeperAnywhere) -> Response:
        """Add a site."""
        home = home_of_new(who, Permission.MANAGE_SITES, body.organisation_id)
        made = await sites.add_site(Site("", **body.model_dump() | {"organisation_id": home}))
        return shown(made, 201)

    @router.get("/sites")
    async def every(request: Request, page: PageWanted, who: Lister) -> Response:
        """Sites, by name."""
        scope = scope_of(who, Permission.READ)
        seen = [each for each in station_cache.sites.values() if scope.covers(site_resource(each))]
        listed = part_of(seen, lambda each: _key(each.name, each.site_id), page)
        found = remarks.by_site()
        shown_page = listed.shown_as(lambda each: site_view(each, found.get(each.site_id, [])))
        return list_response(request, shown_page)

    @router.get("/sites/{site_id}", dependencies=[READER])
    async def one(site_id: str) -> Response:
        """One site, with its opening hours, and where its tariff has a price for what is not measured."""
        return shown(sites.site(site_id))

    @router.patch("/sites/{site_id}")
    async def change(site_id: str, body: SiteChanges, who: SiteKeeper) -> Response:
        """Change a site; `remarks` tell which of its stations measure nothing of what its tariff prices.

        A new tariff or time zone is sent to its stations.
        """
        return shown(await sites.change_site(site_id, who.name, **body.changes()))


def _add_hours(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, station_cache = provisioning.use_cases.sites, provisioning.station_cache

    @router.get("/sites/{site_id}/hours", dependencies=[READER])
    async def hours(site_id: str) -> Response:
        """A site's opening hours, whether it is open now, and when that changes."""
        return json_response(hours_now_view(sites.site(site_id), station_cache.clock.now()))

    @router.put("/sites/{site_id}/hours")
    async def replace_hours(site_id: str, body: HoursBody, who: SiteKeeper) -> Response:
        """Replace a site's opening hours; its stations open or close at once, and then at each edge."""
        await sites.set_hours(site_id, body.weekly_periods(), body.exception_periods(), who.name)
        return await hours(site_id)


def _add_tokens(router: ApiRouter, provisioning: Provisioning) -> None:
    sites = provisioning.use_cases.sites

    @router.get("/sites/{site_id}/tokens", dependencies=[LIST_KEEPER])
    async def tokens(site_id: str) -> Response:
        """A site's authorization list."""
        return json_response(site_tokens_view(sites.site(site_id).tokens))

    @router.put("/sites/{site_id}/tokens")
    async def replace_tokens(site_id: str, body: TokensBody, who: ListKeeper) -> Response:
        """Replace a site's authorization list; it is sent to its stations."""
        wanted = tuple(each.token() for each in body.tokens)
        count = await sites.set_tokens(site_id, wanted, who.name)
        return json_response(site_tokens_view(sites.site(site_id).tokens, count))


def _add_places(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, station_cache = provisioning.use_cases.sites, provisioning.station_cache

    def with_station(place: Place) -> PlaceAnswer:
        return place_view(place, station_cache.station_at(place.place_id))

    @router.post("/places", status_code=201)
    async def add(body: PlaceBody, who: SiteKeeperAnywhere) -> Response:
        """Add a place to a site; a claim can then name it."""
        known = station_cache.sites.get(body.site_id)
        if known is not None:
            checked(who, Permission.MANAGE_SITES, site_resource(known), lambda: no_site(body.site_id))
        made = await sites.add_place(Place(place_id="", **body.model_dump()))
        return json_response(with_station(made), status=201)

    @router.patch("/places/{place_id}")
    async def change(place_id: str, body: PlaceChanges, who: SiteKeeper) -> Response:
        """Rename a place, or move its pin. Its station, price and history stay."""
        return json_response(with_station(await sites.change_place(place_id, who.name, **body.changes())))

    @router.get("/places")
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
    async def add(body: TariffBody, who: SiteKeeperAnywhere) -> Response:
        """Add a tariff. A changed price is a new tariff: old sessions keep the old one.

        It holds nowhere yet: what stations do not measure is told where a site gets it.
        """
        home = home_of_new(who, Permission.MANAGE_SITES, body.organisation_id)
        made = await sites.add_tariff(body.name, body.tariff(), home)
        return json_response(tariff_view(made, []), status=201)

    @router.get("/tariffs")
    async def every(request: Request, page: PageWanted, who: Lister) -> Response:
        """Tariffs by name, with their text as shown to drivers."""
        scope = scope_of(who, Permission.READ)
        tariffs = [each for each in station_cache.tariffs.values() if scope.covers(tariff_resource(each))]
        listed = part_of(tariffs, lambda each: _key(each.name, each.tariff.tariff_id), page)
        found = remarks.by_tariff()
        shown_page = listed.shown_as(lambda each: tariff_view(each, found.get(each.tariff.tariff_id, [])))
        return list_response(request, shown_page)

    @router.get("/tariffs/{tariff_id}", dependencies=[READER])
    async def one(tariff_id: str) -> Response:
        """One tariff; `remarks` tell at which stations it has a price for what is not measured there."""
        return json_response(tariff_view(sites.tariff(tariff_id), remarks.by_tariff().get(tariff_id, [])))


def _key(name: str, unique: str) -> str:
    """By name, whatever the case, and each place in the list once."""
    return f"{name.casefold()} {unique}"
