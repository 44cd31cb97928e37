"""What the central system gets wrong is named: the frame, the field, the rule."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ocppj.frames import UNREADABLE_ID
from ocppj.session import OpenCall, Request
from simulator.model.mistakes import Mistake
from simulator.model.station_log import LogEntry, Topic
from simulator.station.charging import TokenOutcome
from tests.support.answering import NOW, AnsweringLink, agree
from tests.support.simulated import Stage, simulated

BOOTED = {"status": "Accepted", "currentTime": NOW, "interval": 10}
Said = Callable[[AnsweringLink, Request], Any]


def saying(action: str, text: Callable[[str], bytes | None]) -> Said:
    """A central system that answers one action with a text of its own, made from the message id."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action != action:
            return agree(link, request)
        said = text(request.message_id)
        if said is not None:
            link.connection.send(said)
        return None

    return script


def result(payload: Any) -> Callable[[str], bytes]:
    """A CALLRESULT with that payload."""
    return lambda message_id: json.dumps([3, message_id, payload]).encode()


def heard(stage: Stage) -> list[Mistake]:
    """The mistakes that the station tells of, from now on."""
    found: list[Mistake] = []

    def note(entry: LogEntry) -> None:
        if entry.mistake is not None:
            assert (entry.topic, entry.is_trouble) == (Topic.MISTAKE, True)
            found.append(entry.mistake)

    stage.station.log.listen(note)
    return found


@pytest.mark.parametrize(
    ("text", "path", "rule"),
    [
        (
            result(BOOTED | {"currentTime": "2026-11-29T17:00:00.123456"}),
            "$.currentTime",
            "time-without-zone",
        ),
        (result(BOOTED | {"currentTime": "now"}), "$.currentTime", "unreadable-time"),
        (result(BOOTED | {"interval": "10"}), "$.interval", "string-for-number"),
        (result(BOOTED | {"interval": 10.5}), "$.interval", "wrong-type"),
        (result(BOOTED | {"status": "accepted"}), "$.status", "unknown-value"),
        (result({"status": "Accepted", "currentTime": NOW}), "$.interval", "missing-field"),
        (result(BOOTED | {"extra": 1}), "$.extra", "unknown-property"),
        (result(None), "$.status", "missing-field"),
        (result([BOOTED]), "$", "wrong-type"),
        (lambda message_id: f'[3,"{message_id}"]'.encode(), "$.status", "missing-field"),
        (lambda _: b"Accepted", "", ""),
        (lambda _: json.dumps([3, "another", BOOTED]).encode(), "", ""),
        (lambda _: None, "", ""),
    ],
)
async def test_a_boot_that_no_answer_can_be_used_of(
    text: Callable[[str], bytes | None], path: str, rule: str
) -> None:
    """Said once for each answer, with its place; and that the station boots again."""
    async with simulated("ac-16", saying("BootNotification", text)) as stage:
        mistakes = heard(stage)
        await stage.advance(stage.station.template.start_s + 31)
        assert not stage.station.snapshot().is_accepted
        first = mistakes[0]
        assert (first.path, first.rule) == (path, rule), first
        assert first.frame in (1, 2)
        assert any("not registered" in line and "boots again in 30 s" in line for line in stage.message_store)


async def test_a_mistake_in_words() -> None:
    """Which message, which frame, which field, which rule."""
    async with simulated("ac-16", saying("BootNotification", result(BOOTED | {"status": "Okay"}))) as stage:
        await stage.advance(3)
        (line,) = [line for line in stage.message_store if line.startswith("The central system's")]
        assert line.startswith("The central system's answer to BootNotification, frame 2: $.status: ")
        assert line.endswith("(rule: unknown-value)")


async def test_a_token_that_no_answer_can_be_used_of() -> None:
    """The driver hears that the station decided, and why; not that the central system refused."""
    broken = result({"idTagInfo": {"status": "Okay"}})
    async with simulated("ac-16", saying("Authorize", broken)) as stage:
        await stage.boot()
        stage.station.plug()
        found = await stage.meanwhile(stage.station.present("TAG1"))
        assert found.outcome is TokenOutcome.REFUSED
        assert found.reason.startswith("the station decided by itself, because Authorize was answered with")
        assert "$.idTagInfo.status" in found.reason


async def test_a_request_with_a_fault() -> None:
    """It is refused on the wire as ever, and named."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        mistakes = heard(stage)
        stage.link.session.open_call = OpenCall("x", "Reset", 0.0)
        stage.link.connection.send(b'[2,"x","Reset",{"type":"Gentle"}]')
        await stage.rest()
        (found,) = mistakes
        assert (found.what, found.path, found.rule) == ("request Reset", "$.type", "unknown-value")


async def test_an_answer_twice() -> None:
    """Nobody asked for the second."""

    def twice(link: AnsweringLink, request: Request) -> Any:
        if request.action == "Heartbeat":
            link.connection.send(json.dumps([3, request.message_id, {"currentTime": NOW}]).encode())
        return agree(link, request)

    async with simulated("ac-16", twice) as stage:
        await stage.boot()
        mistakes = heard(stage)
        await stage.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
        (found,) = mistakes
        assert (found.what, found.detail) == ("answer", "an answer to nothing that is open")


@pytest.mark.parametrize(
    ("text", "answers"), [('[2,"by-hand","Nonsense",{}]', "by-hand"), ("rubbish", UNREADABLE_ID)]
)
async def test_an_answer_to_what_was_sent_by_hand(
    text: str, answers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No part of the station waits for it, and it is right all the same; a second one is not."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        mistakes = heard(stage)
        monkeypatch.setattr(AnsweringLink, "text_received", lambda _link, _text: None)
        stage.station.send_raw(text.encode())
        for count in (0, 1):
            stage.link.connection.send(json.dumps([4, answers, "FormationViolation", "", {}]).encode())
            await stage.rest()
            assert len(mistakes) == count


async def test_nothing_is_said_of_a_central_system_without_fault() -> None:
    """A charge from cable to cable."""
    async with simulated("ac-201") as stage:
        mistakes = heard(stage)
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.advance(60)
        stage.station.unplug()
        await stage.rest()
        assert mistakes == []
