"""The API's own document says of every route what it does, what it answers and who may ask."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import jsonschema
import pytest

from access.public_paths import PUBLIC_PATHS
from runtime.openapi import first_sentence, operations
from tests.field.test_prices import sold_at
from tests.support.payloads import AT, START
from tests.support.server import LiveServer
from tests.support.wire_station import Answer

pytestmark = pytest.mark.asyncio(loop_scope="module")
STATUS = {"connectorId": 1, "status": "Preparing", "errorCode": "NoError", "timestamp": AT}
METER = {"connectorId": 1, "meterValue": [{"timestamp": AT, "sampledValue": [{"value": "7"}]}]}
LED = ("/lifecycle", "/activation", "/power-up", "/photos", "/box")
"""What only a station has that provisioning leads."""
PLACEHOLDER = re.compile(r"\{([^}]*)\}")
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


async def fill(server: LiveServer) -> dict[str, str]:
    """One of everything; the ids by the names that paths have for them."""
    await server.add_token("04A1B2C3D4E5F6")
    tariff = await server.post("/tariffs", {"name": "T", "currency": "CAD", "energy_micro_per_kwh": 1}, 201)
    site = await server.post("/sites", {"name": "S", "tariff_id": tariff["tariff_id"]}, 201)
    hours = {"weekly": [[{"opens": "08:00", "closes": "18:00"}]] * 7, "exceptions": {"2026-12-25": []}}
    assert (await server.api.put(f"/sites/{site['site_id']}/hours", json=hours)).status_code == 200
    budget = f"/sites/{site['site_id']}/budget"
    assert (await server.api.put(budget, json={"most": 63})).status_code == 200
    listed = {"tokens": [{"value": "04A1B2C3D4E5F6"}]}
    assert (await server.api.put(f"/sites/{site['site_id']}/tokens", json=listed)).status_code == 200
    pin = {"site_id": site["site_id"], "name": "P", "latitude": 45.5, "longitude": -73.6}
    place = await server.post("/places", pin, 201)
    await server.post("/installers", {"name": "I", "account": "first"}, 201)
    lines = [{"mac": "0200:0000:0d0c"}, {"mac": "0200:0000:0d0d"}]
    order = await server.post("/orders", {"reference": "R", "lines": lines}, 201)
    box, tried = order["lines"]
    claim = {"mac": box["mac"], "claim_code": box["claim_code"], "place_id": place["place_id"]}
    await server.post("/claims", claim, 201)
    stop = {"place_id": place["place_id"], "station_id": box["mac"]}
    await server.post("/organisations/default/set-up", {}, 201)
    prepared = {"path": "partner", "products": ["rivebleue-rb22"]}
    where = f"/sites/{site['site_id']}/preparation"
    assert (await server.api.put(where, json=prepared)).status_code == 200
    job = await server.post("/jobs", {"site_id": site["site_id"], "day": "2026-05-05", "places": [stop]}, 201)
    return {
        "job_id": job["job_id"],
        "site_id": site["site_id"],
        "tariff_id": tariff["tariff_id"],
        "order_id": order["order_id"],
        "value": "04A1B2C3D4E5F6",
        "led": box["station_id"],
        "tried": tried["station_id"],
        "organisation_id": "default",
        "product_id": "generic",
    }


async def test_what_is_answered_is_what_the_document_says(server: LiveServer) -> None:
    """Of a server that knows one of everything, each list and each thing."""
    found = await document(server)
    ids = await fill(server)
    answers: dict[str, Answer] = {
        "GetConfiguration": {"configurationKey": [{"key": "X", "readonly": True, "value": "1"}]},
        "ReserveNow": {"status": "Accepted"},
    }
    async with server.station(ids["tried"], boots=False) as box:
        await box.ask("BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "Uno"})
        await server.post(f"/stations/{ids['tried']}/test-window", {"id_token": "A"}, 201)
    raw = await server.raw()
    raw.send_upgrade("/elsewhere")
    await raw.read_to_end()
    async with server.station("told", answers=answers) as station:
        await server.command("told", "get-variables", variables=[])
        await station.ask("StatusNotification", STATUS)
        await sold_at(server, station, "told")
        started = await station.ask("StartTransaction", START | {"idTag": ids["value"]})
        await station.ask("MeterValues", METER | {"transactionId": started["transactionId"]})
        await station.call("StartTransaction", {"connectorId": 1, "idTag": "A"})
        (kept, *_) = await server.get("/quarantine", station="told")
        ids |= {"quarantine_id": str(kept["quarantine_id"]), "station_id": "told"}
        ids |= {"transaction_id": str(started["transactionId"])}
        asking = {"station": "told", "id_token": ids["value"], "expires_at": "2090-01-01T00:00:00Z"}
        reserved = await server.post("/reservations", asking, 201)
        leased = await server.post("/leases", {"station": "told", "purpose": "a test"}, 201)
        ids |= {"number": str(reserved["number"]), "lease_id": leased["lease_id"]}
        asked = 0
        for route, operation in operations(found):
            method, _, path = route.partition(" /api/v1")
            content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
            if method != "GET" or content is None or not path:
                continue
            known = ids | ({"station_id": ids["led"]} if path.endswith(LED) else {})
            known |= {"station_id": ids["tried"]} if path.endswith("/test-window") else {}
            answered = await server.get(PLACEHOLDER.sub(partial(_filled, known), path))
            schema = content["schema"] | {"components": found["components"]}
            faults = [each.message for each in jsonschema.Draft202012Validator(schema).iter_errors(answered)]
            assert not faults, f"{route}: {faults}"
            asked += bool(answered)
    assert asked > 20


def _filled(ids: Mapping[str, str], name: re.Match[str]) -> str:
    return ids.get(name[1], "x")
