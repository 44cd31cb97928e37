"""Every command leaves a row and one event; no secret is in either (CMD-01, SEC-10)."""

import json
from pathlib import Path
from typing import Any

import pytest

from csms.central.command_arguments import arguments_text
from csms.central.command_log import RecordedCommands
from csms.domain.commands import CommandOutcome, Outcome, RawCall
from ocppj.model.boot import Reset
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.remote_control import RemoteStart
from ocppj.model.variables import (
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.vocabulary import ResetKind, VariableRef
from runtime.secrets import HIDDEN
from tests.support.both_databases import Place
from tests.support.inbound import CP1, NOON, TAG, minutes
from tests.support.message_writer import Desk, copy_as_if_killed, desk

INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
SECRET = VariableRef("SecurityCtrlr", "BasicAuthPassword")


def read(path: Path) -> bytes:
    """The file as it is on disk."""
    return path.read_bytes()


async def settled(at: Desk) -> None:
    """Wait until what nobody waits for is written too."""
    await at.start("settled", meter_wh=float(at.central.message_store.stored), evse_id=99)


async def test_a_command_is_a_row_from_its_sending_to_its_end(place: Place) -> None:
    """And its end is told once."""
    async with desk(place) as at:
        log: RecordedCommands = at.central.command_log
        log.command_sent("c1", CP1, Reset(ResetKind.IMMEDIATE), "console", NOON)
        answer = CommandAnswer("Accepted")
        outcome = CommandOutcome(Outcome.RESULT, "c1", answer)
        log.command_finished("c1", CP1, outcome, minutes(1))
        await settled(at)
        row = await at.column(
            "SELECT station_id || command || arguments || origin || outcome || status FROM commands"
        )
        assert row == ['cp1reset{"kind":"Immediate","evse_id":null}consoleresultAccepted']
        events = at.events.pending()
        assert [each.event for each in events] == ["command.finished", "transaction.started"]
        assert events[0].payload == {
            "command_id": "c1",
            "command": "reset",
            "outcome": "result",
            "status": "Accepted",
            "origin": "console",
        }


async def test_an_end_without_an_answer(place: Place) -> None:
    """Its reason stands in the row."""
    async with desk(place) as at:
        log = at.central.command_log
        log.command_sent("c1", CP1, Reset(), "api", NOON)
        error = CommandOutcome(Outcome.ERROR, "c1", error_code="NotSupported", error_description="no reset")
        log.command_finished("c1", CP1, error, minutes(1))
        log.command_finished("c0", CP1, CommandOutcome(Outcome.OFFLINE, "c0"), minutes(1))  # never sent
        await settled(at)
        assert await at.column("SELECT outcome || error_code || error_description FROM commands") == [
            "errorNotSupportedno reset"
        ]
        assert [each.payload.get("command") for each in at.events.pending()][:2] == ["reset", None]


async def test_what_an_answer_tells_of_variables_is_kept(place: Place) -> None:
    """The API shows it afterwards."""
    async with desk(place) as at:
        log = at.central.command_log
        log.command_sent("c1", CP1, GetVariables((INTERVAL,)), "api", NOON)
        answer = VariablesAnswer("Accepted", variables=(VariableResult(INTERVAL, "Accepted", "60"),))
        log.command_finished("c1", CP1, CommandOutcome(Outcome.RESULT, "c1", answer), minutes(1))
        await settled(at)
        (variable,) = await at.central.records.variables(CP1)
        assert (variable.ref, variable.value, variable.reported_at) == (INTERVAL, "60", minutes(1))


async def test_no_secret_reaches_the_file(tmp_path: Path) -> None:
    """Neither in the command nor in what it set."""
    async with desk(tmp_path / "borne.db") as at:
        log = at.central.command_log
        log.command_sent("c1", CP1, SetVariables((VariableAssignment(SECRET, "hunter2" * 3),)), "api", NOON)
        answer = VariablesAnswer("Accepted", variables=(VariableResult(SECRET, "Accepted", "hunter2"),))
        log.command_finished("c1", CP1, CommandOutcome(Outcome.RESULT, "c1", answer), minutes(1))
        await settled(at)
        copy_as_if_killed(tmp_path / "borne.db", tmp_path / "copy.db")
    for name in ("borne.db", "copy.db", "copy.db-wal"):
        assert b"hunter2" not in read(tmp_path / name)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (
            RemoteStart(TAG, 7, 1),
            {
                "id_token": {"value": TAG.value, "type": "ISO14443"},
                "remote_start_id": 7,
                "evse_id": 1,
                "charging_profile": None,
            },
        ),
        (GetVariables(), {"refs": []}),
        (
            GetVariables((INTERVAL,), ("Target",)),
            {
                "refs": [
                    {
                        "component": "OCPPCommCtrlr",
                        "variable": "HeartbeatInterval",
                        "component_instance": None,
                        "variable_instance": None,
                        "evse_id": None,
                        "connector_id": None,
                    }
                ],
                "attributes": ["Target"],
            },
        ),
    ],
)
def test_arguments_are_json(command: Command, arguments: object) -> None:
    """The command's own fields."""
    assert json.loads(arguments_text(command)) == arguments


def test_secrets_are_starred() -> None:
    """By name and by mark; other values stay."""
    assignments = (
        VariableAssignment(INTERVAL, "60"),
        VariableAssignment(SECRET, "s3cret"),
        VariableAssignment(VariableRef("X", "Pin"), "s3cret", is_secret=True),
    )
    shown = json.loads(arguments_text(SetVariables(assignments)))["assignments"]
    assert [each["value"] for each in shown] == ["60", HIDDEN, HIDDEN]


async def test_commands_left_open_by_a_kill_are_unknown(tmp_path: Path) -> None:
    """0 stay `sent` after a restart, and the outside hears of it."""
    path = tmp_path / "borne.db"
    async with desk(path, has_outbox=True) as at:
        at.central.command_log.command_sent("c1", CP1, Reset(), "api", NOON)
        await settled(at)
        copy_as_if_killed(path, tmp_path / "killed.db")
    async with desk(tmp_path / "killed.db", has_outbox=True) as at:
        assert await at.column("SELECT outcome FROM commands") == ["unknown"]
        (told,) = await at.column("SELECT payload FROM outbox WHERE event = 'command.finished'")
        assert json.loads(told)["payload"] == {
            "command_id": "c1",
            "command": "reset",
            "outcome": "unknown",
            "status": None,
            "origin": "api",
        }


async def test_a_raw_call_is_a_row_too(place: Place) -> None:
    """Named by its action, with its payload without secrets, and what the answer says of itself."""
    async with desk(place) as at:
        log = at.central.command_log
        answers: tuple[Any, ...] = ({"status": "Rejected"}, {"status": 5}, {"status": "x" * 99}, [])
        for number, payload in enumerate(answers):
            call = RawCall("ChangeConfiguration", {"key": "AuthorizationKey", "value": "hunter2"})
            log.command_sent(f"c{number}", CP1, call, "api:ann", minutes(number))
            outcome = CommandOutcome(Outcome.RESULT, f"c{number}", payload=payload)
            log.command_finished(f"c{number}", CP1, outcome, minutes(number))
        await settled(at)
        found = await at.central.records.commands(CP1)
        assert {(each.command, each.arguments, each.origin) for each in found} == {
            ("ChangeConfiguration", f'{{"key":"AuthorizationKey","value":"{HIDDEN}"}}', "api:ann")
        }
        assert [each.status for each in reversed(found)] == ["Rejected", None, "x" * 50, None]
        ended = [each.payload for each in at.events.pending() if each.event == "command.finished"]
        assert [each["command"] for each in ended] == ["ChangeConfiguration"] * 4
