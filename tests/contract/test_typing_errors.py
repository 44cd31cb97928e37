"""What was typed wrongly is refused with the word that was meant: every body, every query, on every route."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from csms.domain.station_events import EVENTS
from tests.support.server import LiveServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = Mapping[str, Any]
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "events.md").read_text(encoding="utf-8")
TOLD = re.compile(r'StationEvent\(\s*"([a-z.]+)"')
OPEN = {
    ("CallBody", "payload"),
    ("CorrectionBody", "payload"),
    ("ExpectBody", "match"),
    ("HoursBody", "exceptions"),
    ("ReadingsBody", "readings"),
}
"""Members that hold JSON of another shape: a payload, a pattern, lists by date, values by name."""


async def document(server: LiveServer) -> Json:
    """The API's own description."""
    response = await server.api.get(f"{server.running.http_url}/api/openapi.json")
    return dict(response.json())


def bodies(found: Json, node: Any) -> Iterator[tuple[str, Json]]:
    """Every object that a request can hold, by name."""
    if isinstance(node, dict):
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            schema = found["components"]["schemas"][name]
            yield name, schema
            yield from bodies(found, schema)
        for each in node.values():
            yield from bodies(found, each)
    elif isinstance(node, list):
        for each in node:
            yield from bodies(found, each)


async def test_every_body_refuses_members_that_it_does_not_know(server: LiveServer) -> None:
    """Nested ones too, so that a typing error never passes for a default."""
    found = await document(server)
    checked: set[str] = set()
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            for name, schema in bodies(found, operation.get("requestBody", {})):
                if schema.get("type") == "object":
                    assert schema.get("additionalProperties") is False, f"{method} {path}: {name}"
                    checked.add(name)
                for member, rule in schema.get("properties", {}).items():
                    is_open = rule.get("type") == "object" or rule == {"title": rule.get("title")}
                    assert not is_open or (name, member) in OPEN, f"{name}.{member} takes anything"
    assert len(checked) > 25


async def test_every_route_refuses_a_parameter_that_it_does_not_know(server: LiveServer) -> None:
    """And says which one may have been meant; before it looks at anything else."""
    found = await document(server)
    asked = 0
    for path, methods in found["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        for method, operation in methods.items():
            names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
            typed = f"{names[0]}x" if names else "limt"
            url = f"{server.running.http_url}{path.replace('{', '').replace('}', '')}"
            response = await server.api.request(method, url, params={typed: "1"})
            assert response.status_code == 422, f"{method} {path}"
            (error,) = response.json()["errors"]
            assert error["field"] == f"query.{typed}"
            assert not names or f"did you mean `{names[0]}`?" in error["rule"], f"{method} {path}: {error}"
            asked += 1
    assert asked > 60


@pytest.mark.parametrize(
    ("method", "path", "body", "meant"),
    [
        ("PUT", "/tokens/A", {"expire_at": "2026-01-01T00:00:00Z"}, "expires_at"),
        ("POST", "/tokens", {"value": "B", "statsu": "Blocked"}, "status"),
        ("POST", "/stations", {"station_id": "x1", "admision": "refuse"}, "admission"),
        ("POST", "/stations/cp1/expect", {"acton": "StopTransaction"}, "action"),
        ("POST", "/stations/cp1/calls", {"action": "ClearCache", "payloads": {}}, "payload"),
        ("PUT", "/access/programs/x", {"role": "viewer", "roles": "admin"}, "role"),
        ("PUT", "/access/people/x", {"role": "viewer", "pasword": "long enough"}, "password"),
        ("POST", "/sites", {"name": "x", "adress": "y"}, "address"),
        (
            "POST",
            "/orders",
            {"reference": "x", "lines": [{"mac": "02:00:00:00:00:01", "serail": "1"}]},
            "serial",
        ),
        ("POST", "/stations/cp1/commands/reset", {"evse": 1}, "evse_id"),
        (
            "POST",
            "/stations/cp1/commands/set-variables",
            {"variables": [{"variable": "X", "valeu": "1", "value": "2"}]},
            "value",
        ),
    ],
)
async def test_a_misspelt_member_is_refused_with_the_one_that_was_meant(
    server: LiveServer, method: str, path: str, body: Json, meant: str
) -> None:
    """At any depth; what was typed is not repeated, it may be secret."""
    response = await server.api.request(method, path, json=body)
    assert response.status_code == 422
    assert any(f"did you mean `{meant}`?" in error["rule"] for error in response.json()["errors"]), (
        response.text
    )
    assert "long enough" not in response.text


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            {"action": "StopTransactoin"},
            "action: no OCPP version has action 'StopTransactoin'; did you mean `StopTransaction`?",
        ),
        ({"action": "StopTransaction", "match": {"idTga": "x"}}, "did you mean `idTag`?"),
        ({"action": "StatusNotification", "kind": "result", "match": {"status": "x"}}, "match.status"),
        (
            {"action": "BootNotification", "match": {"chargingStation": {"mdel": 1}}},
            "did you mean `model`?",
        ),
        (
            {"action": "MeterValues", "match": {"meterValue": {"<contains>": {"sampledValues": []}}}},
            "`sampledValue`",
        ),
        ({"kind": "error", "match": {"cod": "x"}}, "did you mean `code`?"),
        ({"match": {"conectorId": 1}}, "did you mean `connectorId`?"),
    ],
)
async def test_a_misspelt_expectation_is_refused_at_once(
    server: LiveServer, wanted: Json, words: str
) -> None:
    """A Heartbeat that meets `{"acton": …}` is a false pass in somebody's CI."""
    response = await server.api.post("/stations/cp1/expect", json={"within_s": 0.01, **wanted})
    assert response.status_code == 422
    assert response.json()["code"] == "expectation_misspelt"
    assert words in response.json()["detail"]


@pytest.mark.held_before("what can be meant is waited for")
@pytest.mark.parametrize(
    "wanted",
    [
        {"action": "TransactionEvent", "match": {"customData": {"vendorId": "x", "anything": 1}}},
        {"action": "MeterValues", "match": {"<one of>": [{"connectorId": 1}, {"evseId": 1}]}},
        {"action": "DataTransfer", "match": {"data": {"x": 1}}},
        {"kind": "error", "match": {"code": "<any>"}},
        {"kind": None, "match": {"status": "Accepted"}},
        {"action": "StatusNotification", "match": "<any>"},
    ],
)
async def test_what_some_version_knows_is_waited_for(server: LiveServer, wanted: Json) -> None:
    """Of all versions, since the station may yet come with another one; vendors' own data is free."""
    response = await server.api.post("/stations/cp1/expect", json={"within_s": 0.01, **wanted})
    assert response.status_code == 408, response.text


async def test_a_parameter_that_may_stand_once_does(server: LiveServer) -> None:
    """Of two, one would be ignored."""
    response = await server.api.get("/transactions?limit=1&limit=5")
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "query.limit", "rule": "it may stand once"}]


async def test_a_field_is_refused_in_both_languages(server: LiveServer) -> None:
    """Our own rules and pydantic's; a route without parameters says that it takes none."""
    for path, french, english in (
        ("/transactions?limt=1", "vouliez-vous dire `limit`?", "did you mean `limit`?"),
        ("/transactions?limit=x", "doit être un nombre entier", "valid integer"),
        ("/tariffs/x?a=1", "cette route ne prend aucun paramètre", "this route takes no parameters"),
    ):
        told = (await server.api.get(path)).json()
        assert french in told["text_fr"], path
        assert english in told["text_en"], path
    told = (await server.api.put("/organisations/Not%20so", json={"name": "x"})).json()
    assert told["detail"] == "path.organisation_id: small letters, digits and hyphens"


async def test_an_event_that_does_not_exist_is_not_waited_for(server: LiveServer) -> None:
    """A listener would hear nothing for ever; a name may end in a star."""
    for name in ("conector.status", "conector.*"):
        response = await server.api.get("/events", params={"event": name})
        assert response.status_code == 422
        assert response.json()["code"] == "event_unknown"
    assert "did you mean `connector.status`?" in (await server.api.get("/events?event=conector.status")).text


async def test_every_event_that_is_told_has_its_name_in_the_list_and_in_the_page() -> None:
    """Read from the source; the page is what people look a name up in."""
    assert names_in_source() == set(EVENTS)
    assert set(re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.MULTILINE)) == set(EVENTS)


def names_in_source() -> set[str]:
    """Of every event that some part makes."""
    sources = (path for folder in ("csms", "provisioning", "borne") for path in (ROOT / folder).rglob("*.py"))
    return {name for path in sources for name in TOLD.findall(path.read_text(encoding="utf-8"))}
