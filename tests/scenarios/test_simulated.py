"""A role that is simulated: everything that can be done to it, and what cannot."""

from dataclasses import replace

import pytest

from runtime.client import ApiClient, ApiRefused
from runtime.clock import SystemClock
from simulator.scenario.bindings import Binding
from simulator.scenario.errors import BindingError
from simulator.scenario.files import parse_scenario
from simulator.scenario.run import RunSettings, run_scenario
from simulator.scenario.verdicts import Verdict
from tests.scenarios.conftest import FAST, Bench
from tests.support.scenario import Hands, Watcher, told, verdicts

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIM = {"a": Binding("a", "sim", "ac-16")}


async def test_everything_can_be_done_to_it(bench: Bench) -> None:
    """Power, network, faults, tokens that are refused; its boots are those of its version."""
    text = """
  - connect:
  - expect: {event: boot, registration: Accepted}
  - power_cut:
  - expect: {event: boot, registration: Accepted}
  - connect: {fresh: true}
  - expect: {event: boot, registration: Accepted}
  - connect:
  - status: Available
  - fault: {evse: 1, code: GroundFailure}
  - expect: {event: status, status: Faulted, error: GroundFailure}
  - clear_fault: {evse: 1}
  - status: Available
  - disconnect:
  - ask: GET /stations/${a.id}
    until: {is_online: false}
  - reconnect:
  - never: {event: boot}
  - present: NOBODY
  - expect: {event: authorize, id_token: NOBODY, token_status: "<not Accepted>"}
  - prompt: Wipe it.
  - check: ${a.mac} ${a.serial} ${a.bound}
    is: <matches ^02:B0:16:.* SN16.* sim$>
"""
    result = await bench.play(text, "sim:ac-16", seed=41)
    assert result.verdict is Verdict.PASSED, told(result)
    assert [line for line in verdicts(result) if "passed" not in line] == ["19 not applicable"]
    assert result.steps[16].line == "refused: the token may not charge here"


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("plug: {evse: 7}", "there is no EVSE 7"),
        ("unplug:", "no cable"),
        ("clear_fault:", "not faulted"),
        ("present: {token: T, evse: 7}", "no EVSE 7"),
    ],
)
async def test_what_cannot_be_done_is_left_open(bench: Bench, step: str, text: str) -> None:
    """It says nothing about the central system."""
    steps = f"  - connect:\n  - expect: {{event: boot}}\n  - {step}\n"
    result = await bench.play(steps, "sim:ac-16", seed=42)
    assert verdicts(result)[-1] == "3 inconclusive"
    assert text in result.steps[2].text


async def test_a_raw_frame_needs_a_connection(bench: Bench) -> None:
    """A station that is off says nothing."""
    result = await bench.play("  - send: x\n", "sim:ac-16", seed=43)
    assert result.steps[0].verdict is Verdict.INCONCLUSIVE
    assert "not connected" in result.steps[0].text


def alone(**more: object) -> RunSettings:
    """A central system that nobody can ask."""
    settings = RunSettings(
        ocpp_url="ws://127.0.0.1:1/ocpp",
        api=None,
        prompter=Hands(is_interactive=False),
        people=SystemClock(),
        factor=FAST,
    )
    return replace(settings, **more)  # type: ignore[arg-type] # the fields of the test


async def test_a_station_that_cannot_connect_says_why() -> None:
    """The last lines of its journal, and the URL that was dialled."""
    scenario = parse_scenario("scenario: x\ntitle: X\nsteps:\n  - connect:\n    within: 1 s\n", "x.yaml")
    result = await run_scenario(scenario, SIM, alone(), Watcher())
    (step,) = result.steps
    assert (step.verdict, step.text) == (Verdict.FAILED, "The station did not connect within 1 s.")
    assert step.advice is not None
    assert "ws://127.0.0.1:1/ocpp/02B016" in step.advice
    assert any("127.0.0.1" in line or "refused" in line for line in step.found), step.found


async def test_without_an_api_only_the_wire_is_played() -> None:
    """Steps that ask the central system do not apply; a station on the wire cannot be seen at all."""
    scenario = parse_scenario("scenario: x\ntitle: X\nsteps:\n  - allow: T\n", "x.yaml")
    result = await run_scenario(scenario, SIM, alone(), Watcher())
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "BORNE_API" in result.reason
    with pytest.raises(BindingError, match="set BORNE_API"):
        await run_scenario(scenario, {"a": Binding("a", "wire", "X")}, alone(), Watcher())
    with pytest.raises(BindingError, match="no address of a central system"):
        await run_scenario(scenario, SIM, alone(ocpp_url="http://x"), Watcher())


async def test_a_token_that_is_no_good_ends_it_before_it_begins(bench: Bench) -> None:
    """The station cannot be admitted."""
    scenario = parse_scenario("scenario: x\ntitle: X\nsteps:\n  - connect:\n", "x.yaml")
    async with ApiClient(bench.api.url, "nonsense") as stranger:
        settings = alone(ocpp_url=bench.server.ocpp_url, api=stranger)
        with pytest.raises(ApiRefused, match="token"):
            await run_scenario(scenario, SIM, settings, Watcher())


async def test_two_stations_play_together(bench: Bench) -> None:
    """Each step says which one it is about; what one says is not heard from the other."""
    text = """
scenario: x
title: X
roles:
  a: {simulated: [ac-16]}
  b: {simulated: [ac-201]}
steps:
  - connect:
  - connect:
    on: b
  - expect: {event: boot, registration: Accepted}
  - expect: {event: boot, registration: Accepted}
    on: b
  - plug: {evse: 2}
    on: b
  - expect: {event: status, evse: 2, status: Occupied}
    on: b
  - never: {event: status, status: Occupied}
    within: 1 s
  - check: ${a.version} ${b.version}
    is: 1.6 2.0.1
"""
    roles = {"a": Binding("a", "sim", "ac-16"), "b": Binding("b", "sim", "ac-201")}
    settings = alone(ocpp_url=bench.server.ocpp_url, api=bench.api, seed=44)
    result = await run_scenario(parse_scenario(text, "x.yaml"), roles, settings, Watcher())
    assert result.verdict is Verdict.PASSED, told(result)
    assert result.versions == ("1.6", "2.0.1")
