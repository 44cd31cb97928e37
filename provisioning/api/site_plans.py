"""/sites/{id}/plans: the drawn floors of a site, on which places are."""

from typing import Annotated

from fastapi import Query, Request, Response

from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import READER, SiteKeeper
from provisioning.api.site_plan_views import SitePlanAnswer, site_plan_view
from provisioning.app import Provisioning
from runtime.routers import ApiRouter

PICTURE = {"schema": {"type": "string", "format": "binary"}}
SENT = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys(("image/jpeg", "image/png", "image/webp"), PICTURE),
    }
}
Floor = Annotated[
    str,
    Query(max_length=50, description="As the places of the floor name it; empty: the site has one level."),
]
PlanId = Annotated[str, Query(max_length=64)]


def build_site_plans_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of plans."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/sites/{site_id}")
    plans, sites = provisioning.use_cases.site_plans, provisioning.use_cases.sites

    @router.get("/plans", dependencies=[READER])
    async def listed(site_id: str) -> list[SitePlanAnswer]:
        """The plans of a site, by floor; a place's `plan_x` and `plan_y` are shares of its picture."""
        sites.site(site_id)
        return [site_plan_view(each) for each in await plans.of_site(site_id)]

    @router.put("/plans", openapi_extra=SENT)
    async def replace(request: Request, site_id: str, who: SiteKeeper, floor: Floor = "") -> SitePlanAnswer:
        """Send the picture of a floor (JPEG, PNG or WebP, at most 1 MiB); an earlier one goes."""
        sites.site(site_id)
        return site_plan_view(await plans.put(site_id, floor, await request.body(), who.name))

    @router.get(
        "/plan",
        dependencies=[READER],
        response_class=Response,
        responses={200: {"content": {"image/*": PICTURE}}},
    )
    async def picture(site_id: str, plan_id: PlanId) -> Response:
        """A plan's picture, byte for byte as it came."""
        kind, content = await plans.picture(site_id, plan_id)
        return Response(
            content, media_type=kind, headers={"cache-control": "private, max-age=86400, immutable"}
        )

    @router.delete("/plan", status_code=204)
    async def remove(site_id: str, plan_id: PlanId, who: SiteKeeper) -> Response:  # noqa: ARG001 - asked
        """Take a plan away; places keep where they were on it."""
        await plans.remove(site_id, plan_id)
        return Response(status_code=204)

    return router
