"""What can be read: stations, connectors, variables, transactions, failed connections; and who may."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from access.actions import ROLES
from access.principals import Role
from csms.api.bodies import BODIES
from csms.api.calls import callable_actions
from csms.domain.links import LinkSecurity
from csms.rules.command_rules import COMMAND_RULES, check_rules, rule_of
from ocppj.aio.endpoint import AttemptReason, FailedAttempt, Peer
from ocppj.model.catalogue import COMMANDS
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from runtime.wording import Phrase
from tests.support.central import A16, AT, B201, OFFLINE, Central, ServedCentral, build_app, opened_central

PUBLIC = {"/healthz", "/readyz"}


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of everything the API offers, from its own OpenAPI document."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield method.upper(), path


async def test_every_route_refuses_without_a_token(api: ServedCentral) -> None:
    """But for the two probes of supervisors."""
    found = list(routes(api.app))
    assert len(found) > 30
    for method, path in found:
        url = re.sub(r"\{\w+\}", "x", path)
        answer = await api.client(None).request(method, url)
        if path in PUBLIC:
            assert answer.status_code == 200, path
        else:
            assert answer.status_code == 401, path
            assert answer.json()["code"] == "unauthenticated"


NOT_FOR_VIEWERS = (
    "/uploads/{file_id}",
    "/messages",
    "/command-log",
    "/audit",
    "/timeline",
    "/security-events",
    "/kept",
    "/connection-attempts",
    "/tokens",
    "/tokens/{value}",
    "/quarantine",
    "/quarantine/{quarantine_id}",
)


async def test_viewers_read_and_change_nothing(api: ServedCentral) -> None:
    """Each GET but those of frames, failed connections and id tokens; each change refuses them with 403."""
    for method, path in routes(api.app):
        if path.endswith(("/stream", "/events")) or path in PUBLIC:
            continue
        url = path.replace("{station_id}", A16).replace("{transaction_id}", "42").replace("{value}", "x")
        answer = await api.client(Role.VIEWER).request(method, url, json={"within_s": -1})
        if method == "GET" and not path.endswith(NOT_FOR_VIEWERS):
            assert answer.status_code not in (401, 403), path
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "role_required"), path


@pytest.mark.parametrize("role", [Role.INSTALLER, Role.MANAGER])
async def test_the_roles_of_each_command_are_those_that_the_console_goes_by(
    api: ServedCentral, role: Role
) -> None:
    """One table for both: installers may trigger, start and stop."""
    for name in BODIES:
        url = f"/api/v1/stations/{A16}/commands/{name}"
        answer = await api.client(role).post(url, json={"timeout_s": -1})
        assert answer.status_code == (422 if role in ROLES[rule_of(name).action] else 403), name


def test_the_tables_of_commands_agree() -> None:
    """Every command of the model has a body and a rule; a rule that lacks is said when the server starts."""
    assert BODIES.keys() == COMMANDS.keys()
    assert set(COMMAND_RULES) == set(COMMANDS.values())
    with pytest.raises(TypeError, match=r"says nothing of: reset$"):
        check_rules({command: rule for command, rule in COMMAND_RULES.items() if command.name != "reset"})


def test_a_station_is_offered_all_that_its_version_can() -> None:
    """Reports are missing in 1.6, and where versions differ in a name the others' commands."""
    lacking = {
        version.label: {name for name, each in COMMANDS.items() if each.lacking_reason(version) is not None}
        for version in OcppVersion
    }
    only_21 = {"use-priority-charging", "update-dynamic-schedule"}
    only_2x = {"get-base-report", "get-report", "get-transaction-status", "get-charging-profiles"}
    only_2x |= {"publish-firmware", "unpublish-firmware", "cost-updated"}
    only_2x |= {"set-display-message", "get-display-messages", "clear-display-message"}
    only_2x |= {"set-variable-monitoring", "clear-variable-monitoring", "get-monitoring-report"}
    only_2x |= {"set-monitoring-base", "set-monitoring-level", "customer-information"}
    only_16 = {"get-diagnostics", "signed-update-firmware"}
    assert lacking == {"1.6": only_2x | only_21, "2.0.1": only_21 | only_16, "2.1": only_16}


@pytest.mark.parametrize("station_id", [A16, B201, OFFLINE])
async def test_raw_calls_ask_for_what_stations_answer(tmp_path: Path, station_id: StationId) -> None:
    """In the version that the station speaks, none of what only stations send; nothing while offline."""
    async with opened_central(tmp_path) as central:
        central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
        central.stations.connect(B201, OcppVersion.V201, LinkSecurity.UNAUTHENTICATED)
        found = set(await callable_actions(central.parts, station_id))
    assert not found & {"BootNotification", "StatusNotification"}
    assert ("DataTransfer" in found) is (station_id != OFFLINE)
    assert ("ChangeConfiguration" in found) is (station_id == A16)
    assert ("GetBaseReport" in found) is (station_id == B201)


async def test_a_station_shows_what_is_stored_live_and_added(api: ServedCentral) -> None:
    """Link, security mark, connectors, open transaction, power, energy and provisioning's details."""
    shown = {each["station_id"]: each for each in (await api.client().get("/api/v1/stations")).json()}
    first = shown[A16]
    assert first["lifecycle"] == "active"
    assert first["mac"] == "00:24:B1:16"
    assert first["version"] == "1.6"
    assert first["link"]["security"] == "unauthenticated"
    assert first["link"]["is_unauthenticated"] is True
    assert first["connectors"][0]["reported"] == "Charging"
    assert first["transaction"]["transaction_id"] == "42"
    assert (first["power_w"], first["energy_wh"]) == (7200.0, 1500.0)
    assert shown[B201]["link"]["is_unauthenticated"] is False
    assert shown[B201]["version"] == "2.0.1"
    assert (shown[OFFLINE]["is_online"], shown[OFFLINE]["link"]) == (False, None)
    assert (await api.client().get(f"/api/v1/stations/{A16}")).json() == first


@pytest.mark.parametrize("spelling", ["0024:b1:16", "0024:B1:16", "0024%3Ab1%3A16", "%30024:b1:16"])
async def test_a_station_is_found_by_any_spelling(api: ServedCentral, spelling: str) -> None:
    """Colons and percent-encoding in the path."""
    answer = await api.client().get(f"/api/v1/stations/{spelling}")
    assert answer.json()["station_id"] == A16


@pytest.mark.parametrize(
    "path", ["", "/connectors", "/variables", "/messages", "/messages/stream", "/commands"]
)
async def test_an_unknown_station_is_a_problem(api: ServedCentral, path: str) -> None:
    """404, and where to look."""
    answer = await api.client().get(f"/api/v1/stations/nobody{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "station_unknown"
    assert "connection-attempts" in answer.json()["ways_out"]["route"]


async def test_an_offline_station_draws_no_power(api: ServedCentral) -> None:
    """Its transaction stays open, but nobody knows what it draws."""
    del api.central.stations.live[A16]
    shown = (await api.client().get(f"/api/v1/stations/{A16}")).json()
    assert (shown["power_w"], shown["energy_wh"], shown["is_online"]) == (0.0, 1500.0, False)


async def test_inventory(api: ServedCentral) -> None:
    """Connectors and variables."""
    variables = (await api.client().get(f"/api/v1/stations/{A16}/variables")).json()
    assert (variables[0]["name"], variables[0]["value"]) == ("OCPPCommCtrlr.HeartbeatInterval", "300")
    connectors = (await api.client().get(f"/api/v1/stations/{A16}/connectors")).json()
    assert connectors[0]["status"] == "Occupied"
    assert connectors[0]["at"] == "2026-01-05T12:00:00Z"


async def test_a_station_that_was_only_ordered_is_listed(api: ServedCentral) -> None:
    """Nobody has seen it yet, and somebody has to know that it is theirs to power up."""
    ordered = StationId("02b016000001")
    api.central.details.known[ordered] = {"lifecycle": "ordered", "blocked_by": [{"code": "E_NOT_SEEN"}]}
    listed = {each["station_id"]: each for each in (await api.client().get("/api/v1/stations")).json()}
    assert listed[ordered]["lifecycle"] == "ordered"
    assert listed[ordered]["link"] is None
    assert listed[ordered]["first_seen_at"] is None


async def test_a_station_is_made_known_once(api: ServedCentral) -> None:
    """With the admission chosen for it; only by an administrator."""
    body = {"station_id": "New:1", "admission": "accept"}
    assert (await api.client(Role.MANAGER).post("/api/v1/stations", json=body)).status_code == 403
    made = await api.client().post("/api/v1/stations", json=body)
    assert (made.status_code, made.json()["station_id"], made.json()["admission"]) == (201, "new:1", "accept")
    again = await api.client().post("/api/v1/stations", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "station_exists")
    wrong = await api.client().post("/api/v1/stations", json={"station_id": "a/b"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["42", "t-1"]),
        ("?open=true", ["42"]),
        ("?open=false", ["t-1"]),
        (f"?station={A16.upper()}", ["42"]),
        ("?id_token=AB12", ["42"]),
        ("?station=cs-201&open=true", []),
        ("?limit=1", ["42"]),
    ],
)
async def test_transactions_are_filtered(api: ServedCentral, query: str, found: list[str]) -> None:
    """By station, id token and whether they go on; newest first."""
    answer = await api.client().get(f"/api/v1/transactions{query}")
    assert [each["transaction_id"] for each in answer.json()] == found


async def test_a_transaction_has_its_samples(api: ServedCentral) -> None:
    """Or tells that it is not there, or not the only one."""
    one = (await api.client().get("/api/v1/transactions/42")).json()
    assert one["samples"][0]["value"] == 1500.0
    assert one["id_token"] == {"value": "Ab12", "type": "ISO14443"}
    missing = await api.client().get("/api/v1/transactions/43")
    assert (missing.status_code, missing.json()["code"]) == (404, "transaction_unknown")
    kept = api.central.records.kept_transactions
    kept.append(type(kept[0])(B201, "42", 1, 1, None, AT))
    twice = await api.client().get("/api/v1/transactions/42")
    assert (twice.status_code, twice.json()["code"]) == (409, "transaction_ambiguous")
    assert (await api.client().get(f"/api/v1/transactions/42?station={A16}")).json()["station_id"] == A16


async def test_failed_connections_are_told(api: ServedCentral) -> None:
    """With reason, first bytes made visible, and by identity."""
    for identity in ("CS-1", "cs-2"):
        api.central.attempts.add(
            FailedAttempt(
                peer=Peer("192.0.2.9", 5000, is_secure=False),
                reason=AttemptReason.REFUSED,
                detail="wrong password",
                first_bytes=b"GET /\r\n\xff<b>",
                identity=identity,
                status=401,
            )
        )
    all_of_them = (await api.client().get("/api/v1/connection-attempts")).json()
    assert [each["identity"] for each in all_of_them] == ["cs-2", "CS-1"]
    assert all_of_them[0]["first_bytes"] == r"GET /\r\n\xff<b>"
    assert all_of_them[0]["reason"] == "refused"
    one = (await api.client().get("/api/v1/connection-attempts?identity=cs-1")).json()
    assert [each["identity"] for each in one] == ["CS-1"]


async def test_tokens_come_and_go(api: ServedCentral) -> None:
    """By value, whatever the case."""
    client = api.client(Role.MANAGER)
    made = await client.post("/api/v1/tokens", json={"value": "AbC", "note": "blue fob"})
    assert (made.status_code, made.json()["status"]) == (201, "Accepted")
    again = await client.post("/api/v1/tokens", json={"value": "aBc"})
    assert (again.status_code, again.json()["code"]) == (409, "token_exists")
    body = {"status": "Blocked", "expires_at": "2027-01-01T00:00:00+02:00"}
    changed = (await client.put("/api/v1/tokens/ABC", json=body)).json()
    assert changed["status"] == "Blocked"
    assert [each["value"] for each in (await client.get("/api/v1/tokens")).json()] == ["ABC"]
    assert (await client.get("/api/v1/tokens/abc")).json() == changed
    assert (await client.delete("/api/v1/tokens/abc")).status_code == 204
    assert (await client.get("/api/v1/tokens/abc")).json()["code"] == "token_unknown"
    assert (await client.delete("/api/v1/tokens/abc")).status_code == 404
    assert (await client.put(f"/api/v1/tokens/{'x' * 37}", json={})).json()["code"] == "token_too_long"


async def test_tokens_of_one_value_are_told_apart_by_type(api: ServedCentral) -> None:
    """2.0.1 IdTokenType is value and type: another type is another token, and `?type=` names it."""
    client, path = api.client(Role.MANAGER), "/api/v1/tokens/dual"
    for kind in ("ISO14443", "Central"):
        made = await client.post("/api/v1/tokens", json={"value": "DUAL", "type": kind})
        assert made.status_code == 201
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"status": "Blocked"})):
        answer = await client.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "token_ambiguous")
    blocked = await client.put(f"{path}?type=Central", json={"status": "Blocked"})
    assert blocked.json()["type"] == "Central"
    assert (await client.get(f"{path}?type=ISO14443")).json()["status"] == "Accepted"
    differs = await client.put(f"{path}?type=Central", json={"type": "KeyCode"})
    assert (differs.status_code, differs.json()["code"]) == (422, "token_type_differs")
    assert (await client.get(f"{path}?type=KeyCode")).status_code == 404
    assert (await client.put(path, json={"type": "KeyCode"})).json()["type"] == "KeyCode"
    assert (await client.delete(f"{path}?type=ISO14443")).status_code == 204
    assert (await client.delete(f"{path}?type=KeyCode")).status_code == 204
    kept = await client.put(path, json={"note": "the only one left"})
    assert kept.json()["type"] == "Central"


async def test_each_change_of_a_token_is_passed_on(api: ServedCentral) -> None:
    """With who did it: stations keep lists of tokens, which go out again."""
    client = api.client()
    await client.post("/api/v1/tokens", json={"value": "AbC"})
    await client.post("/api/v1/tokens", json={"value": "AbC"})
    await client.put("/api/v1/tokens/abc", json={"status": "Blocked"})
    await client.delete("/api/v1/tokens/abc")
    await client.delete("/api/v1/tokens/abc")
    assert api.central.records.changed_tokens == [("AbC", "admin"), ("abc", "admin"), ("abc", "admin")]
    assert (await client.post("/api/v1/tokens", json={"value": ""})).status_code == 422
    naive = {"value": "n", "expires_at": "2027-01-01T00:00:00"}
    assert (await client.post("/api/v1/tokens", json=naive)).status_code == 422


async def test_metrics_and_probes(api: ServedCentral) -> None:
    """Prometheus text for those with a token."""
    text = (await api.client(Role.VIEWER).get("/metrics")).text
    assert "borne_wire_log_dropped 0.0" in text
    assert (await api.client(None).get("/readyz")).json() == {"status": "ready"}


async def test_not_ready_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    """503 while stations cannot be served."""
    import httpx

    full = Phrase("Le disque est plein.", "The disk is full.")

    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        transport = httpx.ASGITransport(app=build_app(central, lambda: full))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert "The disk is full." in answer.json()["detail"]


def test_every_route_says_what_it_does(central: Central) -> None:
    """The docs page is made of these sentences."""
    silent = [
        route.path
        for route in build_app(central).routes
        if isinstance(route, APIRoute) and not route.description
    ]
    assert silent == []
