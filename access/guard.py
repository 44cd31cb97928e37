"""What a route asks before it answers, as a dependency of FastAPI: `Guard` makes it, for an action of
`access.actions`.

Whoever may not gets 403; what is another organisation's is 404, by the `Finder` of what the path names. A
route that asks nothing does not get into a server (`refuse_undeclared`), but for `public_paths`.

Wiring (borne/app.py)::

    access = AccessControl(database, clock, chance)                  # access.control
    app = FastAPI(...); install_problems(app); app.include_router(...)
    app.state.finders = {"csms": …, "provisioning": …, "access": …}  # to whom belongs what a path names
    guarded = Authentication(app, access)   # access.authentication: API, console, sockets
    server = await serve(guarded, host, port); ...; await server.stop()   # runtime.serving
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fastapi import FastAPI
from fastapi.params import Depends
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.requests import HTTPConnection

from access.actions import ROLES, Permission, may, scope_of
from access.principals import RANKS, SERVER, AccessScope, Principal, Resource, Role
from access.public_paths import PUBLIC_PATHS
from runtime.http import Problem
from runtime.wording import Phrase, WayOut


@dataclass(frozen=True, slots=True)
class Finder:
    """To whom belongs what a path names by one of its parameters; None where there is no such thing.

    `unknown` is what the route says of a thing that is not there: of another organisation's it is the same.
    """

    find: Callable[[str, HTTPConnection], Awaitable[Resource | None]]
    unknown: Callable[[str], Problem]


class About(StrEnum):
    """What a route is about, for who may ask for it."""

    PATH = "what its path names, or the server"
    SERVER = "the server, whatever its path names"
    ANYTHING = "what it narrows by itself: a list, or what a body names"


@dataclass(frozen=True, slots=True)
class RoutePermission:
    """What a route asks for, about what, by whose finders."""

    action: Permission
    package: str
    about: About

    @property
    def roles(self) -> frozenset[Role]:
        """Those that may, in the right organisation."""
        return ROLES[self.action]


Check = Callable[[HTTPConnection], Awaitable[Principal]]
DECLARED: dict[Callable[..., Any], RoutePermission] = {}
"""The dependencies that let somebody in: whatever route has none of them is nobody's."""
API = "/api/v1"
"""Below which its routes are."""
OF_THE_SERVER = frozenset({"name", "value", "target", "order_id", "product_id", "file_id"})
"""Parameters of paths that name what belongs to no site."""
_PARAMETER = re.compile(r"\{(\w+)")


class Guard:
    """Makes the dependencies of a package's routes: `who: Annotated[Principal, Depends(guard.asks(…))]`."""

    def __init__(self, package: str) -> None:
        self._package = package

    def requires(self, action: Permission) -> Check:
        """For what the path names, and the principal is who they are there; for the server where it names
        nothing. 403 for other roles, 404 for what is another organisation's.
        """

        async def check(connection: HTTPConnection) -> Principal:
            who = principal(connection)
            scope_checked(who, action)
            for name, finder in _finders(connection, self._package).items():
                if name in connection.path_params:
                    return await _found(who, action, finder, str(connection.path_params[name]), connection)
            checked(who, action, SERVER)
            return who

        DECLARED[check] = RoutePermission(action, self._package, About.PATH)
        return check

    def requires_of_server(self, action: Permission) -> Check:
        """For the server, also where the path names something: what is to be made is nobody's yet."""

        async def check(connection: HTTPConnection) -> Principal:
            checked(who := principal(connection), action, SERVER)
            return who

        DECLARED[check] = RoutePermission(action, self._package, About.SERVER)
        return check

    def requires_anywhere(self, action: Permission) -> Check:
        """For a list, or for what a body names: the route narrows it with `scope_of` or `checked`."""

        async def check(connection: HTTPConnection) -> Principal:
            who = principal(connection)
            scope_checked(who, action)
            return who

        DECLARED[check] = RoutePermission(action, self._package, About.ANYTHING)
        return check


def checked(
    who: Principal, action: Permission, resource: Resource, unknown: Callable[[], Problem] | None = None
) -> Principal:
    """Who they are there, if they may. Raises Problem 403; where they may not even read, `unknown`."""
    if may(who, action, resource):
        return who.at(resource)
    scope_checked(who, action)
    if unknown is not None and not may(who, Permission.READ, resource):
        raise unknown()
    raise _role_required(who.at(resource), action)


def scope_checked(who: Principal, action: Permission) -> AccessScope:
    """Where they may do it. Raises Problem 403 for who may not anywhere: whatever it is about, that tells
    nothing of it.
    """
    if not (scope := scope_of(who, action)):
        raise _role_required(who, action)
    return scope


async def _found(
    who: Principal, action: Permission, finder: Finder, text: str, connection: HTTPConnection
) -> Principal:
    resource = await finder.find(text, connection)
    if resource is None:
        raise finder.unknown(text)
    return checked(who, action, resource, lambda: finder.unknown(text))


def roles_for(action: Permission) -> Phrase:
    """Which of the roles may do it, the least first, in the words that people give them by."""
    *others, last = sorted(ROLES[action], key=RANKS.index)
    before = ", ".join(others)
    return Phrase(f"{before} ou {last}", f"{before} or {last}") if before else Phrase(last, last)


def _role_required(who: Principal, action: Permission) -> Problem:
    names = roles_for(action)
    role = (
        Phrase(f"a le rôle {who.role}", f"is {who.role}")
        if who.role is not None
        else Phrase("n'a aucun rôle ici", "has no role here")
    )
    return Problem(
        403,
        "role_required",
        Phrase(
            f"{who.name} {role.fr}; il faut le rôle {names.fr}",
            f"{who.name} {role.en}; this needs the role {names.en}",
        ),
        WayOut(
            f"Demandez à quelqu'un qui a le rôle {names.fr} de le faire.",
            f"Ask somebody with the role {names.en} to do it.",
        ),
    )


def _finders(connection: HTTPConnection, package: str) -> Mapping[str, Finder]:
    found: Mapping[str, Mapping[str, Finder]] = getattr(connection.app.state, "finders", {})
    return found.get(package, {})


def principal(connection: HTTPConnection) -> Principal:
    """Who asks. Raises Problem 401 without authentication."""
    who = connection.scope.get("principal")
    if not isinstance(who, Principal):
        raise unauthenticated()
    return who


def api_routes(app: FastAPI, prefix: str) -> list[RouteContext]:
    """The routes below `prefix` that are not for anybody, as they were included: `path` and `dependant` are
    the whole ones.
    """
    found = (each for each in iter_route_contexts(app.routes) if isinstance(each.route, APIRoute))
    return [each for each in found if (each.path or "").startswith(prefix) and each.path not in PUBLIC_PATHS]


def route_permission(route: RouteContext) -> RoutePermission | None:
    """What a route asks for; None where nobody decided that."""
    given = [each.dependency for each in route.dependencies]
    calls = (call for each in (*given, route.endpoint) if each is not None for call in _dependencies(each))
    return next((DECLARED[call] for call in calls if call in DECLARED), None)


def routes_by_action(app: FastAPI, prefix: str = API) -> Mapping[Permission, Sequence[str]]:
    """`METHOD /path` of every route below `prefix`, by what it asks for."""
    found: dict[Permission, list[str]] = {}
    for route in api_routes(app, prefix):
        if (permission := route_permission(route)) is not None:
            path = (route.path or "").removeprefix(prefix)
            names = (f"{method} {path}" for method in sorted(route.methods or ()))
            found.setdefault(permission.action, []).extend(names)
    return found


def refuse_undeclared(app: FastAPI, prefix: str) -> None:
    """Deny by default: a route below `prefix` that asks for nothing, or whose path names what nobody finds
    the owner of, does not get into a server.
    """
    for route in api_routes(app, prefix):
        permission, name = route_permission(route), f"{sorted(route.methods or ())} {route.path}"
        if permission is None:
            raise RuntimeError(f"{name}: say what it asks for (access.guard.Guard.requires)")
        known = OF_THE_SERVER | set(app.state.finders.get(permission.package, ()))
        if strange := set(_PARAMETER.findall(route.path or "")) - known:
            raise RuntimeError(f"{name}: nobody finds the owner of {sorted(strange)} (app.state.finders)")


def _dependencies(call: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """It, and what its parameters depend on: without what FastAPI makes of all the others, which is most of a
    server's start.
    """
    yield call
    for parameter in inspect.signature(call).parameters.values():
        for each in (*getattr(parameter.annotation, "__metadata__", ()), parameter.default):
            if isinstance(each, Depends) and each.dependency is not None:
                yield from _dependencies(each.dependency)


def unauthenticated() -> Problem:
    """Nobody knows who asks."""
    text = Phrase("Il faut un jeton ou une connexion", "This needs a token or a login")
    way_out = WayOut(
        "Envoyez « Authorization: Bearer <jeton> » (le premier est dans var/token), ou passez par /login.",
        "Send `Authorization: Bearer <token>` (the first is in var/token), or log in at /login.",
        "/login",
    )
    return Problem(401, "unauthenticated", text, way_out)
