"""/organisations/{id}/set-up: the four steps of an account, and /set-ups: what is left of them."""

from typing import Annotated, Self

from fastapi import Depends, Request, Response
from pydantic import Field, model_validator

from access.actions import Permission, may, scope_of
from access.guard import principal
from access.principals import SERVER, Principal
from access.problems import organisation_unknown
from provisioning.accounts import AccountSetUp, BillingState, Contact, ContactRole
from provisioning.api.account_views import SetUpAnswer, set_up_view
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import GUARD
from provisioning.app import Provisioning
from runtime.bodies import Body
from runtime.paging import PageWanted, json_response, list_response, part_of
from runtime.routers import ApiRouter
from runtime.wording import Phrase

AccountKeeper = Annotated[Principal, Depends(GUARD.requires(Permission.SET_UP_ACCOUNT))]
AccountKeeperAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.SET_UP_ACCOUNT))]
_REACHABLE = Phrase("donnez un téléphone ou un courriel", "give a phone number or an e-mail address")
_TWICE = Phrase("nommez une personne par rôle", "name one person for each role")


class OrganisationDetailsBody(Body):
    """Who the organisation is in law, and where; its stations are those that the set-up shows."""

    legal_name: str = Field(min_length=1, max_length=200)
    address: str = Field(min_length=1, max_length=500)


class BillingBody(Body):
    """How far Flex billing is. No data of a bank are kept."""

    state: BillingState


class ContactBody(Body):
    """Whom to ring for something."""

    role: ContactRole
    name: str = Field(min_length=1, max_length=100)
    email: str | None = Field(default=None, min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    phone: str | None = Field(default=None, min_length=3, max_length=40)

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        if self.email is None and self.phone is None:
            raise ValueError(_REACHABLE)
        return self


class ContactsBody(Body):
    """All contacts, in place of those before."""

    contacts: Annotated[list[ContactBody], Field(max_length=len(ContactRole))]

    @model_validator(mode="after")
    def _names_each_role_once(self) -> Self:
        if len({each.role for each in self.contacts}) < len(self.contacts):
            raise ValueError(_TWICE)
        return self


def build_accounts_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of accounts."""
    router = ApiRouter(route_class=ProvisioningRoute)
    _add_reading(router, provisioning)
    _add_steps(router, provisioning)
    return router


def _add_reading(router: ApiRouter, provisioning: Provisioning) -> None:
    accounts = provisioning.use_cases.accounts

    @router.get("/set-ups")
    async def every(request: Request, page: PageWanted, who: AccountKeeperAnywhere) -> Response:
        """Set-ups of accounts by organisation: what is done, what is left, and who does that."""
        found = accounts.every(scope_of(who, Permission.SET_UP_ACCOUNT))
        listed = part_of(found, lambda each: each.organisation_id, page)
        return list_response(request, listed.shown_as(lambda each: _shown(provisioning, each)))

    @router.get("/organisations/{organisation_id}/set-up")
    async def one(organisation_id: str, _who: AccountKeeper) -> Response:
        """The set-up of an organisation's account."""
        return json_response(_shown(provisioning, accounts.one(organisation_id)))

    @router.post("/organisations/{organisation_id}/set-up", status_code=201)
    async def begin(organisation_id: str, who: AccountKeeper) -> Response:
        """Open the set-up: stations that are not active yet wait for its four steps from now on."""
        if not await accounts.exists(organisation_id):
            raise organisation_unknown()
        return json_response(_shown(provisioning, await accounts.open(organisation_id, who.name)), status=201)

    @router.delete("/organisations/{organisation_id}/set-up", status_code=204)
    async def close(request: Request, organisation_id: str, who: AccountKeeper) -> Response:
        """Close a set-up that was opened by mistake: stations wait for nothing of it. The team may."""
        await accounts.close(organisation_id, who.name, is_team=_is_team(request))
        return Response(status_code=204)


def _add_steps(router: ApiRouter, provisioning: Provisioning) -> None:
    accounts = provisioning.use_cases.accounts

    @router.put("/organisations/{organisation_id}/set-up/account")
    async def account(organisation_id: str, who: AccountKeeper) -> Response:
        """Step 1: a manager has an account."""
        return json_response(_shown(provisioning, await accounts.confirm_account(organisation_id, who.name)))

    @router.put("/organisations/{organisation_id}/set-up/organisation")
    async def organisation(
        organisation_id: str, body: OrganisationDetailsBody, who: AccountKeeper
    ) -> Response:
        """Step 2: confirm the organisation, and the stations that the set-up shows."""
        after = await accounts.confirm_organisation(organisation_id, body.legal_name, body.address, who.name)
        return json_response(_shown(provisioning, after))

    @router.put("/organisations/{organisation_id}/set-up/billing")
    async def billing(
        request: Request, organisation_id: str, body: BillingBody, who: AccountKeeper
    ) -> Response:
        """Step 3: Flex billing is submitted by the organisation, approved or rejected by the team."""
        after = await accounts.move_billing(organisation_id, body.state, who.name, is_team=_is_team(request))
        return json_response(_shown(provisioning, after))

    @router.put("/organisations/{organisation_id}/set-up/contacts")
    async def contacts(organisation_id: str, body: ContactsBody, who: AccountKeeper) -> Response:
        """Step 4: whom to ring for what; administration, renewal and help on site are required."""
        named = tuple(Contact(each.role, each.name, each.email, each.phone) for each in body.contacts)
        return json_response(
            _shown(provisioning, await accounts.name_contacts(organisation_id, named, who.name))
        )


def _shown(provisioning: Provisioning, set_up: AccountSetUp) -> SetUpAnswer:
    return set_up_view(set_up, provisioning.use_cases.accounts.stations(set_up.organisation_id))


def _is_team(request: Request) -> bool:
    """Whether somebody of who runs the server asks."""
    return may(principal(request), Permission.SET_UP, SERVER)
