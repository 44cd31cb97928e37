"""The tool as one end of the wire: what it answers, what it sends, what it lets the judge see."""

import asyncio
import json
from typing import Any

import pytest

from ocppj.versions import OcppVersion
from runtime.chance import SeededChance
from runtime.virtual_time import VirtualClock, VirtualLoop, run_virtual
from simulator.conform.peer import Altered, PeerParts, ToolPeer
from simulator.conform.replies import ReplyBook
from simulator.scenario.conversation import Conversation
from simulator.scenario.event_log import EventLog
from simulator.scenario.model import KINDS
from simulator.scenario.strict_model import PreparedReply
from simulator.scenario.verdicts import Failed, Inconclusive
from simulator.scenario.words import RunTexts

VERSION = OcppVersion.V201


class WireEnd:
    """A connection that keeps what was sent."""

    is_open = True

    def __init__(self) -> None:
        self.sent: list[list[Any]] = []
        self.closed = False

    def send(self, text: bytes) -> None:
        """Keep it."""
        self.sent.append(json.loads(text))

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Noted."""
        self.closed = True

    def abort(self, reason: str = "") -> None:
        """Noted."""
        self.closed = True


class Deaf:
    """A mutant that hides every CALL."""

    def alter(self, text: bytes) -> Altered:
        """Not seen."""
        return Altered(text, is_seen=False)


def peer(loop: VirtualLoop, mutant: Any = None) -> tuple[ToolPeer, EventLog]:
    """A tool that plays the central system."""
    log = EventLog(Conversation(VERSION))
    usual = {"Heartbeat": {"currentTime": "2026-01-05T12:00:00Z"}}
    parts = PeerParts(
        version=VERSION,
        replies=ReplyBook(usual, {}, lambda: ""),
        clock=VirtualClock(loop),
        chance=SeededChance(1),
        words=RunTexts("en"),
        mutant=mutant,
    )
    return ToolPeer("csms", log, parts), log


def test_calls_are_answered_as_prepared() -> None:
    """As usual, with an error, or not at all."""

    async def main(loop: VirtualLoop) -> None:
        tool, log = peer(loop)
        wire = WireEnd()
        ear = tool.receiver(wire)  # type: ignore[arg-type] # as much of a connection as is used
        ear.text_received(b'[2,"1","Heartbeat",{}]')
        tool.prepare(PreparedReply(action="Heartbeat", error="InternalError", times=1))
        ear.text_received(b'[2,"2","Heartbeat",{}]')
        tool.prepare(PreparedReply(action="Heartbeat", silent=True))
        ear.text_received(b'[2,"3","Heartbeat",{}]')
        ear.text_received(b"no json")
        assert wire.sent[0] == [3, "1", {"currentTime": "2026-01-05T12:00:00Z"}]
        assert wire.sent[1][:3] == [4, "2", "InternalError"]
        assert all(frame[1] != "3" for frame in wire.sent)
        assert [frame.action for frame in log.frames() if frame.kind == "call"] == ["Heartbeat"] * 3
        assert tool.is_open
        ear.write_paused()
        ear.write_resumed()
        ear.connection_closed(1000, "")
        assert not tool.is_open

    run_virtual(main)


def test_a_call_of_the_tool_ends_in_an_outcome() -> None:
    """An answer, a CALLERROR, nothing in time; nobody connected; what no message is."""

    async def main(loop: VirtualLoop) -> None:
        tool, _log = peer(loop)
        with pytest.raises(Failed):
            await tool.request("ClearCache", {}, 5)
        with pytest.raises(Inconclusive):
            tool.send_text(b"x")
        tool.hang_up()
        wire = WireEnd()
        ear = tool.receiver(wire)  # type: ignore[arg-type] # as above

        async def outcome(answer: str | None) -> Any:
            waiting = asyncio.ensure_future(tool.request("ClearCache", {}, 5))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if answer is not None:
                ear.text_received(answer.replace("ID", wire.sent[-1][1]).encode())
            return await waiting

        assert (await outcome('[3,"ID",{"status":"Accepted"}]')).payload == {"status": "Accepted"}
        assert (await outcome('[4,"ID","NotSupported","",{}]')).content["code"] == "NotSupported"
        assert (await outcome(None)).is_open
        with pytest.raises(Inconclusive):
            await tool.request("ClearCache", {"nonsense": 1}, 5)
        tool.hang_up()
        assert wire.closed

    run_virtual(main)


def test_what_a_mutant_hides_is_answered_and_not_seen() -> None:
    """The other side goes on; the judge knows nothing of it."""

    async def main(loop: VirtualLoop) -> None:
        tool, log = peer(loop, Deaf())
        wire = WireEnd()
        ear = tool.receiver(wire)  # type: ignore[arg-type] # as above
        ear.text_received(b'[2,"1","Heartbeat",{}]')
        assert wire.sent[0][0] == 3
        assert [frame for frame in log.frames() if frame.kind == "call"] == []

    run_virtual(main)


def test_reply_is_a_step() -> None:
    """Of the scenario language."""
    assert "reply" in KINDS
