"""/access: who may use the API and the console. Administrators only; secrets are told once or never."""

from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from pydantic import BeforeValidator, Field, SecretStr

from access.actions import Permission
from access.control import AccessControl, without_blanks
from access.guard import Guard, routes_by_action
from access.organisations import NotThere
from access.principals import DEFAULT, LONGEST_NAME, Account, AccountKind, Principal, Role
from access.problems import account_unknown, organisation_unknown
from access.views import (
    OwnAccessAnswer,
    PersonAnswer,
    ProgramAnswer,
    account_view,
    own_access_view,
    program_view,
)
from runtime.bodies import Body
from runtime.field_rules import ID_PATTERN, NAME_PATTERN
from runtime.paging import json_response
from runtime.routers import ApiRouter

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

GUARD = Guard("access")
Administrator = Annotated[Principal, Depends(GUARD.requires_of_server(Permission.MANAGE_ACCESS))]
Anyone = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.READ))]
Name = Annotated[
    str,
    Path(min_length=1, max_length=LONGEST_NAME, pattern=NAME_PATTERN, description="The login."),
]
OrganisationName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=ID_PATTERN)]


def _without_blanks(value: Any) -> Any:
    return without_blanks(value) if isinstance(value, str) else value


ChosenPassword = Annotated[
    SecretStr,
    BeforeValidator(_without_blanks),
    Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD),
]
"""Blanks around it count neither here nor where one logs in."""


class PersonBody(Body):
    """A person who logs in, and what they are in an organisation; what they are in others stays."""

    role: Role
    password: ChosenPassword
    organisation_id: OrganisationName = DEFAULT


class ProgramBody(Body):
    """A program that sends a token, and what it is in an organisation; what it is in others stays."""

    role: Role
    organisation_id: OrganisationName = DEFAULT


ANSWERS: dict[str, Any] = {
    "GET /api/v1/access/me": OwnAccessAnswer,
    "GET /api/v1/access/people": list[PersonAnswer],
    "PUT /api/v1/access/people/{name}": PersonAnswer,
    "GET /api/v1/access/programs": list[PersonAnswer],
    "PUT /api/v1/access/programs/{name}": ProgramAnswer,
}
"""By route."""


def build_access_router(access: AccessControl) -> ApiRouter:
    """The routes of people and programs."""
    router = ApiRouter(prefix="/access", tags=["access"])
    _add_own(router)
    _add_people(router, access)
    _add_programs(router, access)
    return router


def _add_own(router: ApiRouter) -> None:
    @router.get("/me")
    async def own(request: Request, who: Anyone) -> Response:
        """Who you are, and what you may do: each action with the roles that it is for, and its routes.

        `is_allowed`: somewhere, if only on one site. A scenario looks here before it begins.
        """
        return json_response(own_access_view(who, routes_by_action(request.app)))


def _add_people(router: ApiRouter, access: AccessControl) -> None:
    @router.get("/people")
    async def people(_: Administrator) -> Response:
        """Who can log in, and as what."""
        return json_response([account_view(each) for each in await access.people()])

    @router.put("/people/{name}")
    async def save(name: Name, body: PersonBody, who: Administrator) -> Response:
        """Let a person log in, or change their password and role; their sessions end."""
        password = body.password.get_secret_value()
        await saved(access.add_person(name, password, body.role, body.organisation_id, by=who.name))
        return json_response(account_view(await one_account(access, AccountKind.PERSON, name)))

    @router.delete("/people/{name}", status_code=204)
    async def remove(name: Name, who: Administrator) -> None:
        """End a person's access and sessions at once."""
        await one_account(access, AccountKind.PERSON, name)
        await access.remove_person(name, by=who.name)


def _add_programs(router: ApiRouter, access: AccessControl) -> None:
    @router.get("/programs")
    async def programs(_: Administrator) -> Response:
        """Which programs have a token, and what for."""
        return json_response([account_view(each) for each in await access.programs()])

    @router.put("/programs/{name}")
    async def save(name: Name, body: ProgramBody, who: Administrator) -> Response:
        """Make a token for a program, replacing the one it had. The token is told this once."""
        token = await saved(access.add_token(name, body.role, body.organisation_id, by=who.name))
        return json_response(program_view(await one_account(access, AccountKind.PROGRAM, name), token))

    @router.delete("/programs/{name}", status_code=204)
    async def remove(name: Name, who: Administrator) -> None:
        """Revoke a program's token at once."""
        await one_account(access, AccountKind.PROGRAM, name)
        await access.remove_token(name, by=who.name)


async def saved(saving: Awaitable[Any]) -> Any:
    """What comes of it. Raises Problem: there is no such organisation."""
    try:
        return await saving
    except NotThere:
        raise organisation_unknown() from None


async def one_account(access: AccessControl, kind: AccountKind, name: str) -> Principal:
    """The account. Raises Problem 404."""
    found = await (access.people() if kind is AccountKind.PERSON else access.programs())
    one = next((each for each in found if each.name == name), None)
    if one is None:
        raise account_unknown(Account(kind, name))
    return one
