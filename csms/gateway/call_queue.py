"""CALLs to one station: a bounded queue, one open at a time, each ending exactly once."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from csms.domain.commands import Outcome
from csms.domain.secrets import mask_payload, secrets_in
from csms.gateway.deadlines import Deadline
from csms.gateway.link_context import LinkContext
from ocppj.aio.connection import Connection
from ocppj.errors import MisuseError
from ocppj.json_text import read_json, storable
from ocppj.session import Failure, Response, Session
from ocppj.translation import WireCall
from ocppj.vocabulary import RegistrationStatus
from runtime.secrets import mask_text

SECRETS_KEPT = 16
"""So many of what the station was told in confidence are looked for in what it says, the newest."""
NOT_SENT = "NotSent"
BROKEN_ANSWER = "the answer breaks its schema"


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How one CALL ended. `response` is the decoded struct, `payload` the same as JSON values."""

    outcome: Outcome
    response: Any = None
    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None
    seq: int | None = None
    is_unreadable: bool = False
    """The station answered what breaks its schema: what it did is not known."""


def unready_reason(registration: RegistrationStatus | None, *, before_accepted: bool) -> str | None:
    """Why nothing may be sent to a connected station now; None: it may."""
    match registration:
        case None:
            return "the station is connected, but its boot was not answered yet"
        case RegistrationStatus.REJECTED:
            return "the station's boot was rejected: nothing may be sent to it (OCPP 2.0.1 B03.FR.03)"
        case RegistrationStatus.PENDING if not before_accepted:
            return "the station is pending: it is not accepted yet"
        case _:
            return None


@dataclass(slots=True, eq=False)
class QueuedCall:
    """One CALL from its queueing to its end."""

    message_id: str
    wire: WireCall
    timeout_s: float
    done: asyncio.Future[CallOutcome]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    sent_at: float = 0.0
    deadline: Deadline | None = None

    def finish(self, result: CallOutcome) -> None:
        """End it; the first end counts."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None
        if not self.done.done():
            self.done.set_result(result)


class CallQueue:
    """What waits to be sent to one station, and what is open. A link makes one when it first needs it.

    `send(text, secrets)` records and sends a frame; `leaving(wire)` hears of each CALL just before it goes.
    While it `is_held` nothing goes; `go_on()` says that this may have ended.
    """

    __slots__ = (
        "_connection",
        "_context",
        "_is_held",
        "_leaving",
        "_open",
        "_own",
        "_send",
        "_sent_secrets",
        "_session",
        "_waiting",
        "secrets",
    )

    def __init__(
        self,
        context: LinkContext,
        session: Session,
        connection: Connection,
        send: Callable[[bytes, tuple[str, ...]], None],
        *,
        leaving: Callable[[WireCall], None],
        is_held: Callable[[], bool],
        secrets: tuple[str, ...] = (),
    ) -> None:
        self._context = context
        self._session = session
        self._connection = connection
        self._send = send
        self._leaving = leaving
        self._is_held = is_held
        self._waiting: deque[QueuedCall] = deque()
        self._open: QueuedCall | None = None
        self._own = secrets
        self._sent_secrets: tuple[str, ...] = ()
        self.secrets = secrets
        """What the station was told in confidence, or came with: whatever it says may repeat it."""

    def call(
        self, wire: WireCall, timeout_s: float, secrets: tuple[str, ...] = ()
    ) -> asyncio.Future[CallOutcome]:
        """Queue one CALL. The future always gets a result, and only one.

        `secrets` are values in it that its caller keeps secret, besides what is secret by its name.
        """
        done: asyncio.Future[CallOutcome] = asyncio.get_running_loop().create_future()
        if not self._connection.is_open:
            done.set_result(CallOutcome(Outcome.OFFLINE, error_description="the connection is closing"))
        elif len(self._waiting) >= self._context.limits.queued_commands:
            done.set_result(CallOutcome(Outcome.BUSY, error_description="the station's queue is full"))
        else:
            sent_secrets = (*secrets, *secrets_in(wire.payload))
            call = QueuedCall(self._context.chance.message_id(), wire, timeout_s, done, sent_secrets)
            call.deadline = self._context.deadlines.after(timeout_s, partial(self._waited_too_long, call))
            self._waiting.append(call)
            self.go_on()
        return done

    def answered(self, answer: Response | Failure, seq: int) -> None:
        """The open CALL has its answer, frame number `seq` of the wire log. Secrets in it are hidden."""
        match answer:
            case Response():
                result = CallOutcome(
                    Outcome.RESULT,
                    response=answer.message,
                    payload=mask_payload(storable(read_json(answer.payload, is_lenient=True)), self.secrets),
                    seq=seq,
                )
            case Failure():
                text = mask_text(answer.description, self.secrets)
                result = CallOutcome(
                    Outcome.ERROR,
                    error_code=answer.code,
                    error_description=f"{BROKEN_ANSWER}: {text}" if answer.is_broken else text,
                    seq=seq,
                    is_unreadable=answer.is_broken,
                )
        self._end_open(result)

    def end(self, sent: Outcome, waiting: Outcome, reason: str) -> None:
        """The link is gone: the open call ends as `sent`, the others as `waiting`."""
        self._session.abandon()
        call, self._open = self._open, None
        if call is not None:
            call.finish(CallOutcome(sent, error_description=reason))
        while self._waiting:
            self._waiting.popleft().finish(CallOutcome(waiting, error_description=reason))

    def go_on(self) -> None:
        """Send the next call that nobody has given up, unless one is open or the station is booting.

        No request goes out between a boot and its answer (OCPP 2.0.1 B02, 1.6 §4.2: only then does the
        station know whether it may be asked); stations answer such a one with nonsense or not at all.
        """
        while self._open is None and self._waiting and not self._is_held():
            call = self._waiting.popleft()
            if not call.done.done():
                self._start(call)

    def _start(self, call: QueuedCall) -> None:
        context = self._context
        wire = call.wire
        if call.deadline is not None:
            call.deadline.cancel()
        call.sent_at = context.clock.monotonic()
        try:
            text = self._session.call(
                call.message_id, wire.action, wire.payload, deadline=call.sent_at + call.timeout_s
            )
        except MisuseError as error:  # what we were told to send breaks its schema: the caller's fault
            call.finish(CallOutcome(Outcome.ERROR, error_code=NOT_SENT, error_description=str(error)))
            return
        self._open = call
        if call.secrets:
            sent_secrets = tuple(dict.fromkeys((*call.secrets, *self._sent_secrets)))[:SECRETS_KEPT]
            self._sent_secrets, self.secrets = sent_secrets, (*sent_secrets, *self._own)
        call.deadline = context.deadlines.after(call.timeout_s, partial(self._timed_out, call))
        self._leaving(wire)
        self._send(text, call.secrets)

    def _waited_too_long(self, call: QueuedCall) -> None:
        call.finish(CallOutcome(Outcome.BUSY, error_description="other commands kept the station busy"))

    def _timed_out(self, call: QueuedCall) -> None:
        """No answer in time. One that comes later is recorded and counts for nothing."""
        if self._open is call:
            self._session.abandon()
            self._end_open(
                CallOutcome(Outcome.TIMEOUT, error_description=f"no answer within {call.timeout_s:g} s")
            )

    def _end_open(self, result: CallOutcome) -> None:
        """The open call has ended; the next may go."""
        call, self._open = self._open, None
        if call is not None:
            self._context.metrics.command_latency.observe(self._context.clock.monotonic() - call.sent_at)
            call.finish(result)
            self.go_on()
