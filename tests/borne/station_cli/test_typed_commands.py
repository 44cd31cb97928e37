"""What can be typed to a station."""

from typing import Any

import pytest

from borne.station_cli.typed_commands import COMMANDS, TypedCommandError, TypedCommands
from ocppj.session import Request
from simulator.model.connector_states import ConnectorState
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, simulated


async def obeyed(stage: Stage, line: str) -> str:
    """What came of a line."""
    said = await stage.meanwhile(TypedCommands(stage.station, stage.clock).run(line))
    await stage.rest()
    return said


async def test_charge_by_hand() -> None:
    """Cable, token, token, cable; EVSE and connector are 1 unless named."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        assert await obeyed(stage, "plug 2") == "cable in"
        assert await obeyed(stage, "token TAG1 2") == "TAG1: started (Accepted)"
        assert stage.station.snapshot().connector(2).state is ConnectorState.CHARGING
        assert await obeyed(stage, "token OTHER 2") == "OTHER: refused: another token charges here"
        assert await obeyed(stage, "TOKEN TAG1 2") == "TAG1: stopped (Accepted)"
        assert await obeyed(stage, "unplug 2 1") == "cable out"


async def test_faults_power_network_and_reset() -> None:
    """And back again."""
    async with simulated() as stage:
        await stage.boot()
        assert await obeyed(stage, "fault GroundFailure") == "faulted: GroundFailure"
        assert await obeyed(stage, "repair") == "repaired"
        assert await obeyed(stage, "fault 1 1") == "faulted: InternalError"
        assert await obeyed(stage, "repair 1") == "repaired"
        await obeyed(stage, "network off")
        assert not stage.station.snapshot().is_connected
        await obeyed(stage, "network on")
        assert stage.station.snapshot().is_connected
        await obeyed(stage, "power off")
        assert not stage.station.snapshot().is_powered
        await obeyed(stage, "power on")
        await stage.boot()
        await obeyed(stage, "power")
        await stage.advance(1)
        await stage.boot()
        assert await obeyed(stage, "reset") == "restarting"
        await stage.boot()


async def test_a_note_between_the_lines() -> None:
    """What a person at the keyboard does, to be found again beside the frames; a note of nothing is none."""
    async with simulated() as stage:
        assert await obeyed(stage, "mark contactor closed, 400 V") == "mark: contactor closed, 400 V"
        with pytest.raises(TypedCommandError, match="mark TEXT"):
            await obeyed(stage, "mark")


async def test_requests_by_hand() -> None:
    """Any action with any JSON object, or any text."""

    def script(link: AnsweringLink, request: Request) -> Any:
        return {"status": "Accepted"} if request.action == "DataTransfer" else agree(link, request)

    async with simulated(script=script) as stage:
        await stage.boot()
        answer = await obeyed(stage, 'call DataTransfer {"vendorId": "me", "data": "a b"}')
        assert answer.startswith("DataTransfer: {")
        assert stage.said("DataTransfer")[0].data == "a b"
        assert (await obeyed(stage, "call Heartbeat")).startswith("Heartbeat: {")
        assert await obeyed(stage, 'raw [2,"x","Heartbeat", {}]') == "sent"
        assert stage.actions.count("Heartbeat") == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dance", "dance is no command here; type help"),
        ("plug one", "numbers, from 1"),
        ("plug 1 1 1", "too many words|numbers"),
        ("plug 9", "no EVSE 9"),
        ("unplug", "no cable"),
        ("token", "which token"),
        ("token " + "X" * 30, "no such token"),
        ("repair", "not faulted"),
        ("power sideways", r"power \[off\|on\]"),
        ("network", r"network off\|on"),
        ("reset now", "too many words: reset"),
        ("call", "which action"),
        ("call Heartbeat {", "not JSON"),
        ("call Heartbeat []", "JSON object"),
        ("call Nonsense {}", "Nonsense"),
    ],
)
async def test_line_that_cannot_be_done_says_why(line: str, message: str) -> None:
    """And the station goes on."""
    async with simulated() as stage:
        await stage.boot()
        with pytest.raises(TypedCommandError, match=message):
            await obeyed(stage, line)
        assert stage.station.snapshot().is_accepted


async def test_wait_holds_the_next_line_back() -> None:
    """A program that writes its commands at once says what comes before what."""
    async with simulated() as stage:
        commands = TypedCommands(stage.station, stage.clock)
        assert (
            await stage.meanwhile(commands.run("wait accepted"), stage.station.template.start_s) == "accepted"
        )
        assert await stage.meanwhile(commands.run("wait 5"), 5) == "5 s have passed"
        stage.station.plug()
        assert await stage.meanwhile(commands.run("wait preparing")) == "preparing"
        for line, message in (("wait", "wait for what"), ("wait never", "until one of: accepted, available")):
            with pytest.raises(TypedCommandError, match=message):
                await commands.run(line)


async def test_help_names_every_command() -> None:
    """Also the two that belong to the terminal; an empty line asks for it."""
    async with simulated(is_running=False) as stage:
        for line in ("help", ""):
            text = await obeyed(stage, line)
            assert all(command.usage in text for command in COMMANDS.values())
            assert "status" in text
            assert "quit" in text
