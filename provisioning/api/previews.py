"""POST /tariffs/preview: what a session would cost, before anybody pays it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Response
from pydantic import AfterValidator, Field, model_validator

from access.actions import Permission
from access.guard import checked
from access.principals import Principal
from charging.tariff import Tariff
from provisioning.api.finding import no_site, no_tariff
from provisioning.api.preview_views import PreviewAnswer, preview_view
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import SiteKeeperAnywhere
from provisioning.api.tariff_bodies import TariffBody
from provisioning.app import Provisioning
from provisioning.owners import site_resource, tariff_resource
from provisioning.preview import DescribedSession, previewed, projections
from provisioning.rules.sites import zone_named
from runtime.bodies import Body
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase

STATIONS_SHOWN = 100
_ONE_TARIFF = Phrase("donnez tariff_id ou tariff, et non les deux", "give tariff_id or tariff, not both")
_LOCAL = Phrase(
    "donnez l'heure du site sans fuseau, telle que 2026-01-09T17:30",
    "give the site's own time without a zone, such as 2026-01-09T17:30",
)


def _local(at: datetime) -> datetime:
    if at.tzinfo is not None:
        raise ValueError(_LOCAL)
    return at


class PreviewBody(Body):
    """A session as somebody imagines it: it charges for `minutes`, then it is idle. `starts_at` is local time
    of the site, or of `zone` where no site is given.
    """

    tariff_id: str | None = Field(default=None, max_length=64)
    tariff: TariffBody | None = None
    site_id: str | None = Field(default=None, max_length=64)
    zone: str = Field(default="UTC", max_length=64)
    starts_at: Annotated[datetime, AfterValidator(_local)]
    kwh: float = Field(ge=0, le=10_000)
    minutes: int = Field(ge=0, le=31 * 1440)
    idle_minutes: int = Field(default=0, ge=0, le=31 * 1440)
    reserved_minutes: int = Field(default=0, ge=0, le=31 * 1440)
    evse_kind: Literal["AC", "DC"] | None = None

    @model_validator(mode="after")
    def _check(self) -> "PreviewBody":
        if (self.tariff_id is None) is (self.tariff is None):
            raise ValueError(_ONE_TARIFF)
        return self

    def session(self) -> DescribedSession:
        """For the engine."""
        return DescribedSession(
            self.starts_at,
            round(self.kwh * 1000),
            self.minutes,
            self.idle_minutes,
            self.reserved_minutes,
            self.evse_kind,
        )


def preview_of(provisioning: Provisioning, body: PreviewBody, who: Principal) -> PreviewAnswer:
    """What a session would cost, and what each station of a site can show of the tariff. Raises Problem for
    a site or a tariff that is not theirs, and ProvisioningProblem for a tariff that contradicts itself.
    """
    tariff = _tariff_of(provisioning, body, who)
    zone, stations = _zone_and_stations(provisioning, body, who)
    found = previewed(tariff, body.session(), zone_named(zone))
    shown = projections(tariff, provisioning.station_cache.clock.now())
    return preview_view(found, shown, stations)


def _tariff_of(provisioning: Provisioning, body: PreviewBody, who: Principal) -> Tariff:
    if body.tariff is not None:
        return body.tariff.tariff()
    tariff_id = body.tariff_id or ""
    named = provisioning.station_cache.tariffs.get(tariff_id)
    if named is None:
        raise no_tariff(tariff_id)
    checked(who, Permission.READ, tariff_resource(named), lambda: no_tariff(tariff_id))
    return named.tariff


def _zone_and_stations(
    provisioning: Provisioning, body: PreviewBody, who: Principal
) -> tuple[str, list[tuple[str, str | None]]]:
    if body.site_id is None:
        return body.zone, []
    site_id, station_cache = body.site_id, provisioning.station_cache
    site = station_cache.sites.get(site_id)
    if site is None:
        raise no_site(site_id)
    checked(who, Permission.READ, site_resource(site), lambda: no_site(site_id))
    found = sorted(station_cache.stations_on(site_id))[:STATIONS_SHOWN]
    return site.zone, [(str(each), provisioning.version_of(each)) for each in found]


def build_previews_router(provisioning: Provisioning) -> ApiRouter:
    """The route."""
    router = ApiRouter(route_class=ProvisioningRoute)

    @router.post("/tariffs/preview")
    async def preview(body: PreviewBody, who: SiteKeeperAnywhere) -> Response:
        """What a session would cost: lines, totals, why, and what each station of a site can show of it.

        Nothing is stored.
        """
        return json_response(preview_of(provisioning, body, who))

    return router
