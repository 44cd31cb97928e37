"""A station's display: what it holds, shows and removes (2.x O)."""

from pathlib import Path
from typing import Any

import pytest

from runtime.clock import ManualClock
from simulator.model.stored_state import StateFile
from simulator.model.version_variables import MESSAGES_MOST
from tests.simulator.station.test_cost_display import charging
from tests.support.simulated import Stage, changed_template, simulated

BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])


async def put(
    stage: Stage,
    number: int,
    text: str = "",
    *,
    priority: str = "NormalCycle",
    form: str = "UTF8",
    **more: Any,
) -> str:
    """SetDisplayMessage; the status."""
    content = {"format": form, "content": text or f"text {number}"}
    message = {"id": number, "priority": priority, "message": content} | more
    return str((await stage.ask("SetDisplayMessage", {"message": message})).status)


async def clear(stage: Stage, number: int) -> str:
    """ClearDisplayMessage; the status."""
    return str((await stage.ask("ClearDisplayMessage", {"id": number})).status)


async def told(stage: Stage, **conditions: Any) -> tuple[str, list[tuple[list[int], bool]]]:
    """GetDisplayMessages: the status, and (numbers, more follows) of each part."""
    before = len(stage.said("NotifyDisplayMessages"))
    status = (await stage.ask("GetDisplayMessages", {"requestId": 5} | conditions)).status
    parts = stage.said("NotifyDisplayMessages")[before:]
    assert all(each.request_id == 5 for each in parts)
    return status, [([one.id for one in each.message_info], bool(each.tbc)) for each in parts]


def shown(stage: Stage) -> tuple[str, ...]:
    """On the display now."""
    return stage.station.snapshot().display


@BOTH_2X
async def test_what_stands_in_front(template: str) -> None:
    """O01.FR.12 to .16: the cycle, in front of it by turns, alone; what is alone replaces what was."""
    async with simulated(template) as stage:
        await stage.boot()
        assert [await put(stage, number) for number in (1, 2)] == ["Accepted"] * 2
        assert shown(stage) == ("text 1", "text 2")
        for number in (3, 4):
            await put(stage, number, priority="InFront")
        assert shown(stage) == ("text 3", "text 4")
        await put(stage, 5, priority="AlwaysFront")
        await put(stage, 6, priority="AlwaysFront")
        assert shown(stage) == ("text 6",)
        assert await clear(stage, 5) == "Unknown"
        assert await clear(stage, 6) == "Accepted"
        assert shown(stage) == ("text 3", "text 4")


@BOTH_2X
async def test_refusals(template: str) -> None:
    """O01.FR.01 to .03, .11, O02.FR.01: the word for each, and nothing changes."""
    async with simulated(
        changed_template(
            template, variables={"DisplayMessageCtrlr.SupportedPriorities": "InFront,NormalCycle"}
        )
    ) as stage:
        await stage.boot()
        assert await put(stage, 1, priority="AlwaysFront") == "NotSupportedPriority"
        assert await put(stage, 1, form="URI") == "NotSupportedMessageFormat"
        assert await put(stage, 1, transactionId="nobody's") == "UnknownTransaction"
        if template == "ac-21":
            assert await put(stage, 1, state="Discharging") == "NotSupportedState"
        assert shown(stage) == ()
        for number in range(MESSAGES_MOST):
            assert await put(stage, number) == "Accepted"
        assert await put(stage, MESSAGES_MOST) == "Rejected"
        assert await put(stage, 0, "replaced") == "Accepted"  # O06.FR.01
        assert shown(stage)[0] == "replaced"


async def test_a_station_without_such_a_display() -> None:
    """Part 4 §4.3; switched off, it holds what it holds."""
    async with simulated(changed_template("ac-201", shows_messages=False)) as stage:
        await stage.boot()
        for action, payload in (("GetDisplayMessages", {"requestId": 1}), ("ClearDisplayMessage", {"id": 1})):
            assert await stage.ask(action, payload) == "NotSupported"
    async with simulated("ac-201") as stage:
        await stage.boot()
        await put(stage, 1)
        off = {"component": {"name": "DisplayMessageCtrlr"}, "variable": {"name": "Enabled"}}
        await stage.ask("SetVariables", {"setVariableData": [off | {"attributeValue": "false"}]})
        assert shown(stage) == ()


async def test_from_when_until_when() -> None:
    """O01.FR.06, .07: not before its time, and removed after it."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        begins, ends = "2026-01-05T12:10:00Z", "2026-01-05T12:20:00Z"
        await put(stage, 1, startDateTime=begins, endDateTime=ends)
        assert shown(stage) == ()
        await stage.advance(660)
        assert shown(stage) == ("text 1",)
        await stage.advance(600)
        assert shown(stage) == ()
        assert await clear(stage, 1) == "Unknown"


async def test_during_a_transaction() -> None:
    """O02.FR.02: removed at its end."""
    async with simulated("ac-201") as stage:
        transaction_id = await charging(stage)
        assert await put(stage, 1, transactionId=transaction_id) == "Accepted"
        assert shown(stage) == ("text 1",)
        stage.station.unplug()
        await stage.rest()
        assert (shown(stage), await clear(stage, 1)) == ((), "Unknown")


async def test_while_the_station_is_so() -> None:
    """MessageStateEnumType: idle, charging, faulted, out of service."""
    async with simulated(changed_template("ac-201", evses=[{}])) as stage:
        await stage.boot()
        for number, state in enumerate(("Idle", "Charging", "Faulted", "Unavailable")):
            await put(stage, number, state, state=state)
        assert shown(stage) == ("Idle",)
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG1"))
        await stage.rest()
        assert shown(stage) == ("Charging",)
        stage.station.fault()
        await stage.rest()
        assert shown(stage) == ("Faulted",)
        stage.station.clear_fault()
        stage.station.unplug()
        await stage.rest()
        await stage.ask("ChangeAvailability", {"operationalStatus": "Inoperative"})
        assert shown(stage) == ("Unavailable",)


async def test_2_1_knows_that_charging_is_suspended() -> None:
    """SupportedStates; neither charging nor idle."""
    async with simulated(changed_template("ac-21", vehicle={"arrives_with": 1.0})) as stage:
        await stage.boot()
        await put(stage, 1, "waits", state="Suspended")
        assert shown(stage) == ()
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG1"))
        await stage.rest()
        assert shown(stage) == ("waits",)


async def test_reports() -> None:
    """O03.FR.01 to .06, O04.FR.01 to .03: all, or those that fit, in parts; none is Unknown."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        assert await told(stage) == ("Unknown", [])
        for number in range(6):
            await put(stage, number, priority="InFront" if number % 2 else "NormalCycle", state="Idle")
        assert await told(stage) == ("Accepted", [([0, 1, 2, 3], True), ([4, 5], False)])
        assert await told(stage, priority="InFront") == ("Accepted", [([1, 3, 5], False)])
        assert await told(stage, id=[2, 99]) == ("Accepted", [([2], False)])
        assert await told(stage, state="Charging") == ("Unknown", [])


async def test_they_outlive_a_power_cut(tmp_path: Path) -> None:
    """O01.FR.10: also in another process; the variable says how many there are."""
    clock, state_file = ManualClock(), StateFile(tmp_path / "state.json")
    async with simulated("ac-201", state_file=state_file, clock=clock) as stage:
        await stage.boot()
        await put(stage, 1, "kept", endDateTime="2099-01-01T00:00:00Z")
        stage.station.power_cut(None)
        assert shown(stage) == ()
    async with simulated("ac-201", state_file=state_file, clock=clock) as stage:
        await stage.boot()
        assert shown(stage) == ("kept",)
        count = {"component": {"name": "DisplayMessageCtrlr"}, "variable": {"name": "DisplayMessages"}}
        answer = await stage.ask("GetVariables", {"getVariableData": [count]})
        assert answer.get_variable_result[0].attribute_value == "1"
