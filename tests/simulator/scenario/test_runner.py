"""Playing a scenario: order, verdicts, groups, captures, what does not apply, and what is put back."""

import pytest

from ocppj.versions import OcppVersion
from runtime.clock import ManualClock
from simulator.model.mistakes import Mistake
from simulator.scenario.event_log import MISTAKES_KEPT
from simulator.scenario.verdicts import Verdict
from tests.support.scenario import ScriptedDriver, played, told, verdicts


@pytest.fixture
def driver(clock: ManualClock) -> ScriptedDriver:
    """A 1.6 station that does what it is told."""
    return ScriptedDriver(clock=clock)


async def test_hands_do_what_the_file_says(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Every action of the hand, with its usual and its given places; in order."""
    text = """
variables: {n: 2}
steps:
  - connect:
  - connect: {fresh: true}
    within: 1 min
  - plug:
  - plug: {evse: "${n}", connector: 3}
  - unplug: {evse: 2}
  - present: TAG
  - present: {token: "${a.id}", evse: 2}
  - disconnect:
  - reconnect:
  - power_cut:
  - fault: {evse: 2, code: GroundFailure}
  - clear_fault: {evse: 2}
  - send: '[2,"x","Heartbeat",{}]'
  - send: {1.6: [2, x, "${a.id}", {}], 2.0.1: no}
  - prompt: {en: Wipe it., fr: Essuyez.}
"""
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.PASSED, told(result)
    assert driver.done == [
        "connect False None",
        "connect True 60.0",
        "plug 1.1",
        "plug 2.3",
        "unplug 2.1",
        "present TAG 1",
        "present CS-1 2",
        "disconnect",
        "reconnect",
        "power_cut",
        "fault 2.1 GroundFailure",
        "clear_fault 2.1",
        'send [2,"x","Heartbeat",{}]',
        'send [2, "x", "CS-1", {}]',
        "prompt Wipe it.",
    ]
    assert result.steps[5].title == "Present the token TAG"
    assert result.steps[5].line == "noted present TAG 1"


async def test_a_failure_ends_it_and_the_rest_is_not_asked(
    driver: ScriptedDriver, clock: ManualClock
) -> None:
    """Failed is not the same as not asked; what must be put back is put back."""
    text = """
variables: {never_captured: 1}
steps:
  - plug:
  - check: 1
    is: 2
    advice: {en: Do this., fr: Faites ceci.}
  - unplug:
on_failure:
  - unplug:
  - expect: {event: boot}
    within: 1 s
    capture: {x: vendor}
  - present: ${x}
"""
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.FAILED
    assert verdicts(result) == ["1 passed", "2 failed", "3 unasked"]
    failed = result.steps[1]
    assert (failed.expected, failed.found) == ("2", ("the value: expected 2, found 1",))
    assert failed.advice == "Do this."
    assert driver.done == ["plug 1.1", "unplug 1.1"]
    assert [step.verdict for step in result.cleanup] == [Verdict.PASSED, Verdict.FAILED, None]
    french = await played(text, driver, clock, language="fr")
    assert french.steps[1].advice == "Faites ceci."
    assert french.steps[1].text == "1 n'est pas conforme."


async def test_mistakes_of_the_central_system_stand_at_the_step_in_which_they_were_seen(
    driver: ScriptedDriver, clock: ManualClock
) -> None:
    """Whatever its verdict, and a few of many that are alike."""

    def wrong(frame: int) -> Mistake:
        return Mistake(
            what="answer to Heartbeat", detail="$.currentTime: no", frame=frame, rule="missing-field"
        )

    driver.then["plug"] = lambda: driver.event_log.note_mistake(wrong(4))
    driver.then["unplug"] = lambda: [driver.event_log.note_mistake(wrong(number)) for number in range(100)]
    text = """
steps:
  - plug:
  - check: 1
    is: 1
  - unplug:
  - expect: {event: boot}
    within: 1 s
"""
    result = await played(text, driver, clock)
    first, second, third, last = result.steps
    assert (first.verdict, first.mistakes) == (Verdict.PASSED, (wrong(4),))
    assert (second.mistakes, last.mistakes) == ((), ())
    assert len(third.mistakes) == MISTAKES_KEPT


async def test_a_step_can_fail_and_let_the_others_go_on(driver: ScriptedDriver, clock: ManualClock) -> None:
    """The scenario has failed all the same."""
    text = "steps:\n  - check: 1\n    is: 2\n    keep_going: true\n  - plug:\n"
    result = await played(text, driver, clock)
    assert verdicts(result) == ["1 failed", "2 passed"]
    assert result.verdict is Verdict.FAILED


async def test_what_is_for_another_version_does_not_apply(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Neither do bodies without the version, prompts without people, or files for other versions."""
    text = """
steps:
  - plug:
    only: [2.0.1, 2.1]
  - plug:
    only: wire
  - plug:
    only: [1.6, sim]
  - expect: {2.0.1: {event: boot}}
  - send: {2.0.1: x}
"""
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.PASSED
    assert verdicts(result) == [
        "1 not applicable",
        "2 not applicable",
        "3 passed",
        "4 not applicable",
        "5 not applicable",
    ]
    assert result.steps[0].text == "Only for 2.0.1, 2.1."
    assert result.steps[3].text == "It says nothing for OCPP 1.6."
    result = await played("versions: 2.0.1\nsteps:\n  - plug:\n", driver, clock)
    assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, "It is for OCPP 2.0.1.")
    assert verdicts(result) == ["1 unasked"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("steps:\n  - plug:\n  - send: x\n", "Step 2 (Send a raw frame) can only be done by a simulated"),
        ("steps:\n  - steps:\n      - fault: {}\n", "Step 1.1 (Break connector 1 (OtherError)) can only"),
        ("steps:\n  - command: reset\n", "Step 1 (Command reset) asks the central system"),
        ("roles: {a: {may_be_wired: false}}\nsteps:\n  - plug:\n", "Role a must be simulated"),
    ],
)
async def test_nobody_is_asked_for_what_cannot_be_finished(
    clock: ManualClock, text: str, reason: str
) -> None:
    """A scenario that cannot be played here does not begin."""
    wired = ScriptedDriver(bound="wire", clock=clock)
    result = await played(text, wired, clock)
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert result.reason.startswith(reason)
    assert wired.done == []
    guarded = text.replace("- send: x", "- send: x\n    only: sim").replace(
        "fault: {}", "fault: {}\n        only: sim"
    )
    if guarded != text:
        result = await played(guarded, wired, clock)
        assert "not applicable" in verdicts(result)[-1]
        assert result.reason == ""


async def test_groups_are_steps_with_steps(driver: ScriptedDriver, clock: ManualClock) -> None:
    """They repeat until one fails; the turn is a variable; the last turn is what is kept."""
    text = """
steps:
  - title: Thrice
    repeat: 3
    steps:
      - present: TAG${turn}
      - check: ${turn}
        is: <below ${limit}>
  - plug:
"""
    result = await played("variables: {limit: 5}" + text, driver, clock)
    assert result.verdict is Verdict.PASSED, told(result)
    assert driver.done == ["present TAG1 1", "present TAG2 1", "present TAG3 1", "plug 1.1"]
    assert result.steps[0].text == "turn 3 of 3"
    driver.done.clear()
    result = await played("variables: {limit: 2}" + text, driver, clock)
    assert verdicts(result) == ["1.1 passed", "1.2 failed", "2 unasked"]
    assert (result.steps[0].verdict, result.steps[0].text) == (Verdict.FAILED, "turn 2 of 3")


async def test_a_variable_without_a_value_leaves_it_open(driver: ScriptedDriver, clock: ManualClock) -> None:
    """The step that would have captured it does not apply here; so does a value of the wrong kind."""
    text = """
variables: {word: many}
steps:
  - expect: {2.0.1: {event: boot}}
    capture: {x: vendor}
  - present: ${x}
    keep_going: true
  - plug: {evse: "${word}"}
"""
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert verdicts(result) == ["1 not applicable", "2 inconclusive", "3 inconclusive"]
    assert result.steps[1].text.startswith("${x} has no value")
    assert result.steps[1].title == "Present the token ${x}"
    assert "many" in result.steps[2].text


async def test_waiting_is_in_the_runs_own_time(driver: ScriptedDriver, clock: ManualClock) -> None:
    """And durations are told."""
    began = clock.monotonic()
    result = await played("steps:\n  - wait: 2 min\n", driver, clock)
    assert clock.monotonic() - began >= 120
    assert result.steps[0].title == "Wait 120 s"
    assert 119 < result.steps[0].seconds < 125


async def test_2_1_is_read_as_2_0_1(clock: ManualClock) -> None:
    """One reader for both."""
    driver = ScriptedDriver(OcppVersion.V21, clock=clock)
    driver.then["plug"] = lambda: driver.call(
        "StatusNotification",
        {"timestamp": "2026-01-05T12:00:00Z", "connectorStatus": "Occupied", "evseId": 1, "connectorId": 1},
    )
    result = await played("steps:\n  - plug:\n  - expect: {event: status, status: Occupied}\n", driver, clock)
    assert result.verdict is Verdict.PASSED, told(result)
