"""What a station may send now, in the version's words, on whatever connection there is."""

import asyncio
from collections.abc import Callable

from ocppj.errors import QueueFullError
from ocppj.model.boot import BootNotification
from ocppj.model.messages import Reply, StationMessage
from ocppj.session import Response
from ocppj.translation import WireCall
from ocppj.vocabulary import RegistrationStatus
from runtime.chance import Chance
from simulator.connection.link import CsmsLink
from simulator.model.version_rules import VersionRules


class StationSender:
    """Implements `registration.MessageSender`. `link` and `status` are read at each message."""

    def __init__(self, rules: VersionRules, chance: Chance) -> None:
        self.link: Callable[[], CsmsLink | None] = lambda: None
        self.status: Callable[[], RegistrationStatus | None] = lambda: None
        self._rules = rules
        self._chance = chance

    @property
    def is_free(self) -> bool:
        """Whether the station may send what it likes: connected and accepted."""
        return self.link() is not None and self.status() is RegistrationStatus.ACCEPTED

    def send(self, message: StationMessage, *, is_requested: bool = False) -> "asyncio.Future[Reply] | None":
        """Send a message; the future becomes its `Reply`. None when it must not or cannot be sent now."""
        link = self.link()
        if link is None or not (self._may_send(message, is_requested=is_requested)):
            return None
        call = self._rules.request(message)
        if call is None:
            return None
        try:
            answered = link.call(self._chance.message_id(), call.action, call.payload)
        except QueueFullError:
            return None
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        answered.add_done_callback(lambda done: self._replied(call.action, done, reply))
        return reply

    def send_call(self, message_id: str, call: WireCall) -> "asyncio.Future[Response] | None":
        """Send a transaction message of the outbox; the future becomes the `Response`."""
        link = self.link()
        if link is None or not self.is_free:
            return None
        try:
            return link.call(message_id, call.action, call.payload)
        except QueueFullError:
            return None

    def _may_send(self, message: StationMessage, *, is_requested: bool) -> bool:
        """2.0.1 B02.FR.02: while Pending only what was asked for; B03.FR.02: while Rejected nothing."""
        if isinstance(message, BootNotification):
            return True
        status = self.status()
        return status is RegistrationStatus.ACCEPTED or (
            is_requested and status is RegistrationStatus.PENDING
        )

    def _replied(self, action: str, done: "asyncio.Future[Response]", reply: "asyncio.Future[Reply]") -> None:
        if reply.done():
            return
        error = done.exception() if not done.cancelled() else None
        if done.cancelled():
            reply.cancel()
        elif error is not None:
            reply.set_exception(error)
            reply.exception()  # nobody is obliged to look
        else:
            reply.set_result(self._rules.reply(action, done.result().message))
