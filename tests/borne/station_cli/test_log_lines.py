"""What a station's log looks like, for people and for programs."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from borne.station_cli.log_lines import OPEN_CALLS, ActionNames, JsonLines, PeopleLines
from ocppj.session import Direction
from simulator.connection.tap import Frame
from simulator.model.mistakes import Mistake
from simulator.model.station_log import LogEntry, Topic
from tests.support.simulated import simulated

AT = datetime(2026, 1, 5, 12, 0, 0, 5000, tzinfo=UTC)
SECRET = "6f6c642070617373"


def frame(text: str, direction: Direction = Direction.OUT) -> Frame:
    """One message."""
    return Frame(1, direction, text.encode(), AT)


def people(**options: bool) -> tuple[PeopleLines, io.StringIO]:
    """The log, and where it is written."""
    written = io.StringIO()
    return PeopleLines(Console(file=written, width=80, highlight=False), **options), written


def programs() -> tuple[JsonLines, io.StringIO]:
    """The log, and where it is written."""
    written = io.StringIO()
    return JsonLines(Console(file=written, width=80)), written


def objects(written: io.StringIO) -> list[dict[str, Any]]:
    """One for each line."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_answer_is_named_by_its_call() -> None:
    """Both ways; what answers nothing is a question mark."""
    names = ActionNames()
    assert names.of(frame('[2,"a","Heartbeat",{}]')) == "Heartbeat"
    assert names.of(frame('[2,"a","Reset",{}]', Direction.IN)) == "Reset"
    assert names.of(frame('[3,"a",{}]', Direction.IN)) == "Heartbeat"
    assert names.of(frame('[4,"a","x","",{}]', Direction.OUT)) == "Reset"
    assert names.of(frame('[3,"a",{}]', Direction.IN)) == "?"
    assert names.of(frame("rubbish")) == "(no OCPP message)"


def test_calls_that_are_never_answered_are_forgotten() -> None:
    """The log of a long run does not grow in memory."""
    names = ActionNames()
    for number in range(OPEN_CALLS + 1):
        names.of(frame(f'[2,"{number}","Heartbeat",{{}}]'))
    assert names.of(frame('[3,"0",{}]', Direction.IN)) == "?"
    assert names.of(frame('[3,"1",{}]', Direction.IN)) == "Heartbeat"


def test_frames_for_people() -> None:
    """An arrow for the direction, then the action and the payload, on one line however long."""
    lines, written = people()
    lines.frame(frame('[2,"a","DataTransfer",{"data":"%s"}]' % ("x" * 200)))
    lines.frame(frame('[3,"a",{"status":"Accepted"}]', Direction.IN))
    lines.frame(frame('[4,"a","InternalError","broken [bold]",{}]', Direction.IN))
    lines.frame(frame("rubbish [bold]"))
    shown = written.getvalue().splitlines()
    assert len(shown) == 4
    assert '→ DataTransfer {"data":"xxx' in shown[0]
    assert '← DataTransfer answered {"status":"Accepted"}' in shown[1]
    assert "← ? refused InternalError broken [bold]" in shown[2]
    assert "→ (no OCPP message) rubbish [bold]" in shown[3]


def test_without_frames_events_are_left() -> None:
    """--no-frames."""
    lines, written = people(shows_frames=False)
    lines.frame(frame('[2,"a","Heartbeat",{}]'))
    lines.entry(LogEntry(AT, Topic.LINK, "connected [bold]"))
    lines.print_text("a word")
    assert "● connected [bold]" in written.getvalue()
    assert "Heartbeat" not in written.getvalue()


KEY = {"key": "AuthorizationKey", "value": SECRET}
PLACE = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
VARIABLE = {"setVariableData": [PLACE | {"attributeValue": SECRET}]}


@pytest.mark.parametrize(
    "content", [[2, "a", "ChangeConfiguration", KEY], [2, "a", "SetVariables", VARIABLE]]
)
def test_secrets_are_masked(content: list[Any]) -> None:
    """As in the server's wire log."""
    for lines, written in (people(), programs()):
        lines.frame(frame(json.dumps(content), Direction.IN))
        assert SECRET not in written.getvalue()
        assert "***" in written.getvalue()


def test_everything_for_programs() -> None:
    """One JSON object a line, with its type."""
    lines, written = programs()
    lines.frame(frame('[2,"a","Heartbeat",{}]'))
    lines.frame(frame("rubbish", Direction.IN))
    lines.entry(LogEntry(AT, Topic.BOOT, "Accepted", is_trouble=False))
    lines.print_text("a word", is_trouble=True)
    sent, heard, event, note = objects(written)
    assert (sent["type"], sent["direction"], sent["frame"][2]) == ("frame", "out", "Heartbeat")
    assert (heard["direction"], heard["text"]) == ("in", "rubbish")
    assert (event["type"], event["topic"], event["text"]) == ("event", "boot", "Accepted")
    assert note == {"type": "note", "text": "a word", "is_trouble": True}


def test_mistakes_for_programs() -> None:
    """What is wrong can be found without reading sentences."""
    lines, written = programs()
    mistake = Mistake(
        what="answer to BootNotification",
        detail="$.status: Okay is not one of the schema's 3 values",
        frame=2,
        action="BootNotification",
        message_id="a",
        path="$.status",
        rule="unknown-value",
    )
    lines.entry(LogEntry(AT, Topic.MISTAKE, mistake.text, is_trouble=True, mistake=mistake))
    (event,) = objects(written)
    assert (event["topic"], event["is_trouble"]) == ("mistake", True)
    assert (event["mistake"]["frame"], event["mistake"]["path"]) == (2, "$.status")
    assert event["mistake"]["rule"] == "unknown-value"


async def test_result_tells_the_whole_station() -> None:
    """For people in lines, for programs as the snapshot."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        stage.station.plug(2)
        for_people, shown = people()
        for_people.result(stage.station.snapshot())
        assert "02B016000001 (OCPP 2.0.1): connected, Accepted" in shown.getvalue()
        assert "EVSE 2 connector 1: Preparing, cable in, 0.0 kW" in shown.getvalue()
        for_programs, written = programs()
        for_programs.result(stage.station.snapshot())
        (result,) = objects(written)
        assert result["station"]["connectors"][1]["state"] == "Preparing"
    shown.truncate(0)
    for_people.result(stage.station.snapshot())
    assert "not connected, not registered, no power" in shown.getvalue()
