"""Steps that ask the central system: questions, commands, calls, tokens; and when it cannot be asked."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from access.principals import Role
from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.links import LinkSecurity
from csms.domain.records import StationRecord
from ocppj.model.command import CommandAnswer
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from runtime.client import ApiClient
from runtime.clock import ManualClock
from simulator.scenario.verdicts import Verdict
from tests.support.central import ServedCentral, build_app, opened_central, served
from tests.support.scenario import ScriptedDriver, played, told, verdicts
from tests.support.tables import open_tables

CS = StationId("cs-1")


@pytest.fixture
async def central(tmp_path: Path) -> AsyncIterator[ServedCentral]:
    """A served API that knows the actor's station, which is connected."""
    database = await open_tables(tmp_path / "borne.db")
    try:
        async with opened_central(tmp_path) as parts:
            parts.records.kept[CS] = StationRecord(CS, vendor="Acme")
            parts.stations.connect(CS, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
            async with served(database, parts, build_app(parts)) as running:
                yield running
    finally:
        await database.close()


@pytest.fixture
async def api(central: ServedCentral) -> AsyncIterator[ApiClient]:
    """An administrator's client."""
    token = central.client().headers["Authorization"].removeprefix("Bearer ")
    async with ApiClient(central.url, token) as client:
        yield client


@pytest.fixture
def driver(clock: ManualClock) -> ScriptedDriver:
    """A 1.6 station."""
    return ScriptedDriver(clock=clock)


async def test_answers_are_compared_and_captured(
    driver: ScriptedDriver, clock: ManualClock, api: ApiClient
) -> None:
    """Every method of the API; a refusal can be what is wanted."""
    text = """
steps:
  - ask: GET /stations/${a.id}
    answer: {vendor: Acme, is_online: true}
    capture: {vendor: vendor}
  - ask: POST /tokens
    body: {value: "${vendor}"}
  - ask: PUT /tokens/${vendor}
    body: {status: Blocked}
    answer: {status: Blocked}
  - ask: DELETE /tokens/${vendor}
  - ask: PATCH /tokens/${vendor}
    body: {}
    refused: {status: 405}
  - ask: GET /tokens/${vendor}
    refused: {status: 404, code: token_unknown}
    capture: {code: code}
  - check: ${code}
    is: token_unknown
"""
    result = await played(text, driver, clock, api=api)
    assert result.verdict is Verdict.PASSED, told(result)
    assert result.steps[0].title == "Ask GET /stations/CS-1"


async def test_other_answers_fail(driver: ScriptedDriver, clock: ManualClock, api: ApiClient) -> None:
    """With what was different; refused or not refused against expectation."""
    text = """
steps:
  - ask: GET /stations/${a.id}
    answer: {vendor: Other}
    keep_going: true
  - ask: GET /stations/nobody
    keep_going: true
  - ask: GET /stations/${a.id}
    refused: {status: 404}
    keep_going: true
  - ask: GET /stations/nobody
    refused: {status: 500}
"""
    result = await played(text, driver, clock, api=api)
    assert verdicts(result) == ["1 failed", "2 failed", "3 failed", "4 failed"]
    assert result.steps[0].found == ('vendor: expected "Other", found "Acme"',)
    assert "station_unknown" in result.steps[1].text
    assert result.steps[2].text == "The central system did not refuse it."
    assert result.steps[3].found == ("status: expected 500, found 404",)


async def test_a_question_is_asked_until_it_is_answered_well(
    driver: ScriptedDriver, clock: ManualClock, api: ApiClient, central: ServedCentral
) -> None:
    """A refusal may pass; what blocks a station is told in the reader's language."""
    records = central.central.records
    clock.call_later(3, lambda: records.kept.update({CS: StationRecord(CS, vendor="Late")}))
    text = "steps:\n  - ask: GET /stations/cs-1\n    until: {vendor: Late}\n    within: 1 h\n"
    result = await played(text, driver, clock, api=api)
    assert result.verdict is Verdict.PASSED, told(result)

    blocker = {"text": "closed", "text_en": "closed", "text_fr": "fermée", "who_clears": "owner"}
    central.central.details.known[CS] = {"lifecycle": "powered", "blocked_by": [blocker]}
    text = "steps:\n  - ask: GET /stations/cs-1\n    until: {lifecycle: active}\n    within: 2 s\n"
    result = await played(text, driver, clock, api=api, language="fr")
    assert result.steps[0].found == (
        'lifecycle: expected "active", found "powered"',
        "fermée (owner)",
    )
    result = await played(text.replace("cs-1", "nobody"), driver, clock, api=api)
    assert "station_unknown" in result.steps[0].found[0]


async def test_commands_need_the_stations_consent(
    driver: ScriptedDriver, clock: ManualClock, api: ApiClient, central: ServedCentral
) -> None:
    """Unless the file expects another answer. What was lost on the way leaves it open."""
    stations = central.central.stations
    text = "steps:\n  - command: reset\n    with: {kind: OnIdle}\n    capture: {status: status}\n"
    result = await played(text, driver, clock, api=api)
    assert result.verdict is Verdict.PASSED, told(result)
    assert result.steps[0].line == "status Accepted"

    refused = CommandAnswer("Rejected", reason_code="busy")
    stations.outcome = replace(stations.outcome, answer=refused)
    result = await played(text, driver, clock, api=api)
    assert (result.steps[0].verdict, result.steps[0].text) == (
        Verdict.FAILED,
        "The station did not agree: Rejected busy.",
    )
    result = await played(text + "    answer: {status: Rejected}\n", driver, clock, api=api)
    assert result.verdict is Verdict.PASSED, told(result)
    result = await played(text + "    answer: {status: Scheduled}\n", driver, clock, api=api)
    assert result.verdict is Verdict.FAILED

    stations.outcome = CommandOutcome(Outcome.TIMEOUT, "c2")
    result = await played(text + "    answer: <any>\n", driver, clock, api=api)
    assert (result.verdict, result.steps[0].text) == (
        Verdict.INCONCLUSIVE,
        "How the command ended is not known: timeout.",
    )
    stations.outcome = CommandOutcome(
        Outcome.ERROR, "c3", error_code="NotSupported", error_description="never"
    )
    result = await played(text, driver, clock, api=api)
    assert result.steps[0].text == "The station did not agree: NotSupported never."
    result = await played("steps:\n  - command: get-base-report\n", driver, clock, api=api)
    assert (result.verdict, result.steps[0].text) == (
        Verdict.NOT_APPLICABLE,
        "cs-1 cannot be asked that: OCPP 1.6 has no GetBaseReport",
    )
    result = await played("steps:\n  - command: reset\n    with: {kind: Never}\n", driver, clock, api=api)
    assert result.steps[0].text.startswith("The central system refused: body.kind")


async def test_calls_are_of_the_version(
    driver: ScriptedDriver, clock: ManualClock, api: ApiClient, central: ServedCentral
) -> None:
    """The payload of the answer is compared; a CALLERROR fails unless it is expected."""
    stations = central.central.stations
    stations.outcome = replace(stations.outcome, payload={"status": "Accepted"})
    text = """
steps:
  - call: {1.6: {action: ClearCache, payload: {}}, 2.0.1: {action: GetReport}}
    answer: {status: Accepted}
  - call: {2.0.1: {action: GetReport}}
  - call: {action: CustomerInformation}
"""
    result = await played(text, driver, clock, api=api)
    assert verdicts(result) == ["1 passed", "2 not applicable", "3 failed"], told(result)
    assert stations.sent[0][1] == ("ClearCache", {})
    assert result.steps[0].title == "Call ClearCache, GetReport"
    stations.outcome = CommandOutcome(Outcome.ERROR, "c3", error_code="NotSupported")
    result = await played("steps:\n  - call: {action: Reset}\n", driver, clock, api=api)
    assert result.verdict is Verdict.FAILED
    text = "steps:\n  - call: {action: Reset}\n    answer: {code: NotSupported}\n"
    result = await played(text, driver, clock, api=api)
    assert result.verdict is Verdict.PASSED


async def test_a_token_is_allowed_once(
    driver: ScriptedDriver, clock: ManualClock, api: ApiClient, central: ServedCentral
) -> None:
    """An installer, who may not write, can use one that is known; with another the question stays open."""
    tokens = central.central.records.kept_tokens
    result = await played("steps:\n  - allow: TAG\n  - allow: TAG\n", driver, clock, api=api)
    assert result.verdict is Verdict.PASSED, told(result)
    assert [each.note for each in tokens.values()] == ["borne run"]
    installer = central.client(Role.INSTALLER).headers["Authorization"].removeprefix("Bearer ")
    async with ApiClient(central.url, installer) as client:
        text = "steps:\n  - allow: TAG\n  - allow: OTHER\n"
        result = await played(text, driver, clock, api=client)
    assert verdicts(result) == ["1 passed", "2 inconclusive"]
    assert "role_required" in result.steps[1].text


async def test_a_marker_is_written_beside_the_frames(
    driver: ScriptedDriver, clock: ManualClock, api: ApiClient
) -> None:
    """With its variables filled in; where there is no API to ask it does not apply, and nothing fails."""
    text = "steps:\n  - mark: plugged at ${a.id}\n"
    result = await played(text, driver, clock, api=api)
    assert verdicts(result) == ["1 passed"], told(result)
    frames = await api.get(f"/stations/{CS}/messages")
    (marker,) = [each for each in frames["messages"] if each["direction"] == "marker"]
    assert marker["payload"]["text"] == "plugged at CS-1"
    result = await played(text, driver, clock, api=None)
    assert verdicts(result) == ["1 not applicable"]


async def test_a_viewer_cannot_mark(
    driver: ScriptedDriver, clock: ManualClock, central: ServedCentral
) -> None:
    """That leaves the step open; the station has not failed."""
    viewer = central.client(Role.VIEWER).headers["Authorization"].removeprefix("Bearer ")
    async with ApiClient(central.url, viewer) as client:
        result = await played("steps:\n  - mark: here\n", driver, clock, api=client)
    assert verdicts(result) == ["1 inconclusive"]


async def test_a_central_system_that_is_gone_leaves_everything_open(
    driver: ScriptedDriver, clock: ManualClock
) -> None:
    """Nothing was judged."""
    text = """
steps:
  - ask: GET /stations
    keep_going: true
  - ask: GET /stations
    until: 5
    keep_going: true
  - command: reset
    keep_going: true
  - allow: TAG
"""
    async with ApiClient("http://127.0.0.1:1", "x") as nobody:
        result = await played(text, driver, clock, api=nobody)
    assert {step.verdict for step in result.steps} == {Verdict.INCONCLUSIVE}
    assert len(result.steps) == 4
    assert all("no server at" in step.text for step in result.steps)
