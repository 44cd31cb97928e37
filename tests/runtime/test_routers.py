"""Routers of the API: what is described in one of them is built once, where it is served."""

import threading
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import FastAPIError
from fastapi.routing import APIRoute

from runtime.routers import ApiRouter, DeferredRoute


class CountedRoute(APIRoute):
    """Says which paths were built."""

    built: list[str] = []  # noqa: RUF012 - of all of them

    def __init__(self, path: str, *args: Any, **options: Any) -> None:
        super().__init__(path, *args, **options)
        self.built.append(path)


async def test_a_route_has_what_holds_for_all_of_its_routers() -> None:
    """Prefixes, tags, dependencies (the outer one's first) and the class of its own router."""
    asked: list[str] = []

    def note(word: str) -> Any:
        async def dependency(_: Request) -> None:
            asked.append(word)

        return Depends(dependency)

    outer = ApiRouter("/api", dependencies=[note("outer")], tags=["all"])
    inner = ApiRouter("/things", dependencies=[note("inner")], tags=["some"], route_class=CountedRoute)

    @inner.get("/{name}", dependencies=[note("own")], tags=["one"])
    async def thing(name: str) -> str:
        return name

    app = FastAPI()
    outer.add(inner)
    assert CountedRoute.built == []
    outer.serve_in(app)
    assert CountedRoute.built == ["/api/things/{name}"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/api/things/spoon")).json() == "spoon"
    assert asked == ["outer", "inner", "own"]
    assert app.openapi()["paths"]["/api/things/{name}"]["get"]["tags"] == ["all", "some", "one"]
    assert CountedRoute.built == ["/api/things/{name}"]


async def test_a_route_is_worked_out_when_it_is_first_asked_for() -> None:
    """By a request, or by the API's document; matching it takes none of that, and what nobody has is said."""
    app, router = FastAPI(), ApiRouter()

    @router.put("/things/{name}", status_code=201)
    async def put_thing(name: str, body: dict[str, int]) -> dict[str, int]:
        return {name: len(body)}

    @router.get("/things")
    async def things() -> list[str]:
        return []

    router.serve_in(app)
    put, listed = (each for each in app.router.routes if isinstance(each, DeferredRoute))
    assert (put.name, put.path_format, put.methods) == ("put_thing", "/things/{name}", {"PUT"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/things/spoon")).status_code == 405
        assert "dependant" not in vars(put)
        answer = await client.put("/things/spoon", json={"length": 20})
        assert (answer.status_code, answer.json()) == (201, {"spoon": 1})
        assert (await client.put("/things/spoon", json=1)).status_code == 422
    assert "dependant" in vars(put)
    assert "dependant" not in vars(listed)
    assert set(app.openapi()["paths"]) == {"/things/{name}", "/things"}
    assert "dependant" in vars(listed)
    with pytest.raises(AttributeError, match="weight"):
        _ = put.weight


def test_a_route_that_cannot_be_worked_out_says_why_each_time() -> None:
    """What FastAPI refuses of it, not that something is missing."""
    app, router = FastAPI(), ApiRouter()

    @router.get("/things")
    async def things(_: threading.Event) -> None:
        pass

    router.serve_in(app)
    (route,) = (each for each in app.router.routes if isinstance(each, DeferredRoute))
    for _ in range(2):
        with pytest.raises(FastAPIError, match="valid Pydantic field type"):
            _ = route.dependant
