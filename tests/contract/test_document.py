"""The API's own document says of every route what it does, what it answers and who may ask."""

from collections.abc import Mapping
from typing import Any

import pytest

from runtime.authentication import PUBLIC_PATHS
from runtime.openapi import first_sentence, operations
from tests.support.server import LiveServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHORTEST_SUMMARY = 9
"""Characters: a verb and what it is about."""


async def document(server: LiveServer) -> Mapping[str, Any]:
    """As anybody can fetch it."""
    response = await server.api.get(f"{server.running.http_url}/api/openapi.json")
    return dict(response.json())


def is_typed(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    """Whether a schema says which members there are."""
    if "$ref" in schema:
        return is_typed(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("type") == "array":
        return is_typed(schema["items"], schemas)
    return schema.get("type") == "string" or bool(schema.get("properties"))


async def test_every_good_answer_is_typed(server: LiveServer) -> None:
    """None is just an object; streams and metrics are text."""
    found = await document(server)
    untyped = [
        f"{route} {code}"
        for route, operation in operations(found)
        for code, response in operation["responses"].items()
        if code.startswith("2") and code != "204"
        for content in response.get("content", {"": {}}).values()
        if not is_typed(content.get("schema", {}), found["components"]["schemas"])
    ]
    assert not untyped


async def test_every_operation_says_how_one_proves_who_asks(server: LiveServer) -> None:
    """A token or a session, but for the probes."""
    found = await document(server)
    assert set(found["components"]["securitySchemes"]) == {"token", "session"}
    for route, operation in operations(found):
        is_public = route.partition(" ")[2] in PUBLIC_PATHS
        assert operation["security"] == ([] if is_public else [{"token": []}, {"session": []}]), route


async def test_every_summary_says_something(server: LiveServer) -> None:
    """The first sentence of what the route says of itself, and no two alike."""
    seen: dict[str, str] = {}
    for route, operation in operations(await document(server)):
        summary = operation["summary"]
        assert summary == first_sentence(operation["description"]), route
        assert len(summary) >= SHORTEST_SUMMARY, f"{route}: {summary}"
        assert " " in summary, f"{route}: {summary}"
        assert summary not in seen, f"{route} and {seen[summary]}: {summary}"
        seen[summary] = route
