"""Expectations: what meets them, how long they wait, and what is said when nothing comes."""

import pytest

from ocppj.versions import OcppVersion
from runtime.clock import ManualClock
from simulator.scenario.verdicts import Verdict
from tests.support.scenario import ScriptedDriver, played, told, verdicts


@pytest.fixture
def driver(clock: ManualClock) -> ScriptedDriver:
    """A 1.6 station that boots when it is connected, and is occupied when it is plugged."""
    driver = ScriptedDriver(clock=clock)
    driver.then["connect"] = lambda: driver.boot(firmwareVersion="1.2")
    driver.then["plug"] = lambda: driver.status(1, "Preparing")
    return driver


async def test_what_came_since_the_last_action_meets_it(driver: ScriptedDriver, clock: ManualClock) -> None:
    """In any order; each thing meets one expectation."""
    driver.then["connect"] = lambda: (driver.status(1, "Available"), driver.boot())
    text = """
steps:
  - connect:
  - expect: {event: boot, registration: Accepted}
    capture: {vendor: vendor, firmware: firmware?}
  - expect: {event: status, connector: 1}
  - check: ${vendor} ${firmware}
    is: V null
  - expect: {event: boot}
    within: 5 s
"""
    result = await played(text, driver, clock)
    assert verdicts(result) == ["1 passed", "2 passed", "3 passed", "4 passed", "5 failed"]
    assert result.steps[1].line == "vendor V, firmware null"
    assert result.steps[2].line == "connector 1"
    assert result.steps[4].seconds >= 5


async def test_what_came_before_the_last_action_does_not(driver: ScriptedDriver, clock: ManualClock) -> None:
    """The boot belongs to the connecting, not to the plugging."""
    text = "steps:\n  - connect:\n  - plug:\n  - expect: {event: boot}\n    within: 5 s\n"
    result = await played(text, driver, clock)
    assert verdicts(result)[-1] == "3 failed"
    assert result.steps[2].found[0].startswith("what came: status evse 1, connector 1, status Occupied")


async def test_it_waits_for_what_comes_later(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Until the time is up."""
    driver.then["plug"] = lambda: clock.call_later(20, lambda: driver.status(1, "Charging"))
    text = "steps:\n  - plug:\n  - expect: {event: status, reported: Charging}\n    within: 30 s\n"
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.PASSED, told(result)
    assert 19 < result.steps[1].seconds < 22


async def test_the_nearest_thing_is_told_with_its_differences(
    driver: ScriptedDriver, clock: ManualClock
) -> None:
    """What was expected, what came instead, and what to do."""
    driver.then["connect"] = lambda: (driver.boot("Pending"), driver.boot("Rejected", firmwareVersion="9"))
    text = "steps:\n  - connect:\n  - expect: {event: boot, registration: Accepted, firmware: '9'}\n"
    result = await played(text, driver, clock)
    failed = result.steps[1]
    assert failed.text == "Nothing fitting came within 30 s."
    assert failed.expected == '{"event": "boot", "registration": "Accepted", "firmware": "9"}'
    assert failed.found == (
        "nearest: boot vendor V, model M, firmware 9, registration Rejected, interval_s 300",
        'registration: expected "Accepted", found "Rejected"',
    )
    assert failed.advice is not None


async def test_silence_is_told_too(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Nothing at all; or only frames that are no events."""
    text = "steps:\n  - unplug:\n  - expect: {event: boot}\n"
    result = await played(text, driver, clock)
    assert result.steps[1].found == ("nothing at all came from the station since the last action",)
    driver.then["unplug"] = lambda: driver.frame("station", [2, "x", "Foo", {"a": 1}])
    result = await played(text, driver, clock)
    assert result.steps[1].found == ('what came: → call Foo {"a": 1}',)


async def test_frames_are_expected_by_version(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Raw, from either side, calls and answers."""
    text = """
steps:
  - connect:
  - expect: {1.6: {call: BootNotification, from: station, match: {chargePointVendor: V}}, 2.1: {call: Reset}}
    capture: {model: chargePointModel}
  - expect: {result: BootNotification, match: {interval: "<above 1>"}}
  - expect: {result: BootNotification, from: station}
    within: 1 s
    keep_going: true
  - expect: {error: BootNotification}
    within: 1 s
    keep_going: true
  - check: ${model}
    is: M
"""
    result = await played(text, driver, clock)
    assert verdicts(result) == [
        "1 passed",
        "2 passed",
        "3 passed",
        "4 failed",
        "5 failed",
        "6 passed",
    ], told(result)


async def test_what_must_not_come_must_not(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Neither since the action nor while it is watched for."""
    text = "steps:\n  - plug:\n  - never: {event: boot}\n    within: 10 s\n"
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.PASSED
    assert 10 <= result.steps[1].seconds < 12
    driver.then["plug"] = lambda: clock.call_later(5, driver.boot)
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.FAILED
    assert result.steps[1].text.startswith("It came: boot vendor V")


async def test_what_was_expected_may_come_once(driver: ScriptedDriver, clock: ManualClock) -> None:
    """`never` is about another one."""
    text = "steps:\n  - connect:\n  - expect: {event: boot}\n  - never: {event: boot}\n    within: 2 s\n"
    assert (await played(text, driver, clock)).verdict is Verdict.PASSED
    driver.then["connect"] = lambda: (driver.boot(), driver.boot())
    assert verdicts(await played(text, driver, clock))[-1] == "3 failed"


async def test_a_status_is_that_of_every_connector(driver: ScriptedDriver, clock: ManualClock) -> None:
    """Or of one; what was told before the run counts as long as nothing else is told."""
    driver.known = {(1, 1): "Available", (2, 1): "Available", (2, 2): "Faulted"}
    driver.then["unplug"] = lambda: clock.call_later(5, lambda: driver.status(1, "Available"))
    text = """
steps:
  - status: {is: Available, evse: 1}
  - plug:
  - status: {is: Occupied, evse: 1, connector: 1}
  - unplug:
  - status: {is: Available, evse: 1}
  - status: {is: Faulted, evse: 2, connector: 2}
  - status: Available
    within: 3 s
"""
    result = await played(text, driver, clock)
    assert verdicts(result)[:6] == [f"{number} passed" for number in range(1, 7)], told(result)
    failed = result.steps[6]
    assert (failed.verdict, failed.text) == (
        Verdict.FAILED,
        "Not every connector had that status within 3 s.",
    )
    assert failed.found == (
        "connector 1: Available",
        "connector 2: Available",
        "connector 2.2: Faulted",
    )


async def test_a_station_that_tells_of_no_connector_is_not_available(
    driver: ScriptedDriver, clock: ManualClock
) -> None:
    """`every` of nothing is not enough."""
    driver.known = {}
    result = await played("steps:\n  - status: Available\n    within: 1 s\n", driver, clock)
    assert result.steps[0].text == "The station has told the status of no connector."
    result = await played("steps:\n  - status: {is: Available, evse: 4}\n    within: 1 s\n", driver, clock)
    assert result.steps[0].found == ("connector 4: never told",)


async def test_a_pattern_that_a_value_breaks_leaves_it_open(
    driver: ScriptedDriver, clock: ManualClock
) -> None:
    """The file was right; what was put into it is not."""
    text = """
variables: {limit: many}
steps:
  - expect: {event: boot, interval_s: "<above ${limit}>"}
    keep_going: true
  - status: <above ${limit}>
"""
    result = await played(text, driver, clock)
    assert verdicts(result) == ["1 inconclusive", "2 inconclusive"]
    assert "neither a number nor a time" in result.steps[0].text


async def test_a_capture_that_is_not_there_fails(driver: ScriptedDriver, clock: ManualClock) -> None:
    """The value was expected, in a way."""
    text = "steps:\n  - connect:\n  - expect: {event: boot}\n    capture: {x: serial}\n"
    result = await played(text, driver, clock)
    assert (result.steps[1].verdict, result.steps[1].text) == (
        Verdict.FAILED,
        "There is no serial to capture.",
    )


async def test_secrets_are_captured_and_not_told(driver: ScriptedDriver, clock: ManualClock) -> None:
    """A claim code in a report would open a door."""
    text = """
steps:
  - connect:
  - expect: {event: boot}
    capture: {claim_code: vendor}
  - present: ${claim_code}
"""
    result = await played(text, driver, clock)
    assert result.steps[1].line == "claim_code ***"
    assert driver.done[-1] == "present V 1"


async def test_a_group_has_a_deadline(clock: ManualClock) -> None:
    """`within` of a group is for all its steps together."""
    driver = ScriptedDriver(OcppVersion.V201, clock=clock)
    text = """
steps:
  - within: 10 s
    steps:
      - plug:
      - expect: {event: boot}
        within: 1 h
      - unplug:
"""
    result = await played(text, driver, clock)
    assert result.verdict is Verdict.FAILED
    assert result.steps[0].text == "These steps took longer than 10 s."
    assert verdicts(result) == ["1.1 passed", "1.2 inconclusive", "1.3 unasked"][:2]
    assert 9 < result.steps[0].seconds < 12
