"""Routers of the API: what is described in one of them is built once, where it is served."""

from typing import Any

import httpx
from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute

from runtime.routers import ApiRouter


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
