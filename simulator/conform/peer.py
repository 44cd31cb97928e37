"""The tool as one end of the wire: what it sends, how it answers, and what it lets the judge see.

A mutant (`mutants`) stands between the wire and the tool: the other side then lacks what it takes away.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ocppj.aio.connection import Connection
from ocppj.codec import codec_for
from ocppj.errors import ErrorKind, MisuseError, ViolationError, wire_code
from ocppj.identity import Toleration
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from runtime.chance import Chance
from runtime.clock import Clock
from simulator.conform.baseline import CaseBaseline
from simulator.conform.replies import ReplyBook
from simulator.connection.link import Answered, CsmsLink
from simulator.connection.tap import Frame, FrameTap
from simulator.errors import CallFailedError, CallTimeoutError, NotConnectedError
from simulator.scenario.conversation import Sender
from simulator.scenario.event_log import EventLog
from simulator.scenario.pace import Signal
from simulator.scenario.station_drivers.driver import WireAnswer
from simulator.scenario.strict_model import PreparedReply
from simulator.scenario.verdicts import Failed, Inconclusive
from simulator.scenario.words import RunTexts

ANSWER_S = 30.0
PASSWORD_VARIABLE = "BasicAuthPassword"  # noqa: S105 - its name
TAKEN = ("Accepted", "RebootRequired")


@dataclass(frozen=True, slots=True)
class Altered:
    """What a mutant makes of a frame of the other side: another text, and whether the judge sees it."""

    text: bytes
    is_seen: bool = True


class Mutant(Protocol):
    """Takes something away from what the other side does."""

    def alter(self, text: bytes) -> Altered:
        """One frame of the other side."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerParts:
    """What the tool's end is made of."""

    version: OcppVersion
    replies: ReplyBook
    clock: Clock
    chance: Chance
    words: RunTexts
    mutant: Mutant | None = None


class ToolPeer:
    """Implements `simulator.scenario.steps.run_context.ToolEnd`; one connection at a time, the newest."""

    def __init__(self, plays: Sender, event_log: EventLog, parts: PeerParts) -> None:
        self.plays = plays
        self.link: CsmsLink | None = None
        self.connections = 0
        """How many there were."""
        self.changed = Signal()
        self.baseline: CaseBaseline | None = None
        """Notes what the case changes, where the other side outlives it."""
        self._unseen: set[str] = set()
        """Message ids of CALLs that the case does not see."""
        self.password_changed: Callable[[str], None] = lambda _password: None
        self._other: Sender = "station" if plays == "csms" else "csms"
        self._event_log = event_log
        self._parts = parts
        self._codec = codec_for(parts.version)
        self._tap = FrameTap(0)
        self._tap.listen(self._frame_passed)
        self._is_hidden = False
        self._request_now: dict[str, Any] = {}

    def receiver(self, connection: Connection) -> "_Ear":
        """What listens on a new connection."""
        self.link = link = CsmsLink(
            connection,
            self._codec,
            self,
            self._tap,
            clock=self._parts.clock,
            timeout_s=lambda: ANSWER_S,
            mistaken=self._event_log.note_mistake,
        )
        self.connections += 1
        self.changed.notify()
        self._event_log.signal.notify()
        return _Ear(link, self._heed, lambda: self._closed(link))

    @property
    def is_open(self) -> bool:
        """Whether the other side is connected."""
        return self.link is not None

    # ToolEnd

    def prepare(self, reply: PreparedReply) -> None:
        """How it answers from now on."""
        self._parts.replies.prepare(reply)

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:
        """Send a CALL and wait for what answers it; one of `within_s` at most."""
        link = await self.changed.until(lambda: self.link, self._parts.clock, within_s)
        if link is None:
            raise Failed(self._parts.words.text("not_connected", within=self._parts.words.seconds(within_s)))
        if self.baseline is not None:
            await self.baseline.before(action, payload)
        try:
            response = await link.call(self._parts.chance.message_id(), action, payload)
        except MisuseError as error:
            raise Inconclusive(self._parts.words.text("not_possible", problem=error)) from None
        except CallFailedError as error:
            return WireAnswer(error_code=error.code, error_description=error.description)
        except (CallTimeoutError, NotConnectedError):
            return WireAnswer()
        answer = json.loads(response.payload)
        self._note_passwords(payload, answer)
        if self.baseline is not None:
            self.baseline.note(action, payload, answer)
        return WireAnswer(payload=answer)

    async def request_unseen(self, action: str, payload: Mapping[str, Any]) -> Any:
        """A CALL that is none of the case; the payload of its answer, None where there is none."""
        link = self.link
        if link is None:
            return None
        message_id = self._parts.chance.message_id()
        self._unseen.add(message_id)
        try:
            response = await link.call(message_id, action, payload)
        except (MisuseError, CallFailedError, CallTimeoutError, NotConnectedError):
            return None
        answer = json.loads(response.payload)
        self._note_passwords(payload, answer)
        return answer

    def _note_passwords(self, payload: Mapping[str, Any], answer: Any) -> None:
        """A password that the other side has taken is the one that it must give from now on (A01.FR.11)."""
        set_now = payload.get("setVariableData", ())
        results = answer.get("setVariableResult", ()) if isinstance(answer, dict) else ()
        for one, result in zip(set_now, results, strict=False):
            is_taken = result.get("attributeStatus") in TAKEN
            if one.get("variable", {}).get("name") == PASSWORD_VARIABLE and is_taken:
                self.password_changed(str(one["attributeValue"]))

    def send_text(self, text: bytes) -> None:
        """Any text. Raises StepOutcome where nobody is connected."""
        if self.link is None:
            raise Inconclusive(self._parts.words.text("not_possible", problem="there is no connection"))
        self.link.send_by_hand(text)

    def hang_up(self) -> None:
        """End the connection without a goodbye."""
        if self.link is not None:
            self.link.connection.abort("the case ends it")

    # Answerer

    def answer(self, action: str, request: Any) -> Answered | None:  # noqa: ARG002 - as JSON it is nearer to the file
        """As the case has prepared it. Raises ViolationError to refuse."""
        reply = self._parts.replies.reply(action, self._request_now)
        if reply.silent:
            return None
        if reply.error is not None:
            raise ViolationError(_kind(reply.error, self._parts.version), "the case answers so")
        return Answered(reply.payload)

    # What passes

    def _heed(self, text: bytes) -> bytes:
        """A frame of the other side, before the link reads it."""
        altered = self._parts.mutant.alter(text) if self._parts.mutant is not None else Altered(text)
        self._is_hidden = not altered.is_seen
        self._request_now = _request_in(altered.text)
        return altered.text

    def _frame_passed(self, frame: Frame) -> None:
        is_ours = frame.direction is Direction.OUT
        if (not is_ours and self._is_hidden) or frame.message_id in self._unseen:
            return
        sender = self.plays if is_ours else self._other
        self._event_log.add(sender, frame.text.decode("utf-8", "backslashreplace"), frame.at)

    def _closed(self, link: CsmsLink) -> None:
        if self.link is link:
            self.link = None
        self.changed.notify()
        self._event_log.signal.notify()


class _Ear:
    """Implements `ocppj.aio.endpoint.Receiver`: hears before the link does."""

    def __init__(self, link: CsmsLink, heed: Callable[[bytes], bytes], closed: Callable[[], None]) -> None:
        self._link = link
        self._heed = heed
        self._closed = closed

    def text_received(self, text: bytes) -> None:
        """One message."""
        self._link.text_received(self._heed(text))

    def connection_closed(self, code: int, reason: str) -> None:
        """Nothing more comes."""
        self._closed()
        self._link.connection_closed(code, reason)

    def write_paused(self) -> None:
        """The tool sends little."""

    def write_resumed(self) -> None:
        """Nothing was held back."""

    def noticed(self, toleration: Toleration) -> None:
        """A fault of the transport."""
        self._link.noticed(toleration)


def _kind(code: str, version: OcppVersion) -> ErrorKind:
    """The kind of fault that a CALLERROR's code stands for."""
    return next((each for each in ErrorKind if wire_code(version, each) == code), ErrorKind.INTERNAL)


def _request_in(text: bytes) -> dict[str, Any]:
    try:
        frame = json.loads(text)
    except ValueError:
        return {}
    if isinstance(frame, list) and len(frame) == 4 and isinstance(frame[3], dict):
        return frame[3]
    return {}
