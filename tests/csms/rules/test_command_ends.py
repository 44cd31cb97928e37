"""How commands end: the row, what follows, the news; in one commit."""

from typing import Any

import pytest

from csms.domain.commands import CommandEnding, CommandOutcome, Outcome, RawCall
from csms.domain.station_events import StationEvent
from csms.rules.command_ends import LONGEST_STATUS, command_ended, finished_event
from csms.rules.rows import CommandEndRow, VariableRow
from csms.rules.state import State
from ocppj.model.authorization import ClearCache
from ocppj.model.command import CommandAnswer
from ocppj.model.variables import GetVariables, VariableResult, VariablesAnswer
from ocppj.vocabulary import VariableRef
from tests.support.inbound import CP1, NOON

INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")


def ending(outcome: CommandOutcome, command: Any = None, origin: str | None = "api:ann") -> CommandEnding:
    """At noon."""
    return CommandEnding("c1", CP1, command, origin, outcome, NOON)


def test_an_answer_ends_a_command() -> None:
    """Its row and its news say the same."""
    outcome = CommandOutcome(Outcome.RESULT, "c1", CommandAnswer("Rejected"))
    decision = command_ended(State(), ending(outcome, ClearCache()))
    row = CommandEndRow(
        command_id="c1",
        outcome=Outcome.RESULT,
        status="Rejected",
        error_code=None,
        error_description=None,
        at=NOON,
    )
    payload = {
        "command_id": "c1",
        "command": "clear-cache",
        "outcome": "result",
        "status": "Rejected",
        "origin": "api:ann",
    }
    assert decision.reply is None
    assert decision.rows == (row,)
    assert decision.events == (StationEvent("command.finished", CP1, NOON, payload),)
    assert finished_event(row, CP1, "clear-cache", "api:ann") == decision.events[0]


def test_an_error_is_kept_with_its_words() -> None:
    """There is no status then."""
    outcome = CommandOutcome(Outcome.ERROR, "c1", error_code="NotSupported", error_description="no cache")
    (row,) = command_ended(State(), ending(outcome, ClearCache())).rows
    assert isinstance(row, CommandEndRow)
    assert (row.outcome, row.status) == (Outcome.ERROR, None)
    assert (row.error_code, row.error_description) == ("NotSupported", "no cache")


def test_what_follows_is_written_with_the_end() -> None:
    """The values that were read, behind the command's own row."""
    answer = VariablesAnswer("Accepted", variables=(VariableResult(INTERVAL, "Accepted", "60"),))
    outcome = CommandOutcome(Outcome.RESULT, "c1", answer)
    end, value = command_ended(State(), ending(outcome, GetVariables((INTERVAL,)))).rows
    assert isinstance(end, CommandEndRow)
    assert isinstance(value, VariableRow)
    assert (value.ref, value.value) == (INTERVAL, "60")


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        ({"status": "Accepted"}, "Accepted"),
        ({"status": "x" * (LONGEST_STATUS + 1)}, "x" * LONGEST_STATUS),
        ({"status": 3}, None),
        ({}, None),
        (["status"], None),
        (None, None),
    ],
)
def test_a_raw_call_says_of_itself_what_the_station_wrote(payload: Any, status: str | None) -> None:
    """Under the name of its action; nothing follows from it."""
    outcome = CommandOutcome(Outcome.RESULT, "c1", payload=payload)
    decision = command_ended(State(), ending(outcome, RawCall("ClearCache", {})))
    (row,), (events,) = decision.rows, decision.events
    assert isinstance(row, CommandEndRow)
    assert row.status == status
    assert (events.payload["command"], events.payload["status"]) == ("ClearCache", status)


def test_a_command_that_was_forgotten_ends_all_the_same() -> None:
    """Too many were under way: neither its name nor who asked is known."""
    (events,) = command_ended(State(), ending(CommandOutcome(Outcome.TIMEOUT, "c1"), None, None)).events
    assert (events.payload["command"], events.payload["origin"]) == (None, None)
    assert events.payload["outcome"] == "timeout"
