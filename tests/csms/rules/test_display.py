"""Messages on displays: what follows from answers, and from what stations report (2.x O)."""

from typing import Any

import pytest
from msgspec.structs import replace

from csms.domain.commands import CommandEnding, CommandOutcome, Outcome
from csms.domain.display_messages import DisplayMessageState
from csms.rules.command_ends import command_ended
from csms.rules.display import messages_notified, report_requested
from csms.rules.display_rows import DisplayMessageRow, DisplayReportWantedRow
from csms.rules.rows import KeptMessageRow
from csms.rules.state import Decision, State
from ocppj.model.command import CommandAnswer
from ocppj.model.display import (
    ClearDisplayMessage,
    DisplayMessage,
    GetDisplayMessages,
    NotifyDisplayMessages,
    SetDisplayMessage,
)
from ocppj.model.messages import Acknowledged
from ocppj.model.reports import MessageKept
from tests.support.inbound import CP1, CP2, NOON, inbound, minutes

S = DisplayMessageState
ASKED = SetDisplayMessage(message_id=7, text="Bonjour")


def row(number: int = 7, state: DisplayMessageState = S.HELD, **more: Any) -> DisplayMessageRow:
    """A message as stored."""
    message = DisplayMessage(message_id=number, text="Bonjour", priority=more.pop("priority", "NormalCycle"))
    given: dict[str, Any] = {"station_id": CP1, "message": message, "asked_by": "api:ann", "moved_at": NOON}
    return DisplayMessageRow(**(given | {"state": state} | more))


def state_with(*rows: DisplayMessageRow) -> State:
    """As loaded."""
    state = State()
    state.apply(rows)
    return state


def ended(state: State, command: Any, outcome: CommandOutcome) -> list[tuple[int, str, str | None]]:
    """(number, state, reason) of what follows, told as news too."""
    return moved(command_ended(state, CommandEnding("c1", CP1, command, "api:ann", outcome, minutes(1))))


def moved(decision: Decision) -> list[tuple[int, str, str | None]]:
    """The same of a decision."""
    rows = [each for each in decision.rows if isinstance(each, DisplayMessageRow)]
    news = [each.payload for each in decision.events if each.event == "display.changed"]
    changed = [(each["message_id"], each["state"], each["reason"]) for each in news]
    assert set(changed) <= {(each.message.message_id, each.state.value, each.reason) for each in rows}
    return changed


def answer(status: str) -> CommandOutcome:
    """The station's."""
    return CommandOutcome(Outcome.RESULT, "c1", CommandAnswer(status))


def report(*numbers: int, is_last: bool = True, request_id: int = 9, kept: bool = True) -> Any:
    """NotifyDisplayMessages with these."""
    messages = tuple(row(each).message for each in numbers)
    raw = MessageKept(
        action="NotifyDisplayMessages", request_id=request_id, is_last=is_last, payload="{}", payload_bytes=2
    )
    event = NotifyDisplayMessages(request_id, messages, is_last, report=raw if kept else None)
    return replace(inbound(event), received_at=minutes(2))


LOST = CommandOutcome(Outcome.UNKNOWN, "c1", error_description="the socket was lost")


@pytest.mark.parametrize(
    ("outcome", "what"),
    [
        (answer("Accepted"), [(7, "held", None)]),
        (answer("NotSupportedPriority"), []),
        (CommandOutcome(Outcome.OFFLINE, "c1"), []),
        (LOST, [(7, "unknown", "the socket was lost")]),
    ],
)
def test_what_a_station_was_asked_to_show(outcome: CommandOutcome, what: Any) -> None:
    """A refusal leaves what it holds; of a lost answer nobody knows."""
    assert ended(State(), ASKED, outcome) == what


def test_who_asked_is_kept() -> None:
    """With all that the message says."""
    found = command_ended(State(), CommandEnding("c1", CP1, ASKED, "api:ann", answer("Accepted"), minutes(1)))
    (kept,) = [each for each in found.rows if isinstance(each, DisplayMessageRow)]
    assert (kept.asked_by, kept.message, kept.moved_at) == ("api:ann", ASKED.message, minutes(1))


def test_one_that_is_alone_in_front_replaces_the_one_before() -> None:
    """O01.FR.16; nothing else, no other station's, and not itself."""
    here = state_with(
        row(1, priority="AlwaysFront"),
        row(2),
        row(3, S.GONE, priority="AlwaysFront"),
        row(7, priority="AlwaysFront"),
        row(4, priority="AlwaysFront", station_id=CP2),
    )
    alone = replace(ASKED, priority="AlwaysFront")
    assert ended(here, alone, answer("Accepted")) == [(7, "held", None), (1, "gone", "Replaced")]
    assert ended(here, alone, LOST) == [(7, "unknown", "the socket was lost")]


@pytest.mark.parametrize(
    ("outcome", "what"),
    [
        (answer("Accepted"), [(7, "gone", "Cleared")]),
        (answer("Unknown"), [(7, "gone", "NotReported")]),
        (answer("Rejected"), []),
        (LOST, []),
    ],
)
def test_clearing(outcome: CommandOutcome, what: Any) -> None:
    """O05.FR.01, .02; 2.1 O05.FR.03 leaves it there."""
    assert ended(state_with(row(), row(8)), ClearDisplayMessage(7), outcome) == what
    assert ended(state_with(row(state=S.GONE)), ClearDisplayMessage(7), outcome) == []


def test_only_a_question_for_all_says_what_is_gone() -> None:
    """The mark is written before the question is sent."""
    for_all, some = GetDisplayMessages(9), GetDisplayMessages(9, priority="InFront")
    assert report_requested("c1", CP1, for_all, "api:ann", NOON) == (DisplayReportWantedRow(CP1, 9),)
    for one in (some, GetDisplayMessages(9, (7,)), GetDisplayMessages(9, state="Idle")):
        assert report_requested("c1", CP1, one, "api:ann", NOON) == ()
    here = state_with(row(7), row(8, S.UNKNOWN), row(9, S.GONE))
    gone = [(7, "gone", "NotReported"), (8, "gone", "NotReported")]
    assert ended(here, for_all, answer("Unknown")) == gone
    assert ended(here, some, answer("Unknown")) == []
    assert ended(here, for_all, answer("Accepted")) == []
    assert ended(here, for_all, LOST) == []


def test_a_report_in_parts() -> None:
    """O03.FR.02 to .04: what it names is held; after the last part what was awaited and not named is gone."""
    here = state_with(row(7, awaited_by=9), row(8, S.UNKNOWN, awaited_by=9), row(5, awaited_by=9), row(6))
    first = messages_notified(here, report(7, is_last=False), Acknowledged())
    assert moved(first) == []
    here.apply(first.rows)
    last = messages_notified(here, report(8, 10), Acknowledged())
    assert moved(last) == [(8, "held", None), (10, "held", None), (5, "gone", "NotReported")]
    here.apply(last.rows)
    by = {each.message.message_id: each.asked_by for each in here.display_messages_of(CP1)}
    assert (by[7], by[8], by[10]) == ("api:ann", "api:ann", None)
    assert last.reply == Acknowledged()
    assert [each.action for each in last.rows if isinstance(each, KeptMessageRow)] == [
        "NotifyDisplayMessages"
    ]


def test_a_message_that_somebody_changed_there() -> None:
    """Under the same number another text: it is news, and nobody of ours asked for it."""
    changed = row(7, message=DisplayMessage(message_id=7, text="another"))
    decision = messages_notified(state_with(changed), report(7, kept=False), Acknowledged())
    assert moved(decision) == [(7, "held", None)]
    (found,) = [each for each in decision.rows if isinstance(each, DisplayMessageRow)]
    assert (found.message.text, found.asked_by) == ("Bonjour", None)
