"""A role that lacks a step is told of before the first one, with who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from access.api import build_access_router
from access.control import AccessControl
from access.principals import Role
from csms.domain.links import LinkSecurity
from csms.domain.records import StationRecord
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from runtime.chance import SeededChance
from runtime.client import ApiClient
from runtime.clock import ManualClock
from runtime.routers import ApiRouter
from simulator.scenario.files import parse_scenario
from simulator.scenario.junit import junit_xml, report_json
from simulator.scenario.own_access import OwnAccess, api_steps, read_own_access
from simulator.scenario.verdicts import CANNOT_RUN, Verdict, exit_code
from simulator.scenario.words import RunTexts
from tests.support.central import ServedCentral, build_app, opened_central, served
from tests.support.scenario import ScriptedDriver, played, verdicts
from tests.support.tables import open_tables

CS = StationId("cs-1")
STEPS = """
variables: {mode: 1}
steps:
  - plug:
  - title: Once
    when: {value: "${mode}", is: 2}
    call: {action: ClearCache, payload: {}}
  - steps:
      - call: {action: ClearCache, payload: {}}
      - command: trigger-message
        with: {message: Heartbeat}
on_failure:
  - command: unlock-connector
    with: {evse_id: 1}
"""
REFUSED = {"POST /stations/{station_id}/calls": ["manager", "admin"], "PUT /sites/{site_id}": ["admin"]}
ALLOWED = frozenset({"GET /stations/{station_id}", "PUT /sites/{site_id}/hours", "PUT /sites/all"})


@pytest.mark.parametrize(
    ("request_", "roles"),
    [
        ("POST /stations/{station_id}/calls", ["manager", "admin"]),
        ("POST /stations/${a.id}/calls?x=1", ["manager", "admin"]),
        ("GET /stations/${a.id}", []),
        ("PUT /sites/${site}", ["admin"]),
        ("PUT /sites/all", []),
        ("PUT /sites/a/hours", []),
        ("DELETE /nothing", []),
    ],
)
def test_a_request_is_found_among_the_routes(request_: str, roles: list[str]) -> None:
    """By its method and its parts; what is named whole goes first, and a server's own words are the last."""
    assert list(OwnAccess("ci", "viewer", REFUSED, ALLOWED).roles_lacking(request_)) == roles


def test_every_step_says_what_it_asks_for() -> None:
    """Those of groups and of a failure, too; a refusal that is wanted is asked for on purpose."""
    text = """
steps:
  - plug:
  - repeat: 2
    steps:
      - call: {action: Reset, payload: {}}
      - ask: GET /tokens
        refused: {status: 403}
  - allow: T
  - mark: here
on_failure:
  - command: reset
"""
    found = api_steps(parse_scenario(f"scenario: x\ntitle: X\n{text}", "x.yaml"))
    assert [(number, step.requests[0].split("/")[-1]) for number, step in found] == [
        ("2.1", "calls"),
        ("3", "{value}"),
        ("4", "markers"),
        ("↩ 1", "reset"),
    ]


@pytest.fixture
async def central(tmp_path: Path) -> AsyncIterator[ServedCentral]:
    """An API that tells what a token may do; the role's station is connected."""
    database = await open_tables(tmp_path / "borne.db")
    try:
        async with opened_central(tmp_path) as parts:
            parts.records.kept[CS] = StationRecord(CS)
            parts.stations.connect(CS, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
            app, router = build_app(parts), ApiRouter("/api/v1")
            router.add(build_access_router(AccessControl(database, parts.clock, SeededChance(3))))
            router.serve_in(app)
            async with served(database, parts, app) as running:
                yield running
    finally:
        await database.close()


def api_of(central: ServedCentral, role: Role) -> ApiClient:
    """A client with a token of this role."""
    token = central.client(role).headers["Authorization"].removeprefix("Bearer ")
    return ApiClient(central.url, token)


async def test_what_a_role_lacks_is_told_before_anything_is_done(
    central: ServedCentral, clock: ManualClock
) -> None:
    """Each step with its request, who may, and what to do; a condition that does not hold needs no role."""
    driver = ScriptedDriver(clock=clock)
    async with api_of(central, Role.INSTALLER) as api:
        result = await played(STEPS, driver, clock, api=api)
    assert driver.done == []
    assert verdicts(result) == ["1 unasked", "2 unasked", "3.1 inconclusive", "3.2 unasked"]
    assert [each.verdict for each in result.cleanup] == [Verdict.INCONCLUSIVE]
    assert result.reason == (
        "Nothing was begun: installer is installer on the central system, and may not do steps 3.1, ↩ 1."
    )
    lacking = result.steps[2].steps[0]
    assert lacking.text == "POST /stations/{station_id}/calls needs the role manager or admin."
    assert "BORNE_TOKEN" in (lacking.advice or "")
    assert exit_code([result]) == CANNOT_RUN
    assert report_json([result])["runs"][0]["lacks_role"] is True
    xml = junit_xml([result], RunTexts("en"))
    assert xml.count("<error ") == 2
    assert xml.count("Nothing was begun") == 4, "and of each step that was not asked"


async def test_one_step_is_told_in_french(central: ServedCentral, clock: ManualClock) -> None:
    """A condition that nobody knows yet may come to hold."""
    text = """
steps:
  - expect: {event: boot}
    capture: {mode: registration}
  - call: {action: ClearCache, payload: {}}
    when: {value: "${mode}", is: Pending}
"""
    async with api_of(central, Role.VIEWER) as api:
        result = await played(text, ScriptedDriver(clock=clock), clock, api=api, language="fr")
    assert "ne peut faire l'étape 2." in result.reason
    assert "demande le rôle manager ou admin." in result.steps[1].text


async def test_who_may_do_all_of_it_begins(central: ServedCentral, clock: ManualClock) -> None:
    """And so does who asks a server that does not tell."""
    driver = ScriptedDriver(clock=clock)
    async with api_of(central, Role.ADMIN) as api:
        result = await played(STEPS, driver, clock, api=api)
        assert not result.lacks_role
        assert driver.done != []
        assert await read_own_access(api) is not None


async def test_a_server_of_before_is_asked_step_by_step(tmp_path: Path) -> None:
    """Its API has no such route."""
    database = await open_tables(tmp_path / "borne.db")
    try:
        async with (
            opened_central(tmp_path) as parts,
            served(database, parts, build_app(parts)) as central,
            api_of(central, Role.VIEWER) as api,
        ):
            assert await read_own_access(api) is None
    finally:
        await database.close()
