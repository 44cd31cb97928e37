"""/organisations: who shares this server, and who is what where."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import Field
from starlette.requests import HTTPConnection

from access.actions import Permission, may
from access.api import GUARD, Administrator, Anyone, Name
from access.guard import Finder, principal
from access.organisations import InUse, NotThere, Organisation, Organisations
from access.principals import (
    LONGEST_NAME,
    SERVER,
    Account,
    AccountKind,
    Membership,
    Principal,
    Resource,
    Role,
)
from access.problems import member_unknown, membership_unknown, organisation_in_use, organisation_unknown
from access.views import MemberAnswer, OrganisationAnswer, member_view, organisation_view
from runtime.bodies import Body
from runtime.field_rules import ID_PATTERN
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

LONGEST_TITLE = 200
Keeper = Annotated[Principal, Depends(GUARD.requires(Permission.MANAGE_MEMBERS))]
OrganisationId = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME, pattern=ID_PATTERN)]
Site = Annotated[str | None, Query(description="On one site; without it, in all of the organisation.")]


class OrganisationBody(Body):
    """What it is called."""

    name: str = Field(min_length=1, max_length=LONGEST_TITLE)


class MemberBody(Body):
    """The role, in all of the organisation or on one site of it."""

    role: Role
    site_id: str | None = Field(default=None, min_length=1, max_length=LONGEST_NAME)


ONE = "/api/v1/organisations/{organisation_id}"
ANSWERS: dict[str, Any] = {
    "GET /api/v1/organisations": list[OrganisationAnswer],
    f"PUT {ONE}": OrganisationAnswer,
    f"GET {ONE}/members": list[MemberAnswer],
    f"PUT {ONE}/people/{{name}}": MemberAnswer,
    f"PUT {ONE}/programs/{{name}}": MemberAnswer,
}
"""By route."""


def organisation_finder(organisations: Organisations) -> Finder:
    """To whom belongs an organisation that a path names: itself."""

    async def find(text: str, _: HTTPConnection) -> Resource | None:
        return Resource(text) if await organisations.one(text) is not None else None

    return Finder(find, lambda _: organisation_unknown())


def build_organisations_router(organisations: Organisations) -> ApiRouter:
    """The routes of organisations and their members."""
    router = ApiRouter(prefix="/organisations", tags=["access"])
    _add_organisations(router, organisations)
    for kind, words in _MEMBERS.items():
        _add_members(router, organisations, kind, words)
    return router


def _add_organisations(router: ApiRouter, organisations: Organisations) -> None:
    @router.get("")
    async def every(who: Anyone) -> Response:
        """Those that you belong to; all of them for administrators of the server."""
        mine = {each.organisation_id for each in who.memberships}
        sees_all = may(who, Permission.MANAGE_ACCESS, SERVER)
        found = await organisations.every()
        seen = [each for each in found if sees_all or each.organisation_id in mine]
        return json_response([organisation_view(each) for each in seen])

    @router.put("/{organisation_id}")
    async def save(organisation_id: OrganisationId, body: OrganisationBody, who: Administrator) -> Response:
        """Make an organisation, or give it another name."""
        wanted = Organisation(organisation_id, body.name)
        if not await organisations.save(wanted, who.name):
            text = Phrase(
                f"Une autre organisation s'appelle {body.name}", f"Another organisation is called {body.name}"
            )
            raise Problem(409, "organisation_exists", text, SEE_THEM)
        return json_response(organisation_view(wanted))

    @router.delete("/{organisation_id}", status_code=204)
    async def remove(organisation_id: OrganisationId, who: Administrator) -> None:
        """Remove an organisation that has neither sites, tariffs nor members."""
        try:
            await organisations.remove(organisation_id, who.name)
        except NotThere:
            raise organisation_unknown() from None
        except InUse as used:
            raise organisation_in_use(organisation_id, used.holdings) from None

    @router.get("/{organisation_id}/members")
    async def members(organisation_id: OrganisationId, _: Keeper) -> Response:
        """Who has which role in an organisation or on a site of it."""
        found = await organisations.members(organisation_id)
        return json_response([member_view(*each) for each in found])


@dataclass(frozen=True, slots=True)
class _MemberWords:
    """How the routes of a kind are called, and what is said of them."""

    path: str
    save: str
    remove: str


_MEMBERS = {
    AccountKind.PERSON: _MemberWords(
        "people",
        "Give a person a role in an organisation or on a site, in place of the one they have there.",
        "Take a person's role in an organisation or on a site away, from the next request on.",
    ),
    AccountKind.PROGRAM: _MemberWords(
        "programs",
        "Give a program a role in an organisation or on a site, in place of the one it has there.",
        "Take a program's role in an organisation or on a site away, from the next request on.",
    ),
}


def _add_members(
    router: ApiRouter, organisations: Organisations, kind: AccountKind, words: _MemberWords
) -> None:
    path = f"/{{organisation_id}}/{words.path}/{{name}}"

    @router.put(path, description=words.save)
    async def save(
        request: Request, organisation_id: OrganisationId, name: Name, body: MemberBody, _: Keeper
    ) -> Response:
        given = Membership(body.role, organisation_id, body.site_id)
        await give_role(organisations, Account(kind, name), given, principal(request))
        return json_response(member_view(Account(kind, name), given))

    @router.delete(path, description=words.remove, status_code=204)
    async def remove(organisation_id: OrganisationId, name: Name, who: Keeper, site: Site = None) -> None:
        await remove_role(organisations, Account(kind, name), Resource(organisation_id, site), who)


async def give_role(
    organisations: Organisations, account: Account, given: Membership, who: Principal
) -> None:
    """In place of the one they have there. Raises Problem."""
    try:
        runs_server = may(who, Permission.MANAGE_ACCESS, SERVER)
        await organisations.save_member(account, given, who.name, is_anybody=runs_server)
    except NotThere as missing:
        raise _not_there(missing, account, given) from None


async def remove_role(
    organisations: Organisations, account: Account, place: Resource, who: Principal
) -> None:
    """The one they have there. Raises Problem."""
    try:
        await organisations.remove_member(account, place, who.name)
    except NotThere:
        raise membership_unknown(account, place.organisation_id) from None


SEE_THEM = WayOut(
    "Prenez un autre nom.", "Take another name.", "", "ctl get /organisations", "GET /api/v1/organisations"
)
SEE_SITES = WayOut("Voyez ses sites.", "Look at its sites.", "", "ctl get /sites", "GET /api/v1/sites")


def _not_there(missing: NotThere, account: Account, given: Membership) -> Problem:
    if missing.what == "organisation":
        return organisation_unknown()
    if missing.what == "site":
        text = Phrase("L'organisation n'a pas ce site", "The organisation has no such site")
        return Problem(404, "site_unknown", text, SEE_SITES)
    return member_unknown(account, given)
