"""Every route lets in the roles that were declared for it, and nobody else: each is asked with every role."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext

from access.guard import API, RoutePermission, api_routes, refuse_undeclared, route_permission
from access.principals import Role
from tests.support.payloads import START
from tests.support.server import LiveServer
from tests.support.waiting import patient_http

pytestmark = pytest.mark.asyncio(loop_scope="module")
ID_TOKEN = "04A1B2C3D4E5F6"
STREAM = re.compile(r"/(events|messages/stream)$")
NOT_FOR_VIEWERS = (
    "GET /stations/{station_id}/messages",
    "GET /stations/{station_id}/messages/stream",
    "POST /stations/{station_id}/expect",
    "POST /stations/{station_id}/calls",
    "GET /stations/{station_id}/audit",
    "GET /connection-attempts",
    "GET /quarantine",
    "GET /quarantine/{quarantine_id}",
    "GET /tokens",
    "GET /tokens/{value}",
    "GET /sites/{site_id}/tokens",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def roles(server: LiveServer) -> AsyncIterator[dict[Role, httpx.AsyncClient]]:
    """A client per role."""
    clients: dict[Role, httpx.AsyncClient] = {}
    for role in Role:
        response = await server.api.put(f"/access/programs/{role.value}", json={"role": role.value})
        headers = {"Authorization": f"Bearer {response.json()['token']}"}
        clients[role] = patient_http(base_url=server.api.base_url, headers=headers)
    yield clients
    for client in clients.values():
        await client.aclose()


def routes_of(server: LiveServer) -> list[tuple[str, RouteContext]]:
    """`METHOD /path` below /api/v1, and the route, as this server has them."""
    app = server.running.app
    assert app is not None
    found = [
        (f"{method} {(route.path or '').removeprefix(API)}", route)
        for route in api_routes(app, f"{API}/")
        for method in sorted(route.methods or ())
    ]
    assert len(found) > 60
    return found


def asked(route: RouteContext) -> RoutePermission:
    """What a route asks for."""
    found = route_permission(route)
    assert found is not None
    return found


async def test_every_route_lets_in_whom_it_declares(
    server: LiveServer, roles: dict[Role, httpx.AsyncClient]
) -> None:
    """403 `role_required` for all others; who may ask gets another answer, if only that nothing is there."""
    wrong: list[str] = []
    for name, route in routes_of(server):
        method, path = name.split(" ")
        allowed = asked(route).roles
        for role, client in roles.items():
            if role in allowed and (STREAM.search(path) or role is Role.ADMIN):
                continue  # a stream has no end; and an administrator may do everything
            filled = re.sub(r"\{[^}]*\}", "nobody-0", path)
            response = await client.request(
                method, filled, json={"within_s": -1} if method != "GET" else None
            )
            is_refused = response.status_code == 403 and response.json()["code"] == "role_required"
            if is_refused is (role in allowed):
                wrong.append(f"{name} {role}: {response.status_code}")
    assert not wrong


async def test_everybody_is_told_the_routes_that_are_open_to_them(
    server: LiveServer, roles: dict[Role, httpx.AsyncClient]
) -> None:
    """`GET /access/me` has every route of this server, by what it asks for; scenarios go by it."""
    for role, client in roles.items():
        actions = (await client.get("/access/me")).json()["actions"]
        told = {route: each["is_allowed"] for each in actions for route in each["routes"]}
        assert told == {name: role in asked(route).roles for name, route in routes_of(server)}


async def test_what_viewers_are_not_shown(server: LiveServer) -> None:
    """Frames, failed connections and lists of id tokens; and they change nothing at all."""
    declared = {name: asked(route).roles for name, route in routes_of(server)}
    for name in NOT_FOR_VIEWERS:
        assert Role.VIEWER not in declared[name], name
    for name, allowed in declared.items():
        assert name.startswith("GET ") or Role.VIEWER not in allowed, name


async def test_a_viewer_reads_no_id_token_anywhere(
    server: LiveServer, roles: dict[Role, httpx.AsyncClient]
) -> None:
    """Every list and every thing, while a driver charges; an installer sees who."""
    await server.add_token(ID_TOKEN)
    async with server.station("seen") as station, roles[Role.VIEWER].stream("GET", "/events") as events:
        lines = events.aiter_lines()
        await anext(lines)  # it listens
        transaction = (await station.ask("StartTransaction", START | {"idTag": ID_TOKEN}))["transactionId"]
        found = {"station_id": "seen", "transaction_id": str(transaction), "value": ID_TOKEN}
        for name, route in routes_of(server):
            method, path = name.split(" ")
            if method == "GET" and Role.VIEWER in asked(route).roles and not STREAM.search(path):
                filled = re.sub(r"\{([^}]*)\}", lambda match: found.get(match[1], "x"), path)
                response = await roles[Role.VIEWER].get(filled)
                assert ID_TOKEN not in response.text, name
        shown = await roles[Role.INSTALLER].get(f"/transactions/{transaction}")
        assert shown.json()["id_token"]["value"] == ID_TOKEN
        shown = await roles[Role.VIEWER].get(f"/transactions/{transaction}")
        assert shown.json()["id_token"]["value"] == "04…F6"
        assert (await roles[Role.VIEWER].get(f"/transactions?id_token={ID_TOKEN}")).status_code == 403
        heard = [line async for line in until_started(lines)]
        assert ID_TOKEN not in "\n".join(heard)
        assert "04\\u2026F6" in heard[-1]


async def until_started(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """The lines of a stream of events up to the start of a transaction."""
    is_last = False
    async for line in lines:
        yield line
        if is_last:
            return
        is_last = line == "event: transaction.started"


async def test_a_route_for_which_nobody_decided_keeps_the_server_from_starting() -> None:
    """Deny by default."""
    app, router = FastAPI(), APIRouter()

    @router.get("/open")
    async def _route() -> dict[str, Any]:
        return {}

    app.include_router(router, prefix=API)
    with pytest.raises(RuntimeError, match="say what it asks for"):
        refuse_undeclared(app, API)
