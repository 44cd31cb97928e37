"""A station's connection: CALLs go out one at a time and are paired with their answers; those that come in
are answered in order.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ocppj.aio.connection import Connection
from ocppj.codec import Codec
from ocppj.errors import FrameError, QueueFullError, ViolationError, wire_code
from ocppj.identity import Toleration
from runtime.clock import Clock, Timer
from simulator.errors import CallFailedError, CallTimeoutError, NotConnectedError
from simulator.frames import (
    Call,
    CallError,
    CallResult,
    Direction,
    FrameTap,
    read_frame,
    write_call,
    write_error,
    write_result,
)

QUEUED_CALLS = 500
"""CALLs that may wait for their turn; a station that wants to say more has a fault."""


class Answerer(Protocol):
    """Who answers what the central system asks."""

    def answer(self, action: str, request: Any) -> tuple[bytes, Callable[[], object] | None]:
        """The encoded response, and what to do once it is sent. Raises ViolationError to refuse."""
        ...


@dataclass(slots=True)
class _Open:
    message_id: str
    action: str
    payload: bytes
    done: asyncio.Future[Any] = field(repr=False)
    timer: Timer | None = None


class StationLink:
    """Implements `ocppj.aio.endpoint.Receiver` for one connection. It owns no task.

    `timeout_s` says how long the central system may take for an answer, at the time of sending.
    """

    def __init__(
        self,
        connection: Connection,
        codec: Codec,
        answerer: Answerer,
        tap: FrameTap,
        clock: Clock,
        timeout_s: Callable[[], float],
    ) -> None:
        self.connection = connection
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._codec = codec
        self._answerer = answerer
        self._tap = tap
        self._clock = clock
        self._timeout_s = timeout_s
        self._open: _Open | None = None
        self._waiting: deque[_Open] = deque()

    # What the station says

    def call(self, message_id: str, action: str, payload: bytes) -> asyncio.Future[Any]:
        """Queue one CALL; the future becomes the response, or a CallFailedError, CallTimeoutError or
        NotConnectedError. Nobody needs to look at it. Raises QueueFullError.
        """
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_look)
        call = _Open(message_id, action, payload, done)
        if not self.connection.is_open:
            done.set_exception(NotConnectedError(f"{action} was not sent: the connection is closing"))
            return done
        if len(self._waiting) >= QUEUED_CALLS:
            raise QueueFullError(f"{QUEUED_CALLS} messages wait to be sent; {action} is one too many")
        self._waiting.append(call)
        self._pump()
        return done

    def send(self, text: bytes) -> None:
        """Send any text, whatever it is. Raises ConnectionNotOpenError."""
        self._tap.record(Direction.SENT, text, self._clock.now())
        self.connection.send(text)

    def _pump(self) -> None:
        if self._open is not None or not self._waiting:
            return
        call = self._open = self._waiting.popleft()
        call.timer = self._clock.call_later(self._timeout_s(), lambda: self._timed_out(call))
        self.send(write_call(call.message_id, call.action, call.payload))

    def _timed_out(self, call: _Open) -> None:
        if self._open is call:
            self._end(CallTimeoutError(f"{call.action} was not answered in time"))

    def _end(self, result: Any) -> None:
        """The open call has its answer; the next one may go."""
        call, self._open = self._open, None
        if call is None:
            return
        if call.timer is not None:
            call.timer.cancel()
        _settle(call.done, result)
        if self.connection.is_open:
            self._pump()

    # What it hears

    def text_received(self, text: bytes) -> None:
        """One message."""
        self._tap.record(Direction.RECEIVED, text, self._clock.now())
        try:
            frame = read_frame(text)
        except FrameError as error:
            if error.message_id is not None:
                self._refuse(error.message_id, error)
            return
        match frame:
            case Call():
                self._asked(frame)
            case CallResult():
                self._answered(frame)
            case CallError():
                self._refused(frame)

    def _asked(self, frame: Call) -> None:
        try:
            request = self._codec.decode_request(frame.action, frame.payload, lenient=False).message
            payload, then = self._answerer.answer(frame.action, request)
        except ViolationError as error:
            self._refuse(frame.message_id, error)
            return
        self.send(write_result(frame.message_id, payload))
        if then is not None:
            then()

    def _refuse(self, message_id: str, error: ViolationError) -> None:
        self.send(write_error(message_id, wire_code(self._codec.version, error.kind), error.detail))

    def _answered(self, frame: CallResult) -> None:
        call = self._open
        if call is None or call.message_id != frame.message_id:
            return  # too late, or never asked
        try:
            self._end(self._codec.decode_response(call.action, frame.payload).message)
        except ViolationError as error:
            self._end(CallFailedError(call.action, "an answer that breaks its schema", error.detail))

    def _refused(self, frame: CallError) -> None:
        call = self._open
        if call is not None and call.message_id == frame.message_id:
            self._end(CallFailedError(call.action, frame.code, frame.description))

    # Its life

    def connection_closed(self, code: int, reason: str) -> None:
        """Nothing more comes or goes."""
        waiting, self._waiting = self._waiting, deque()
        lost = NotConnectedError(f"the connection ended before the answer: {reason}")
        self._end(lost)
        for call in waiting:
            _settle(call.done, lost)
        if not self.closed.done():
            self.closed.set_result((code, reason))

    def write_paused(self) -> None:
        """One CALL at a time is open: nothing piles up."""

    def write_resumed(self) -> None:
        """Nothing was held back."""

    def noticed(self, toleration: Toleration) -> None:
        """A server's own fault; it is in the frames."""


def _settle(done: asyncio.Future[Any], result: Any) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)


def _look(done: asyncio.Future[Any]) -> None:
    """Nobody is obliged to look at an answer; a refusal is in the frames."""
    if not done.cancelled():
        done.exception()
