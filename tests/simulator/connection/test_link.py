"""A station's connection: CALLs in turn, answers paired, rubbish survived. On a real connection in memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ocppj.aio.client import connect
from ocppj.aio.connection import Connection
from ocppj.aio.errors import ConnectionNotOpenError
from ocppj.aio.pipe import connect_pipe
from ocppj.codec import codec_for
from ocppj.errors import ErrorKind, MisuseError, QueueFullError, ViolationError
from ocppj.identity import Toleration
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from runtime.clock import ManualClock, settle
from simulator.connection.link import BROKEN_ANSWER, FINISH_WITHIN_S, QUEUED_CALLS, Answered, CsmsLink
from simulator.connection.tap import FrameTap
from simulator.errors import CallFailedError, CallTimeoutError, NotConnectedError
from tests.support.websocket import Door, Remembering, own_watch, serving

HEARTBEAT = {"currentTime": "2026-01-05T12:00:00.000Z"}


class Answering:
    """Answers what the test says."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.then: list[str] = []
        self.payload: Any = {"status": "Accepted"}
        self.refusal: ViolationError | None = None

    def answer(self, action: str, request: object) -> Answered | None:
        self.asked.append(action)
        if self.refusal is not None:
            raise self.refusal
        return None if self.payload is None else Answered(self.payload, lambda: self.then.append(action))


class Ends:
    """Both ends of one connection."""

    def __init__(self, link: CsmsLink, far: Remembering, answerer: Answering, tap: FrameTap) -> None:
        self.link, self.far, self.answerer, self.tap = link, far, answerer, tap

    @property
    def said(self) -> list[Any]:
        """What the station has sent."""
        return [json.loads(text) for text in self.far.texts]

    async def say(self, text: str) -> None:
        """Something from the central system."""
        self.far.connection.send(text)
        await settle()


@asynccontextmanager
async def joined(clock: ManualClock, version: OcppVersion = OcppVersion.V16) -> AsyncIterator[Ends]:
    """A link on an open connection; an answer may take 30 s."""
    answerer, tap, links = Answering(), FrameTap(100), list[CsmsLink]()

    def receive(connection: Connection) -> CsmsLink:
        link = CsmsLink(connection, codec_for(version), answerer, tap, clock=clock, timeout_s=lambda: 30.0)
        links.append(link)
        return link

    async with serving(Door(Remembering)) as site:

        async def dial(factory: Any, host: str, port: int) -> None:
            connect_pipe(factory(), site.server.protocol())

        connection = await connect(
            "ws://csms/ocpp/BOX",
            receiver=receive,
            subprotocols=[version.subprotocol],
            dial=dial,
            watch=own_watch(),
        )
        (far,) = await site.door.until_links(1)
        yield Ends(links[0], far, answerer, tap)
        connection.abort()
        await settle()


async def test_one_call_is_open_the_others_wait(clock: ManualClock) -> None:
    """OCPP-J 1.6 §4.1.1."""
    async with joined(clock) as ends:
        first = ends.link.call("a", "Heartbeat", {})
        second = ends.link.call("b", "Heartbeat", {})
        await settle()
        assert ends.said == [[2, "a", "Heartbeat", {}]]
        await ends.say(json.dumps([3, "a", HEARTBEAT]))
        assert (await first).message.current_time == HEARTBEAT["currentTime"]
        assert [frame[1] for frame in ends.said] == ["a", "b"]
        await ends.say('[4,"b","InternalError","no",{}]')
        with pytest.raises(CallFailedError, match="Heartbeat was answered with InternalError: no"):
            await second


async def test_no_answer_in_time_and_one_too_late(clock: ManualClock) -> None:
    """The next CALL goes out; what comes for the old one is nobody's."""
    async with joined(clock) as ends:
        first = ends.link.call("a", "Heartbeat", {})
        second = ends.link.call("b", "Heartbeat", {})
        await clock.advance(29.9)
        assert not first.done()
        await clock.advance(0.1)
        with pytest.raises(CallTimeoutError, match="Heartbeat"):
            await first
        await ends.say(json.dumps([3, "a", HEARTBEAT]))
        assert not second.done()
        await ends.say(json.dumps([3, "b", HEARTBEAT]))
        assert second.done()
        assert clock.waiting == 0


async def test_answer_that_breaks_its_schema_is_a_failure(clock: ManualClock) -> None:
    """What a central system gets wrong is to be seen."""
    async with joined(clock) as ends:
        call = ends.link.call("a", "Heartbeat", {})
        await settle()
        await ends.say('[3,"a",{"currentTime":5}]')
        with pytest.raises(CallFailedError, match=BROKEN_ANSWER) as caught:
            await call
        assert "currentTime" in caught.value.description


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[2,"x","Nonsense",{}]', "NotImplemented"),
        ('[2,"x","Reset",{}]', "ProtocolError"),
        ('[2,"x","Reset",{"type":"Soft","more":1}]', "FormationViolation"),
        ('[2,"x","Reset",{"type":5}]', "TypeConstraintViolation"),
        ('[2,"x","Reset",{"type":"Gentle"}]', "PropertyConstraintViolation"),
        ('[2,"x",{}]', "FormationViolation"),
    ],
)
async def test_request_with_a_fault_is_refused_by_its_code(clock: ManualClock, text: str, code: str) -> None:
    """Strictly; nothing of it reaches the station."""
    async with joined(clock) as ends:
        await ends.say(text)
        assert [frame[:3] for frame in ends.said] == [[4, "x", code]]
        assert ends.answerer.asked == []


@pytest.mark.parametrize(
    "text", ["hello", "[]", "{}", "[3]", '[9,"x"]', '[3,"nobody",{}]', '[4,"nobody","a"]']
)
async def test_rubbish_changes_nothing(clock: ManualClock, text: str) -> None:
    """And the next request is answered."""
    async with joined(clock) as ends:
        await ends.say(text)
        await ends.say('[2,"x","ClearCache",{}]')
        assert ends.said[-1] == [3, "x", {"status": "Accepted"}]


async def test_what_follows_comes_after_the_answer(clock: ManualClock) -> None:
    """A reset that came before it would be a lost connection to the central system."""
    async with joined(clock) as ends:
        await ends.say('[2,"x","ClearCache",{}]')
        assert ends.answerer.then == ["ClearCache"]
        assert ends.said == [[3, "x", {"status": "Accepted"}]]


async def test_refused_silent_and_wrong_answers(clock: ManualClock) -> None:
    """A violation has its code, None is silence, and our own slip is an InternalError, not a hang."""
    async with joined(clock) as ends:
        ends.answerer.refusal = ViolationError(ErrorKind.NOT_SUPPORTED, "not here")
        await ends.say('[2,"a","ClearCache",{}]')
        ends.answerer.refusal = None
        ends.answerer.payload = None
        await ends.say('[2,"b","ClearCache",{}]')
        ends.answerer.payload = {"status": "Perhaps"}
        await ends.say('[2,"c","ClearCache",{}]')
        assert [frame[:3] for frame in ends.said] == [[4, "a", "NotSupported"], [4, "c", "InternalError"]]


async def test_lost_connection_fails_every_call(clock: ManualClock) -> None:
    """The open one, those that wait, and those that come too late."""
    async with joined(clock) as ends:
        calls = [ends.link.call(name, "Heartbeat", {}) for name in "abc"]
        ends.far.connection.abort()
        await settle()
        calls.append(ends.link.call("d", "Heartbeat", {}))
        for call in calls:
            with pytest.raises(NotConnectedError):
                await call
        assert (await ends.link.wait_closed())[0] == 1006
        assert clock.waiting == 0
        with pytest.raises(ConnectionNotOpenError):
            ends.link.send(b"[]")
        assert ends.tap.since(0)[-1].message_id == "a"


async def test_whoever_waits_for_the_end_may_give_up(clock: ManualClock) -> None:
    """The end itself stays what it is for the others."""
    async with joined(clock) as ends:
        waiting = asyncio.ensure_future(ends.link.wait_closed())
        await settle()
        waiting.cancel()
        await settle()
        ends.far.connection.close(1001, "maintenance")
        await settle()
        assert await ends.link.wait_closed() == (1001, "maintenance")


async def test_queue_has_an_end(clock: ManualClock) -> None:
    """A station that wants to say so much has a fault."""
    async with joined(clock) as ends:
        for number in range(QUEUED_CALLS + 1):  # one of them is open
            ends.link.call(str(number), "Heartbeat", {})
        with pytest.raises(QueueFullError):
            ends.link.call("one more", "Heartbeat", {})


async def test_request_that_the_version_does_not_have_is_not_sent(clock: ManualClock) -> None:
    """Strict about what goes out."""
    async with joined(clock) as ends:
        with pytest.raises(MisuseError):
            ends.link.call("a", "TransactionEvent", {})
        with pytest.raises(MisuseError):
            ends.link.call("a", "Authorize", {"idTag": "x" * 21})
        await settle()
        assert ends.said == []


async def test_every_frame_is_on_the_tap(clock: ManualClock) -> None:
    """Both ways, in order."""
    async with joined(clock, OcppVersion.V201) as ends:
        ends.link.call("a", "Heartbeat", {})
        await settle()
        await ends.say(json.dumps([3, "a", HEARTBEAT]))
        await ends.say("hello")
        ends.link.send(b"raw")
        assert [(frame.direction, frame.message_id) for frame in ends.tap.since(0)] == [
            (Direction.OUT, "a"),
            (Direction.IN, "a"),
            (Direction.IN, None),
            (Direction.OUT, "-1"),
            (Direction.OUT, None),
        ]


async def test_back_pressure_and_tolerations_change_nothing(clock: ManualClock) -> None:
    """One CALL at a time: nothing piles up."""
    async with joined(clock) as ends:
        ends.link.write_paused()
        ends.link.write_resumed()
        ends.link.noticed(Toleration.PINGS_UNANSWERED)
        assert ends.link.connection.is_open


async def test_finishing_waits_for_the_open_answer_and_gives_up_the_rest(clock: ManualClock) -> None:
    """A peer that answers into a closing connection may lose what we have said before."""
    async with joined(clock) as ends:
        first = ends.link.call("a", "Heartbeat", {})
        second = ends.link.call("b", "Heartbeat", {})
        ends.link.finish(1000, "enough")
        ends.link.finish(1001, "said twice")
        late = ends.link.call("c", "Heartbeat", {})
        await settle()
        assert ends.far.closed is None
        for call in (second, late):
            with pytest.raises(NotConnectedError):
                await call
        await ends.say(json.dumps([3, "a", HEARTBEAT]))
        assert (await first).action == "Heartbeat"
        assert ends.far.closed == (1000, "enough")
        assert clock.waiting == 0


async def test_finishing_does_not_wait_for_ever(clock: ManualClock) -> None:
    """5 s; without an open CALL it closes at once."""
    async with joined(clock) as ends:
        ends.link.call("a", "Heartbeat", {})
        ends.link.finish(1000, "enough")
        await clock.advance(FINISH_WITHIN_S - 0.1)
        assert ends.far.closed is None
        await clock.advance(0.2)
        assert ends.far.closed is not None
    async with joined(clock) as ends:
        ends.link.finish(1000, "enough")
        await settle()
        assert ends.far.closed is not None
