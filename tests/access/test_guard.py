"""What who asks is told where they may not."""

from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from access.actions import ROLES, Permission
from access.guard import (
    About,
    Finder,
    Guard,
    api_routes,
    checked,
    refuse_undeclared,
    roles_for,
    route_permission,
    routes_by_action,
    scope_checked,
)
from access.principals import SERVER, AccessScope, Membership, Principal, Resource, Role, member
from runtime.http import Problem, install_problems
from runtime.wording import Phrase, WayOut

PORT = Resource("autre", "port")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (member("ann", Role.VIEWER), "ann is viewer; this needs the role manager or admin"),
        (member("ann", Role.MANAGER, "autre"), "ann has no role here; this needs the role manager or admin"),
        (Principal("ann"), "ann has no role here; this needs the role manager or admin"),
    ],
)
def test_a_refusal_says_what_they_are_there(who: Principal, words: str) -> None:
    """Who has no role at that place is not called a viewer of it."""
    with pytest.raises(Problem) as refused:
        checked(who, Permission.OPERATE, SERVER)
    assert (refused.value.status, refused.value.code, refused.value.text.en) == (403, "role_required", words)


def test_who_may_somewhere_is_told_where() -> None:
    """And who may nowhere is refused, before anything is looked up."""
    ann = member("ann", Role.MANAGER, "autre", "port")
    assert scope_checked(ann, Permission.OPERATE) == AccessScope(sites=frozenset({"port"}))
    with pytest.raises(Problem, match="role_required"):
        scope_checked(ann, Permission.SET_UP)


ANN = Principal("ann", (Membership(Role.MANAGER, "autre"), Membership(Role.VIEWER, "autre", "port")))
"""A manager of the other organisation."""


async def owner(text: str, _: HTTPConnection) -> Resource | None:
    """Stalls are the other organisation's on its port, or the server's; there are two of them."""
    return {"theirs": PORT, "ours": SERVER}.get(text)


def no_stall(text: str) -> Problem:
    """As it was typed."""
    way_out = WayOut("Comptez-les.", "Count them.")
    return Problem(404, "stall_unknown", Phrase(f"Pas de {text}", f"No {text}"), way_out)


def build_app() -> FastAPI:
    """A route of each sort; stalls are found by whoever owns them."""
    app, guard = FastAPI(), Guard("market")
    install_problems(app)

    def role(who: Principal) -> str:
        return f"{who.name} {who.role}"

    @app.get("/api/stalls/{stall}")
    def stall(who: Annotated[Principal, Depends(guard.requires(Permission.OPERATE))]) -> str:
        return role(who)

    @app.post("/api/stalls/{stall}")
    def build(who: Annotated[Principal, Depends(guard.requires_of_server(Permission.OPERATE))]) -> str:
        return role(who)

    @app.get("/api/market")
    def market(who: Annotated[Principal, Depends(guard.requires(Permission.READ))]) -> str:
        return role(who)

    @app.get("/api/stalls")
    def stalls(who: Annotated[Principal, Depends(guard.requires_anywhere(Permission.READ))]) -> str:
        return role(who)

    app.state.finders = {"market": {"other": Finder(owner, no_stall), "stall": Finder(owner, no_stall)}}
    return app


async def ask(who: Principal | None, path: str, method: str = "GET") -> tuple[int, str]:
    """The status, and what was answered or the code of the problem."""
    app = build_app()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope if who is None else {**scope, "principal": who}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://m") as client:
        answer = await client.request(method, f"/api{path}")
    return answer.status_code, answer.json() if answer.is_success else answer.json()["code"]


@pytest.mark.parametrize(
    ("who", "path", "answer"),
    [
        (ANN, "/stalls/theirs", (200, "ann manager")),
        (ANN, "/stalls/ours", (404, "stall_unknown")),
        (ANN, "/stalls/nobodys", (404, "stall_unknown")),
        (member("bob", Role.VIEWER), "/stalls/ours", (403, "role_required")),
        (member("bob", Role.VIEWER), "/stalls/nobodys", (403, "role_required")),
        (member("root", Role.ADMIN), "/stalls/ours", (200, "root admin")),
        (ANN, "/market", (403, "role_required")),
        (member("bob", Role.VIEWER), "/market", (200, "bob viewer")),
        (ANN, "/stalls", (200, "ann viewer")),
        (Principal("nobody"), "/stalls", (403, "role_required")),
        (None, "/stalls", (401, "unauthenticated")),
    ],
)
async def test_a_route_asks_about_what_its_path_names(
    who: Principal | None, path: str, answer: tuple[int, str]
) -> None:
    """As who they are there; what is another's is not there, nor told from what nobody has."""
    assert await ask(who, path) == answer


async def test_what_is_to_be_made_is_the_servers() -> None:
    """Whatever the path calls it."""
    assert await ask(ANN, "/stalls/theirs", "POST") == (403, "role_required")
    assert await ask(member("root", Role.ADMIN), "/stalls/new", "POST") == (200, "root admin")


async def test_who_may_read_what_they_may_not_change_is_told_so() -> None:
    """They see that it is there: 403. Without a word for what is unknown it is 403 in any case."""
    on_site = Principal("eve", (Membership(Role.MANAGER, "une"), Membership(Role.VIEWER, "autre", "port")))
    assert await ask(on_site, "/stalls/theirs") == (403, "role_required")
    with pytest.raises(Problem, match="role_required"):
        checked(ANN, Permission.OPERATE, SERVER)


def test_roles_are_named_the_least_first() -> None:
    """One of them without an `or`."""
    assert roles_for(Permission.OPERATE).en == "manager or admin"
    assert roles_for(Permission.MANAGE_ACCESS).fr == "admin"


def test_what_a_route_asks_is_known_of_it() -> None:
    """Below the prefix; a route of another prefix is none of the API's."""
    app = build_app()

    @app.get("/healthz")
    def healthz() -> None:
        pass

    refuse_undeclared(app, "/api")
    found = {(each.path, route_permission(each)) for each in api_routes(app, "/api")}
    assert {path for path, _ in found} == {"/api/stalls/{stall}", "/api/market", "/api/stalls"}
    abouts = {asked.about for _, asked in found if asked is not None}
    assert abouts == set(About)
    assert Role.MANAGER in ROLES[Permission.OPERATE]
    assert all(asked is not None and asked.roles == ROLES[asked.action] for _, asked in found)


def test_a_route_that_asks_nothing_does_not_get_into_a_server() -> None:
    """Nor one whose path names what nobody finds the owner of."""
    app = build_app()

    @app.get("/api/open")
    def open_to_all(_: Annotated[None, Depends(lambda: None)]) -> None:
        pass

    with pytest.raises(RuntimeError, match=r"\['GET'\] /api/open: say what it asks for"):
        refuse_undeclared(app, "/api")
    app = build_app()

    @app.get("/api/carts/{cart}")
    def cart(_: Annotated[Principal, Depends(Guard("market").requires(Permission.READ))]) -> None:
        pass

    with pytest.raises(RuntimeError, match=r"nobody finds the owner of \['cart'\]"):
        refuse_undeclared(app, "/api")


def test_routes_are_told_by_what_they_ask_for() -> None:
    """Below the prefix, without it; one that asks for nothing is left out."""
    app, guard = FastAPI(), Guard("stalls")

    @app.get("/api/v1/stalls", dependencies=[Depends(guard.requires_anywhere(Permission.READ))])
    async def stalls() -> None: ...

    @app.get("/api/v1/open")
    async def nobody_asked() -> None: ...

    assert routes_by_action(app) == {Permission.READ: ["GET /stalls"]}
