"""What follows from what in a station: the start that is told, the clock that is read."""

from typing import Any

import pytest

from ocppj.session import Request
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import simulated

BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])


@BOTH
async def test_a_start_is_a_security_event(template: str) -> None:
    """A critical one (2.0.1 part 2 appendix 1): told once, after the boot; a reset is another."""
    async with simulated(template) as stage:
        await stage.boot()
        await stage.advance(600)
        stage.station.reset()
        await stage.boot()
        told = [event.type for event in stage.said("SecurityEventNotification")]
        assert told == ["StartupOfTheDevice", "ResetOrReboot"]
        assert stage.actions.index("BootNotification") < stage.actions.index("SecurityEventNotification")


async def test_a_start_that_was_not_taken_is_told_again() -> None:
    """2.0.1 A04.FR.02: until it is answered; a lost connection in between changes nothing."""
    refusals: list[str] = ["InternalError"]

    def refuse_once(link: AnsweringLink, request: Request) -> Any:
        if request.action == "SecurityEventNotification" and refusals:
            return refusals.pop()
        return agree(link, request)

    async with simulated("ac-201", refuse_once) as stage:
        await stage.boot()
        for _ in range(2):
            stage.station.drop_link()
            stage.station.restore_link()
            await stage.rest()
        assert len(stage.said("SecurityEventNotification")) == 2


@pytest.mark.held_before("no start was told at all; now none too early")
async def test_no_start_is_told_before_the_station_is_accepted() -> None:
    """2.0.1 B02.FR.02."""

    def pending(link: AnsweringLink, request: Request) -> Any:
        found = agree(link, request)
        return found | {"status": "Pending"} if request.action == "BootNotification" else found

    async with simulated("ac-201", pending) as stage:
        await stage.advance(10)
        assert set(stage.actions) == {"BootNotification"}


async def test_the_clock_can_be_read() -> None:
    """2.0.1 §2.1.24 ClockCtrlr.DateTime: now, and nobody sets it."""
    variable = {"component": {"name": "ClockCtrlr"}, "variable": {"name": "DateTime"}}
    async with simulated("ac-201") as stage:
        await stage.boot()
        times = []
        for _ in range(2):
            answer = await stage.ask("GetVariables", {"getVariableData": [variable]})
            times.append(answer.get_variable_result[0].attribute_value)
            await stage.advance(60)
        assert [time[11:16] for time in times] == ["12:00", "12:01"]
        asked = {"setVariableData": [variable | {"attributeValue": times[0]}]}
        assert (await stage.ask("SetVariables", asked)).set_variable_result[0].attribute_status == "Rejected"
