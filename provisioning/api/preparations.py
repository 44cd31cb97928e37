"""/sites/{id}/preparation: what a site needs before anything is mounted there; /preparations: all of them."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from access.actions import Permission, may, scope_of
from access.guard import principal
from access.principals import SERVER
from provisioning.api.bodies import Name
from provisioning.api.preparation_views import SitePreparationAnswer, preparation_view
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.products import known_product
from provisioning.api.roles import Preparer, PreparerAnywhere, SiteApprover, SiteKeeper
from provisioning.app import Provisioning
from provisioning.preparation import InstallPath, SitePreparation, SiteVerdict
from provisioning.products.product import GuideKind
from runtime.bodies import Body
from runtime.paging import PageWanted, json_response, list_response, part_of
from runtime.routers import ApiRouter

PRODUCTS_MOST = 20
"""On one site."""
NOTE_MOST = 1000
ProductId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]


class PreparationBody(Body):
    """Who sees to the installation, and what is to be mounted."""

    path: InstallPath
    products: Annotated[list[ProductId], Field(min_length=1, max_length=PRODUCTS_MOST)]


class SiteItemBody(Body):
    """What was found of an item of a product's checklist."""

    product: ProductId
    item: ProductId
    verdict: SiteVerdict
    note: str | None = Field(default=None, max_length=NOTE_MOST)


class SiteSignalBody(Body):
    """What was measured where the product is to be mounted."""

    product: ProductId
    dbm: int = Field(ge=-150, le=0)
    carrier: Name | None = None
    band: Name | None = None


class GuideReceiptBody(Body):
    """Who asks has read this version of a guide."""

    product: ProductId
    guide: GuideKind
    version: int = Field(ge=1)


class ApprovalBody(Body):
    """Whether the site is ready, and why not."""

    is_approved: bool
    note: str | None = Field(default=None, max_length=NOTE_MOST)


SITE = "/api/v1/sites/{site_id}/preparation"
ANSWERS = {
    "GET /api/v1/preparations": list[SitePreparationAnswer],
    f"GET {SITE}": SitePreparationAnswer,
    f"PUT {SITE}": SitePreparationAnswer,
    f"PUT {SITE}/items": SitePreparationAnswer,
    f"PUT {SITE}/signals": SitePreparationAnswer,
    f"POST {SITE}/guides": SitePreparationAnswer,
    f"PUT {SITE}/approval": SitePreparationAnswer,
}
"""By route."""


def build_preparations_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of how sites are prepared."""
    router = ApiRouter(route_class=ProvisioningRoute)
    _add_choosing(router, provisioning)
    _add_answers(router, provisioning)
    return router


def _add_choosing(router: ApiRouter, provisioning: Provisioning) -> None:
    preparing = provisioning.use_cases.preparing

    @router.get("/preparations")
    async def every(request: Request, page: PageWanted, who: PreparerAnywhere) -> Response:
        """Sites that are prepared: what is found, what is left, and who does that."""
        found = preparing.every(scope_of(who, Permission.PREPARE_SITES))
        listed = part_of(found, lambda each: each.site_id, page)
        return list_response(request, listed.shown_as(lambda each: preparation_view(provisioning, each)))

    @router.get("/sites/{site_id}/preparation")
    async def one(site_id: str, _who: Preparer) -> Response:
        """How far a site is prepared."""
        return _shown(provisioning, preparing.one(site_id))

    @router.put("/sites/{site_id}/preparation")
    async def choose(site_id: str, body: PreparationBody, who: SiteKeeper) -> Response:
        """Choose who installs, and which products: stations there wait for what that asks for."""
        for each in body.products:
            known_product(provisioning.products, each)
        return _shown(provisioning, await preparing.choose(site_id, body.path, body.products, who.name))

    @router.put("/sites/{site_id}/preparation/approval")
    async def decide(request: Request, site_id: str, body: ApprovalBody, who: SiteApprover) -> Response:
        """Say whether a site is ready for a service that was bought. The team does."""
        is_team = may(principal(request), Permission.APPROVE_SITES, SERVER)
        after = await preparing.decide(
            site_id, who.name, is_approved=body.is_approved, note=body.note, is_team=is_team
        )
        return _shown(provisioning, after)

    @router.delete("/sites/{site_id}/preparation", status_code=204)
    async def end(request: Request, site_id: str, who: SiteApprover) -> Response:
        """End a preparation that was begun by mistake: stations wait for nothing of it. The team may."""
        is_team = may(principal(request), Permission.APPROVE_SITES, SERVER)
        await preparing.end(site_id, who.name, is_team=is_team)
        return Response(status_code=204)


def _add_answers(router: ApiRouter, provisioning: Provisioning) -> None:
    preparing = provisioning.use_cases.preparing

    @router.put("/sites/{site_id}/preparation/items")
    async def answer(site_id: str, body: SiteItemBody, who: Preparer) -> Response:
        """Answer an item of a checklist; a safety item that failed stops the installation."""
        after = await preparing.answer(site_id, body.product, body.item, body.verdict, body.note, who.name)
        return _shown(provisioning, after)

    @router.put("/sites/{site_id}/preparation/signals")
    async def measure(site_id: str, body: SiteSignalBody, who: Preparer) -> Response:
        """Say which signal was measured where a product is to be mounted."""
        after = await preparing.measure(site_id, body.product, body.dbm, body.carrier, body.band, who.name)
        return _shown(provisioning, after)

    @router.post("/sites/{site_id}/preparation/guides")
    async def read(site_id: str, body: GuideReceiptBody, who: Preparer) -> Response:
        """Confirm that one has read a guide of a product in this version."""
        after = await preparing.read(site_id, body.product, body.guide, body.version, who.name)
        return _shown(provisioning, after)


def _shown(provisioning: Provisioning, preparation: SitePreparation) -> Response:
    return json_response(preparation_view(provisioning, preparation))
