"""What routes ask before they answer: who it is, and whether they may.

Wiring (borne/app.py)::

    access = AccessControl(database, clock, chance)                  # access.control
    app = FastAPI(...); install_problems(app); app.include_router(...)
    guarded = Authentication(app, access)   # access.authentication: API, console, sockets
    server = await serve(guarded, host, port); ...; await server.stop()   # runtime.serving
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.requests import HTTPConnection

from access.principals import Principal, Role
from runtime.http import Problem
from runtime.wording import Phrase, WayOut


def principal(request: HTTPConnection) -> Principal:
    """Who asks. Raises Problem 401 without authentication."""
    who = request.scope.get("principal")
    if not isinstance(who, Principal):
        raise unauthenticated()
    return who


def everybody(request: HTTPConnection) -> Principal:
    """A FastAPI dependency for what every role may do; 401 without authentication."""
    return principal(request)


DECLARED: dict[Callable[..., Any], frozenset[Role]] = {everybody: frozenset(Role)}
"""The dependencies that let a role in, and which: whatever route has none of them is nobody's."""


def require(*roles: Role) -> Callable[[HTTPConnection], Principal]:
    """A FastAPI dependency: `who: Annotated[Principal, Depends(require(Role.MANAGER))]`; 403 for
    other roles.
    """
    allowed = {Role.ADMIN, *roles}

    def check(request: HTTPConnection) -> Principal:
        who = principal(request)
        if who.role not in allowed:
            names = ", ".join(sorted(allowed))
            raise Problem(
                403,
                "role_required",
                Phrase(
                    f"{who.name} a le rôle {who.role}; il faut {names}",
                    f"{who.name} is {who.role}; this needs {names}",
                ),
                WayOut(f"Demandez à {names} de le faire.", f"Ask {names} to do it."),
            )
        return who

    DECLARED[check] = frozenset(allowed)
    return check


def api_routes(app: FastAPI, prefix: str) -> list[RouteContext]:
    """The routes below `prefix` as they were included: `path` and `dependant` are the whole ones."""
    found = (each for each in iter_route_contexts(app.routes) if isinstance(each.route, APIRoute))
    return [each for each in found if (each.path or "").startswith(prefix)]


def roles_of(route: RouteContext) -> frozenset[Role] | None:
    """Who may ask for a route; None where nobody decided that."""
    decided = [DECLARED[each.call] for each in _dependants(route.dependant) if each.call in DECLARED]
    return frozenset.intersection(*decided) if decided else None


def refuse_undeclared(app: FastAPI, prefix: str) -> None:
    """Deny by default: a route below `prefix` for which no role was declared does not get into a server."""
    for route in api_routes(app, prefix):
        if roles_of(route) is None:
            msg = f"{sorted(route.methods or ())} {route.path}: say who may ask for it (access.guard.require)"
            raise RuntimeError(msg)


def _dependants(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _dependants(each)


def unauthenticated() -> Problem:
    """Nobody knows who asks."""
    text = Phrase("Il faut un jeton ou une connexion", "This needs a token or a login")
    way_out = WayOut(
        "Envoyez « Authorization: Bearer <jeton> » (le premier est dans var/token), ou passez par /login.",
        "Send `Authorization: Bearer <token>` (the first is in var/token), or log in at /login.",
        "/login",
    )
    return Problem(401, "unauthenticated", text, way_out)
