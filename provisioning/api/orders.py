"""/orders, /installers, /claims, /adoptions."""

from typing import Annotated

from fastapi import Header, Query, Request, Response

from access.actions import Permission, scope_of
from access.guard import principal
from provisioning.api.bodies import AdoptionBody, ClaimBody, InstallerBody, OrderBody
from provisioning.api.order_lists import made_order, order_seen, orders_seen
from provisioning.api.order_views import (
    ForgottenAnswer,
    adoption_view,
    claim_attempt_view,
    installer_view,
)
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import (
    FOUNDER,
    ORDERER,
    READER,
    ClaimAuditor,
    ClaimerAnywhere,
    Founder,
    Lister,
    Orderer,
)
from provisioning.api.station_views import adopted_view, led_station_view
from provisioning.app import Provisioning
from provisioning.claimant import Claimant
from provisioning.rules.localization import Claim
from runtime.paging import PageWanted, cut, json_response, list_response, moment_text, part_of
from runtime.routers import ApiRouter


def build_orders_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of orders and of what ties stations to places."""
    router = ApiRouter(route_class=ProvisioningRoute)
    _add_orders(router, provisioning)
    _add_installers(router, provisioning)
    _add_claims(router, provisioning)
    _add_adoptions(router, provisioning)
    return router


def _add_orders(router: ApiRouter, provisioning: Provisioning) -> None:
    @router.post("/orders", status_code=201)
    async def order(body: OrderBody, who: Orderer) -> Response:
        """Order stations. The claim codes are told this once: print them on the labels."""
        return json_response(await made_order(provisioning, body, who.name), status=201)

    @router.get("/orders", dependencies=[READER])
    async def orders(
        *,
        request: Request,
        page: PageWanted,
        without_manager: Annotated[bool, Query(description="Those whose manager is to be found.")] = False,
    ) -> Response:
        """Orders, newest first: of each station how far it is, what blocks it and who clears that."""
        who = principal(request)
        return list_response(
            request, await orders_seen(provisioning, who, page, without_manager=without_manager)
        )

    @router.get("/orders/{order_id}", dependencies=[READER])
    async def one(request: Request, order_id: str) -> Response:
        """One order, by its id or its reference; without the boxes that are at places of others by now."""
        return json_response(await order_seen(provisioning, principal(request), order_id))


def _add_installers(router: ApiRouter, provisioning: Provisioning) -> None:
    purchasing = provisioning.use_cases.purchasing

    @router.post("/installers", status_code=201, dependencies=[ORDERER])
    async def register(body: InstallerBody) -> Response:
        """Register an installer."""
        made = await purchasing.register_installer(body.name, body.account, body.email, body.company)
        return json_response(installer_view(made), status=201)

    @router.get("/installers", dependencies=[ORDERER])
    async def installers(request: Request, page: PageWanted) -> Response:
        """Installers, by name."""
        found = await purchasing.installers()
        listed = part_of(found, lambda each: f"{each.name.casefold()} {each.installer_id}", page)
        return list_response(request, listed.shown_as(installer_view))


def _add_claims(router: ApiRouter, provisioning: Provisioning) -> None:
    localization = provisioning.use_cases.localization

    @router.post("/claims", status_code=201)
    async def claim(
        body: ClaimBody,
        who: ClaimerAnywhere,
        key: Annotated[str | None, Header(alias="Idempotency-Key", min_length=8, max_length=128)] = None,
    ) -> Response:
        """Localize a station: its MAC and claim code from the label, its name and position.

        A claim that is sent again with the same `Idempotency-Key` gets the first answer, and counts once.
        """
        wanted = Claim(body.mac, body.claim_code.get_secret_value(), body.position())
        station_id = await localization.claim(wanted, Claimant.of(who), key=key)
        return json_response(led_station_view(provisioning, station_id), status=201)

    @router.get("/claims")
    async def claims(request: Request, page: PageWanted, who: ClaimAuditor) -> Response:
        """Tries to claim, newest first."""
        found = await localization.claims(scope_of(who, Permission.READ_AUDIT), page.limit + 1, page.moment)
        listed = cut(found, lambda each: moment_text(each.at, each.claim_id), page, None)
        return list_response(request, listed.shown_as(claim_attempt_view))

    @router.delete("/claims/locks/{target}", dependencies=[FOUNDER])
    async def unlock(target: str) -> Response:
        """Unlock a station or an account after too many wrong tries."""
        return json_response(ForgottenAnswer(forgotten=await localization.unlock(target)))


def _add_adoptions(router: ApiRouter, provisioning: Provisioning) -> None:
    localization = provisioning.use_cases.localization

    @router.post("/adoptions", status_code=201)
    async def adopt(body: AdoptionBody, who: Founder) -> Response:
        """Take in a station that nobody ordered; without a position a claim code comes back, once."""
        position = body.position.position() if body.position else None
        adopted = await localization.adopt(
            body.station_id, position, body.note, who.name, scope_of(who, Permission.SET_UP)
        )
        told = led_station_view(provisioning, adopted.station_id)
        return json_response(adopted_view(told, adopted.claim_code), status=201)

    @router.get("/adoptions")
    async def adoptions(request: Request, page: PageWanted, who: Lister) -> Response:
        """Adoptions, newest first."""
        found = await localization.adoptions(scope_of(who, Permission.READ), page.limit + 1, page.moment)
        listed = cut(found, lambda each: moment_text(each.at, each.adoption_id), page, None)
        return list_response(request, listed.shown_as(adoption_view))
