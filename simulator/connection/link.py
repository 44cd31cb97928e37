"""A station's connection: CALLs go out one at a time and are paired with their answers; those that come in
are answered in order.

The pairing itself is `ocppj.session`; here are the queue, the deadline and the futures.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ocppj.aio.connection import Connection
from ocppj.codec import Codec
from ocppj.errors import ErrorKind, MisuseError, QueueFullError, ViolationError, wire_code
from ocppj.frames import UNREADABLE_ID
from ocppj.identity import Toleration
from ocppj.session import Direction, Failure, Refused, Request, Response, Session, Stray
from runtime.clock import Clock, Timer
from simulator.connection.tap import Frame, FrameTap
from simulator.errors import CallFailedError, CallTimeoutError, NotConnectedError
from simulator.model.mistakes import Mistake

QUEUED_CALLS = 500
"""CALLs that may wait for their turn; a station that wants to say more has a fault."""
BY_HAND_KEPT = 100
"""Ids of texts sent by hand, so that whoever answers them is blamed for nothing."""
FINISH_WITHIN_S = 5.0
"""How long a closing connection waits for the answer to the open CALL."""
BROKEN_ANSWER = "an answer that breaks its schema"
"""Stands where the code of a CALLERROR would."""


class Answered(NamedTuple):
    """The payload that answers a request, and what to do once it is sent."""

    payload: Mapping[str, Any]
    then: Callable[[], object] | None = None


class Answerer(Protocol):
    """Who answers what the central system asks."""

    def answer(self, action: str, request: Any) -> Answered | None:
        """None: say nothing at all. Raises ViolationError to refuse."""
        ...


@dataclass(slots=True)
class _Call:
    message_id: str
    action: str
    payload: bytes = field(repr=False)
    done: "asyncio.Future[Response]" = field(repr=False)


class CsmsLink:
    """Implements `ocppj.aio.endpoint.Receiver` for one connection. It owns no task.

    `timeout_s` says how long the central system may take for an answer, at the time of sending. `mistaken`
    hears of everything that it gets wrong.
    """

    def __init__(
        self,
        connection: Connection,
        codec: Codec,
        answerer: Answerer,
        tap: FrameTap,
        *,
        clock: Clock,
        timeout_s: Callable[[], float],
        mistaken: Callable[[Mistake], None] = lambda _mistake: None,
    ) -> None:
        self.connection = connection
        self._closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._session = Session(codec)
        self._answerer = answerer
        self._tap = tap
        self._clock = clock
        self._timeout_s = timeout_s
        self._mistaken = mistaken
        self._open: _Call | None = None
        self._open_frame = 0
        self._timer: Timer | None = None
        self._waiting: deque[_Call] = deque()
        self._by_hand: list[str] = []
        self._goodbye: tuple[int, str] | None = None
        self._goodbye_timer: Timer | None = None

    # What the station says

    def call(self, message_id: str, action: str, payload: Mapping[str, Any]) -> "asyncio.Future[Response]":
        """Queue one CALL; the future becomes the response, or a CallFailedError, CallTimeoutError or
        NotConnectedError. Nobody needs to look at it. Raises MisuseError, QueueFullError among them.
        """
        encoded = self._session.check_call(action, payload)
        done: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_look)
        if self._goodbye is not None or not self.connection.is_open:
            done.set_exception(NotConnectedError(f"{action} was not sent: the connection is closing"))
            return done
        if len(self._waiting) >= QUEUED_CALLS:
            raise QueueFullError(f"{QUEUED_CALLS} messages wait to be sent; {action} is one too many")
        self._waiting.append(_Call(message_id, action, encoded, done))
        self._pump()
        return done

    def send(self, text: bytes) -> None:
        """Send any text, whatever it is. Raises ConnectionNotOpenError."""
        self.connection.send(text)
        self._tap.record(Direction.OUT, text, self._clock.now())

    def send_by_hand(self, text: bytes) -> None:
        """The same; an answer to it is no mistake of the central system. Raises ConnectionNotOpenError."""
        self.send(text)
        self._by_hand.append(Frame(0, Direction.OUT, text, self._clock.now()).message_id or UNREADABLE_ID)
        del self._by_hand[:-BY_HAND_KEPT]

    def _pump(self) -> None:
        if self._open is not None or not self._waiting or not self.connection.is_open:
            return
        call = self._open = self._waiting.popleft()
        timeout_s = self._timeout_s()
        deadline = self._clock.monotonic() + timeout_s
        text = self._session.call_encoded(call.message_id, call.action, call.payload, deadline=deadline)
        self._timer = self._clock.call_later(timeout_s, self._timed_out)
        self.send(text)
        self._open_frame = self._tap.last_seq

    def _timed_out(self) -> None:
        call = self._session.abandon()
        if call is not None:
            self._mistaken(
                Mistake(
                    what=f"answer to {call.action}",
                    detail=f"none came within {self._timeout_s():g} s",
                    frame=self._open_frame,
                    action=call.action,
                    message_id=call.message_id,
                )
            )
            self._end(CallTimeoutError(f"{call.action} was not answered in time"))

    def finish(self, code: int, reason: str) -> None:
        """Close the connection once the open CALL is answered; those that wait are given up.

        Central systems that are about to answer it fail on a connection that closes, and with it they lose
        what the station has said before.
        """
        if self._goodbye is not None:
            return
        self._goodbye = (code, reason)
        self._give_up_waiting(NotConnectedError(f"not sent: {reason}"))
        if self._open is None:
            self.connection.close(code, reason)
        else:
            self._goodbye_timer = self._clock.call_later(FINISH_WITHIN_S, self._close)

    def _close(self) -> None:
        if self._goodbye is not None:
            self.connection.close(*self._goodbye)

    def _give_up_waiting(self, error: NotConnectedError) -> None:
        waiting, self._waiting = self._waiting, deque()
        for call in waiting:
            _settle(call.done, error)

    def _end(self, outcome: Response | Exception) -> None:
        """The open call has its answer; the next one may go."""
        call, self._open = self._open, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if call is not None:
            _settle(call.done, outcome)
        self._close()
        self._pump()

    # What it hears

    def text_received(self, text: bytes) -> None:
        """One message. What the central system sends is read strictly: its faults are to be seen."""
        self._tap.record(Direction.IN, text, self._clock.now())
        match self._session.receive(text, lenient=False):
            case Request() as request:
                self._request_received(request)
            case Refused() as refused:
                self._refused(refused)
            case Response() as response:
                self._end(response)
            case Failure() as failure:
                self._failed(failure)
            case Stray() as stray:
                self._stray(stray)

    def _refused(self, refused: Refused) -> None:
        what = "message" if refused.action is None else f"request {refused.action}"
        self._mistaken(
            Mistake(
                what=what,
                detail=refused.detail,
                frame=self._tap.last_seq,
                action=refused.action,
                path=refused.path,
                rule=refused.rule,
            )
        )
        if refused.reply is not None:
            self.send(refused.reply)

    def _failed(self, failure: Failure) -> None:
        if failure.is_broken:
            self._mistaken(
                Mistake(
                    what=f"answer to {failure.action}",
                    detail=failure.description,
                    frame=self._tap.last_seq,
                    action=failure.action,
                    message_id=failure.message_id,
                    path=failure.path,
                    rule=failure.rule,
                )
            )
        code = BROKEN_ANSWER if failure.is_broken else failure.code
        self._end(CallFailedError(failure.action, code, failure.description))

    def _stray(self, stray: Stray) -> None:
        """Too late, twice, under another id, or never asked for."""
        if stray.message_id in self._by_hand:
            self._by_hand.remove(stray.message_id)
            return
        detail = stray.detail
        if self._open is not None and self._open.message_id != stray.message_id:
            detail = f"{detail}; {self._open.action} waits under the id {self._open.message_id}"
        self._mistaken(
            Mistake(what="answer", detail=detail, frame=self._tap.last_seq, message_id=stray.message_id)
        )

    def _request_received(self, request: Request) -> None:
        try:
            answered = self._answerer.answer(request.action, request.message)
            if answered is None:
                return
            text = self._session.answer(request.message_id, request.action, answered.payload)
        except ViolationError as error:
            self.send(self._session.refuse(request.message_id, error))
            return
        except MisuseError as error:
            code = wire_code(self._session.version, ErrorKind.INTERNAL)
            self.send(self._session.refuse(request.message_id, code, str(error)))
            return
        self.send(text)
        if answered.then is not None:
            answered.then()

    # Its life

    def connection_closed(self, code: int, reason: str) -> None:
        """Nothing more comes or goes."""
        if self._goodbye_timer is not None:
            self._goodbye_timer.cancel()
        lost = NotConnectedError(f"the connection ended before the answer: {reason}")
        self._session.abandon()
        self._give_up_waiting(lost)
        self._end(lost)
        if not self._closed.done():
            self._closed.set_result((code, reason))

    async def wait_closed(self) -> tuple[int, str]:
        """The close code and its reason, once nothing more can come; whoever waits may be cancelled."""
        return await asyncio.shield(self._closed)

    def write_paused(self) -> None:
        """One CALL at a time is open: nothing piles up."""

    def write_resumed(self) -> None:
        """Nothing was held back."""

    def noticed(self, toleration: Toleration) -> None:
        """A fault of the server's transport."""
        detail = toleration.value.replace("_", " ")
        self._mistaken(Mistake(what="connection", detail=detail, frame=self._tap.last_seq))


def _settle(done: "asyncio.Future[Response]", outcome: Response | Exception) -> None:
    if done.done():
        return
    if isinstance(outcome, Exception):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)


def _look(done: "asyncio.Future[Response]") -> None:
    """Nobody is obliged to look at an answer; a refusal is in the frames."""
    if not done.cancelled():
        done.exception()
