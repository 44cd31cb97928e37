"""/access: who may use the API and the console. Administrators only; secrets are told once or never."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field, SecretStr

from access.control import AccessControl
from access.guard import require
from access.principals import Principal, Role
from runtime.bodies import Body
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_NAME = 64

Name = Annotated[
    str,
    Path(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f/]+$", description="The login."),
]


class PersonBody(Body):
    """A person who logs in."""

    role: Role
    password: SecretStr = Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)


class ProgramBody(Body):
    """A program that sends a token."""

    role: Role


class PersonAnswer(BaseModel):
    """Who can log in, and as what."""

    name: str
    role: Role


class ProgramAnswer(PersonAnswer):
    """A program; its token is told this once, when it was made."""

    token: str


ANSWERS: dict[str, Any] = {
    "GET /api/v1/access/people": list[PersonAnswer],
    "PUT /api/v1/access/people/{name}": PersonAnswer,
    "GET /api/v1/access/programs": list[PersonAnswer],
    "PUT /api/v1/access/programs/{name}": ProgramAnswer,
}
"""By route."""


def build_access_router(access: AccessControl) -> APIRouter:
    """The routes of people and programs."""
    router = APIRouter(prefix="/access", tags=["access"], dependencies=[Depends(require())])
    _add_people(router, access)
    _add_programs(router, access)
    return router


def _add_people(router: APIRouter, access: AccessControl) -> None:
    @router.get("/people")
    async def people() -> list[dict[str, Any]]:
        """Who can log in, and as what."""
        return [_shown(each) for each in await access.people()]

    @router.put("/people/{name}")
    async def save(name: Name, body: PersonBody) -> dict[str, Any]:
        """Let a person log in, or change their password and role; their sessions end."""
        await access.add_person(name, body.password.get_secret_value(), body.role)
        return _shown(Principal(name, body.role))

    @router.delete("/people/{name}", status_code=204)
    async def remove(name: Name) -> None:
        """End a person's access and sessions at once."""
        if not any(each.name == name for each in await access.people()):
            text = Phrase(f"Personne ne se connecte sous le nom {name}", f"Nobody logs in as {name}")
            way_out = WayOut(
                "Voyez qui a un accès.",
                "Look at who has access.",
                "",
                "ctl get /access/people",
                "GET /api/v1/access/people",
            )
            raise Problem(404, "person_unknown", text, way_out)
        await access.remove_person(name)


def _add_programs(router: APIRouter, access: AccessControl) -> None:
    @router.get("/programs")
    async def programs() -> list[dict[str, Any]]:
        """Which programs have a token, and what for."""
        return [_shown(each) for each in await access.programs()]

    @router.put("/programs/{name}")
    async def save(name: Name, body: ProgramBody) -> dict[str, Any]:
        """Make a token for a program, replacing the one it had. The token is told this once."""
        token = await access.add_token(name, body.role)
        return {**_shown(Principal(name, body.role)), "token": token}

    @router.delete("/programs/{name}", status_code=204)
    async def remove(name: Name) -> None:
        """Revoke a program's token at once."""
        if not any(each.name == name for each in await access.programs()):
            text = Phrase(f"Aucun programme ne s'appelle {name}", f"No program is called {name}")
            way_out = WayOut(
                "Voyez ceux qui ont un jeton.",
                "Look at those that have a token.",
                "",
                "ctl get /access/programs",
                "GET /api/v1/access/programs",
            )
            raise Problem(404, "program_unknown", text, way_out)
        await access.remove_token(name)


def _shown(who: Principal) -> dict[str, Any]:
    return {"name": who.name, "role": who.role.value}
