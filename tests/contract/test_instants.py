"""One spelling of an instant in the whole REST API, whichever part of the server answers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.server import LiveServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
MAC = "0024b1000001"
CODE = "K7QX-29MD-ABCD"
PARAMETER = re.compile(r"\{(\w+)\}")
STREAMS = re.compile(r"/(events|messages/stream)$")
"""Answers without an end."""
ALWAYS_TOLD = {
    "first_seen_at",
    "last_seen_at",
    "connected_at",
    "created_at",
    "started_at",
    "changes_at",
    "at",
}
"""Some of csms and some of provisioning: the walk has looked at both."""


def instants(document: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Name and text of every instant in an answer, however deep."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from instants(value, key)
    elif isinstance(document, list):
        for value in document:
            yield from instants(value, name)
    elif isinstance(document, str) and (name == "at" or name.endswith("_at")):
        yield name, document


async def test_every_instant_of_the_api_ends_in_z(server: LiveServer) -> None:
    """RFC 3339 in UTC, in all answers that are read: stations, their traffic, orders, sites, activation."""
    day = [{"opens": "08:00", "closes": "21:00"}]
    site = await server.post("/sites", {"name": "Port", "zone": "America/Toronto"}, 201)
    hours = await server.api.put(f"/sites/{site['site_id']}/hours", json={"weekly": [day] * 7})
    assert hours.status_code == 200, hours.text
    order = {"reference": "PO-1", "lines": [{"mac": MAC, "claim_code": CODE}]}
    ordered = await server.post("/orders", order, 201)
    place = {"site_id": site["site_id"], "name": "P1", "latitude": 45.5, "longitude": -73.6}
    await server.post("/claims", {"mac": MAC, "claim_code": CODE} | place, 201)
    known = {"site_id": site["site_id"], "order_id": ordered["order_id"], "station_id": MAC}
    document = (await server.api.get(f"{server.running.http_url}/api/openapi.json")).json()
    told: set[str] = set()
    async with server.station(MAC, "2.0.1", boots=False) as station:
        await station.boot()
        for path, operations in document["paths"].items():
            if "get" not in operations or STREAMS.search(path):
                continue
            route = PARAMETER.sub(lambda found: known.get(found[1], "none"), path)
            answer = await server.api.get(server.running.http_url + route)
            if "json" in answer.headers.get("content-type", ""):
                found = list(instants(answer.json()))
                assert [each for each in found if not each[1].endswith("Z")] == [], path
                told |= {name for name, _ in found}
    assert told >= ALWAYS_TOLD, ALWAYS_TOLD - told
