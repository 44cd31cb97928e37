"""Transaction messages on their way: kept in order until each is answered, also across lost connections.

OCPP 1.6 §3.7.1 and 2.0.1 part 2 E04, E12, E13: what happened is told in the order in which it happened, the
next message only after the answer to the one before. A message that fails is sent again, unchanged, after an
interval that grows with each attempt; after the last attempt it is dropped, so that it does not block the
others for ever. Being offline is no attempt.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from ocppj.model.transactions import TransactionEventResponse
from ocppj.session import Response
from ocppj.translation import WireCall
from runtime.clock import Clock, Timer
from simulator.errors import CallFailedError, CallTimeoutError
from simulator.model.stored_state import KeptMessage
from simulator.model.variables import VariableStore
from simulator.model.version_rules import VersionRules

Send = Callable[[str, WireCall], "asyncio.Future[Response] | None"]
"""Sends (message id, call); None when nothing can be sent now."""

QUEUE_LIMIT = 10_000
"""Messages kept; beyond it the oldest meter values go first (1.6 §3.7.1 allows only those to be dropped)."""


class TransactionQueue:
    """One station's queue. `answered(message, verdict)` hears of each message that is done."""

    def __init__(self, rules: VersionRules, variables: VariableStore, clock: Clock, send: Send) -> None:
        self.entries: deque[KeptMessage] = deque()
        self.dropped = 0
        """Messages given up after the last attempt."""
        self.answered: Callable[[KeptMessage, TransactionEventResponse | None], None] = (
            lambda _message, _verdict: None
        )
        self.emptied: Callable[[], None] = lambda: None
        self.rules = rules
        self._variables = variables
        self._clock = clock
        self._send = send
        self._open: KeptMessage | None = None
        self._retry: Timer | None = None

    def put(self, message: KeptMessage) -> None:
        """Add a message at the end, and send it if it is its turn."""
        self.entries.append(message)
        if len(self.entries) > QUEUE_LIMIT:
            self._drop_one()
        if self._retry is None:
            self.pump()

    def restore(self, messages: Iterable[KeptMessage]) -> None:
        """Take what was kept before a power cut."""
        self.entries.extend(messages)

    def pump(self) -> None:
        """Send the first message, if none is open. Call it when sending has become possible."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._open is not None or not self.entries:
            return
        message = self.entries[0]
        call = self.rules.translation.completed(WireCall(message.action, message.payload), message.csms_id)
        future = self._send(message.message_id, call)
        if future is not None:
            self._open = message
            future.add_done_callback(lambda done: self._ended(message, done))

    def _ended(self, message: KeptMessage, done: "asyncio.Future[Response]") -> None:
        self._open = None
        error = done.exception() if not done.cancelled() else None
        if done.cancelled() or not self.entries or self.entries[0] is not message:
            return
        if error is None:
            reply = self.rules.reply(message.action, done.result().message)
            self._finish(message, reply if isinstance(reply, TransactionEventResponse) else None)
        elif isinstance(error, CallFailedError | CallTimeoutError):
            self._failed(message)
        # else the connection was lost: it goes out again, unchanged, on the next one

    def _finish(self, message: KeptMessage, verdict: TransactionEventResponse | None) -> None:
        self.entries.popleft()
        if message.is_start and verdict is not None and verdict.transaction_id:
            for other in self.entries:
                if other.transaction_id == message.transaction_id:
                    other.csms_id = verdict.transaction_id
        self.answered(message, verdict)
        if self.entries:
            self.pump()
        else:
            self.emptied()

    def _failed(self, message: KeptMessage) -> None:
        message.attempts += 1
        most = self._variables.number("OCPPCommCtrlr", "MessageAttempts", 3, "TransactionEvent")
        if message.attempts >= most:
            self.dropped += 1
            self._finish(message, None)
            return
        interval_s = self._variables.number("OCPPCommCtrlr", "MessageAttemptInterval", 10, "TransactionEvent")
        # 1.6 §3.7.1, 2.0.1 E13.FR.02: the interval times the attempts made.
        self._retry = self._clock.call_later(interval_s * message.attempts, self.pump)

    def _drop_one(self) -> None:
        droppable = (m for m in self.entries if not (m.is_start or m.is_end) and m is not self._open)
        victim = next(droppable, None)
        if victim is not None:
            self.entries.remove(victim)
            self.dropped += 1
