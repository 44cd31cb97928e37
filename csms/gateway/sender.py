"""What we send to one station: written by its session, recorded, sent."""

from datetime import datetime

import structlog

from csms.gateway.link_context import LinkContext
from csms.gateway.reception import Reception
from csms.gateway.redaction import mask_frame
from ocppj.aio.connection import Connection
from ocppj.aio.errors import ConnectionNotOpenError
from ocppj.errors import ErrorKind, MisuseError, wire_code
from ocppj.model.boot import Heartbeat
from ocppj.model.messages import Reply, Unanswered
from ocppj.session import Direction, Request, Session
from ocppj.vocabulary import Epoch, StationId

log = structlog.get_logger("csms.link")

HEARTBEAT = Heartbeat.__name__
"""Every version calls it so."""


class LinkSender:
    """The way out of one connection of one station."""

    __slots__ = ("_connection", "_context", "_epoch", "_reception", "_session", "_station_id")

    def __init__(
        self,
        context: LinkContext,
        connection: Connection,
        reception: Reception,
        session: Session,
        *,
        station_id: StationId,
        epoch: Epoch,
    ) -> None:
        self._context = context
        self._connection = connection
        self._reception = reception
        self._session = session
        self._station_id = station_id
        self._epoch = epoch

    def answer(self, message_id: str, action: str, reply: Reply) -> None:
        """A CALLRESULT; nothing to a SEND."""
        if type(reply) is Unanswered:
            return
        try:
            text = self._session.answer(
                message_id, action, self._reception.translation.reply_payload(action, reply)
            )
        except MisuseError as error:  # a port's words that no station may be sent
            self._cannot_write(message_id, error)
            return
        self._send(text, text, is_heartbeat=action == HEARTBEAT)  # our own words: no secret of anybody's

    def refuse_unbuilt(self, request: Request, now: datetime) -> bool:
        """The refusal that the specification gives for what nothing here decides; False: it gives none."""
        refusal = self._reception.refusal(request.action, request.message, now)
        if refusal is None:
            return False
        try:
            self.send(self._session.answer(request.message_id, request.action, refusal))
        except MisuseError as error:
            self._cannot_write(request.message_id, error)
        return True

    def _cannot_write(self, message_id: str, error: MisuseError) -> None:
        log.warning("answer_invalid", station_id=self._station_id, message_id=message_id, error=str(error))
        self.refuse(message_id, ErrorKind.INTERNAL, "the answer could not be written")

    def refuse(self, message_id: str, kind: ErrorKind, description: str) -> None:
        """A CALLERROR with the version's code."""
        code = wire_code(self._reception.version, kind)
        self.send_error(self._session.refuse(message_id, code, description), code)

    def send_error(self, text: bytes | None, code: str) -> None:
        """A CALLERROR that is written already; None where the version has none for this."""
        if text is not None:
            self._context.metrics.answered_errors[self._reception.version.value, code] += 1
            self.send(text)

    def send(self, text: bytes, secrets: tuple[str, ...] = ()) -> None:
        """Send, and record without secrets."""
        self._send(text, mask_frame(text, secrets))

    def _send(self, text: bytes, masked: bytes, *, is_heartbeat: bool = False) -> None:
        """Send and record; an answer to a closed socket is dropped: the station will ask again."""
        try:
            self._connection.send(text)
        except ConnectionNotOpenError:
            return
        context = self._context
        context.frame_log.record(
            self._station_id,
            self._epoch,
            Direction.OUT,
            masked,
            context.clock.now(),
            monotonic_s=context.clock.monotonic(),
            is_heartbeat=is_heartbeat,
        )
