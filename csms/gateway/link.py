"""One live station: what it sends is dispatched and answered. What we request of it is in `call_queue`.

A link owns no task and no timer. Everything it does happens in `text_received`, in the callback of a future
of the message store, or in a deadline or a task of the `LinkContext` where a port must be asked.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from csms.domain.commands import Outcome
from csms.domain.inbound import Inbound
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.quarantine import QuarantineCause
from csms.gateway import redaction
from csms.gateway.call_queue import CallOutcome, CallQueue
from csms.gateway.keeping import is_kept, with_report
from csms.gateway.link_context import LinkContext
from csms.gateway.noting import inbound_of, noted, with_verdict
from csms.gateway.reception import Reception
from csms.gateway.registering import BEFORE_ACCEPTED, Registering
from csms.gateway.request_queue import RequestQueue
from csms.gateway.sender import HEARTBEAT, LinkSender
from csms.handlers.context import Context
from csms.handlers.table import propose
from csms.metrics import REPLACED
from ocppj.aio.connection import Connection
from ocppj.errors import ErrorKind, wire_code
from ocppj.identity import Toleration
from ocppj.model.boot import BootNotification, Heartbeat
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.remote_control import TRIGGER_BOOT
from ocppj.session import Direction, Failure, Refused, Request, Response, Session, Stray
from ocppj.translation import WireCall, translation_for
from ocppj.vocabulary import Epoch, RegistrationStatus, StationId
from runtime.secrets import mask_text

log = structlog.get_logger("csms.link")

TRY_AGAIN_LATER = 1013
BOOT = BootNotification.__name__
NO_HANDLER = "no-handler"
REFUSED = "refused"
STRAY_ANSWER = "stray-answer"
BOOT_TRIGGER_S = 30.0


class StationLink:
    """Implements `ocppj.aio.endpoint.Receiver` for one connection of one station."""

    __slots__ = (
        "_calls",
        "_context",
        "_own_secrets",
        "_registering",
        "_requests",
        "_sender",
        "_session",
        "connected_at",
        "connection",
        "epoch",
        "findings",
        "reception",
        "security",
        "station_id",
    )

    def __init__(
        self,
        context: LinkContext,
        connection: Connection,
        reception: Reception,
        session: Session,
        *,
        station_id: StationId,
        epoch: Epoch,
        security: LinkSecurity,
        findings: tuple[str, ...],
        own_secrets: tuple[str, ...] = (),
    ) -> None:
        self.connection = connection
        self.station_id = station_id
        self.epoch = epoch
        self.security = security
        self.findings: tuple[str, ...] = ()
        self.connected_at = context.clock.now()
        self._context = context
        self.reception = reception
        self._session = session
        self._calls: CallQueue | None = None
        self._own_secrets = own_secrets
        self._requests = RequestQueue(context, connection, self._serve, self._failed)
        self._sender = LinkSender(context, connection, reception, session, station_id=station_id, epoch=epoch)
        self._registering = Registering(context, connection, reception, station_id)
        for slug in findings:
            self._note(slug)

    def __repr__(self) -> str:
        """Whose it is, for a log line."""
        return f"<link of {self.station_id}, epoch {self.epoch}>"

    # Life ---------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """The connection is up: wait for the boot, but not for ever."""
        self._registering.await_boot(self._boot_missing)
        self.record_opening()

    def record_opening(self) -> None:
        """Have it written down that the link is up."""
        self._context.message_store.link_opened(self.view()).add_done_callback(self._kept)

    def view(self) -> LinkView:
        """How the link looks from outside."""
        connection, now = self.connection, self._context.clock.now()
        return LinkView(
            station_id=self.station_id,
            epoch=self.epoch,
            version=self.reception.version,
            peer=connection.peer.address,
            security=self.security,
            connected_at=self.connected_at,
            last_received_at=now - timedelta(seconds=connection.idle_s),
            registration=self.registration,
            findings=self.findings,
            boots=self._registering.boots,
            node=self._context.node,
        )

    @property
    def registration(self) -> RegistrationStatus | None:
        """None until its boot was answered on this connection, or its registration restored."""
        return self._registering.status

    async def settled(self) -> None:
        """Wait until it is known whether the station is registered."""
        await self._registering.settled()

    def replace(self) -> None:
        """A newer connection of the station has taken over: calls end at once, the socket closes."""
        self._end_calls(Outcome.REPLACED, Outcome.REPLACED, "a newer connection of the station took over")
        self.connection.close(REPLACED, "replaced by a newer connection of this station")

    def connection_closed(self, code: int, reason: str) -> None:
        """The last word of the transport; its reason is the station's own text, if the station closed."""
        context, reason = self._context, mask_text(reason, self.known_secrets)
        self._end_calls(Outcome.UNKNOWN, Outcome.OFFLINE, f"the connection ended: {reason}")
        self._requests.drop()
        self._registering.close()
        if context.links.get(self.station_id) is self:  # an old socket's close never touches the new link
            del context.links[self.station_id]
        context.metrics.link_closed(code)
        now, closed_as = context.clock.now(), f"{code} {reason}"
        closed = context.message_store.link_closed(self.station_id, self.epoch, now, closed_as)
        closed.add_done_callback(self._kept)

    def write_paused(self) -> None:
        """The transport bounds what waits to be sent; a slow peer costs only itself."""

    def write_resumed(self) -> None:
        """Nothing was held back."""

    def noticed(self, toleration: Toleration) -> None:
        """The transport put up with something."""
        self._note(toleration.value)

    def _kept(self, future: asyncio.Future[None]) -> None:
        """A link's own row is written, or not."""
        if not future.cancelled() and future.exception() is not None:
            self._storage_failed(future.exception())

    def _storage_failed(self, error: BaseException | None) -> None:
        """Cannot store: nobody is let in for a while, and this station keeps what it has."""
        self._context.storage_failed()
        self._failed(error)

    def _failed(self, error: BaseException | None) -> None:
        """Cannot answer: close the socket, so that the station keeps its message (architecture §4.5)."""
        log.error("not_answered", station_id=self.station_id, error=repr(error))
        self.connection.close(TRY_AGAIN_LATER, "cannot store right now, try again later")

    def _note(self, slug: str) -> None:
        """Something was put up with."""
        self.findings = noted(self.findings, slug, self._context.metrics)

    # What the station sends ---------------------------------------------------------------------------

    def text_received(self, text: bytes) -> None:
        """One message: recorded as it came but for its secrets, then dispatched."""
        context = self._context
        now = context.clock.now()
        received = self._session.receive(text)
        action = received.action if isinstance(received, Request) and not received.findings else ""
        is_heartbeat = action == HEARTBEAT
        is_plain = redaction.has_no_secrets(action, text)
        masked = text if is_plain else redaction.mask_frame(text, self.known_secrets)
        read_s, me, epoch = self.connection.last_received_at, self.station_id, self.epoch
        seq = context.frame_log.record(
            me, epoch, Direction.IN, masked, now, monotonic_s=read_s, is_heartbeat=is_heartbeat
        )
        match received:
            case Request():
                if received.action == BOOT and not received.is_send:
                    self._registering.boot_came()
                self._requests.enqueue(received, masked, now)
            case Response() | Failure():
                self._answered(received, seq)
            case Refused():
                self._refused(received, masked, now)
            case Stray():
                self._stray()

    @property
    def known_secrets(self) -> tuple[str, ...]:
        """What the station came with, and what it was told in confidence: whatever it says may repeat it."""
        return self._calls.secrets if self._calls is not None else self._own_secrets

    def _answered(self, answer: Response | Failure, seq: int) -> None:
        if isinstance(answer, Failure) and answer.reply is not None:
            self._sender.send(answer.reply)
        for finding in answer.findings:
            self._note(finding.slug)
        if self._calls is not None:
            self._calls.answered(answer, seq)

    def _refused(self, refused: Refused, raw: bytes, now: datetime) -> None:
        """A message that cannot be accepted; billing data is kept before the station hears of it."""
        self._note(f"{REFUSED}:{refused.code}")
        if not self._registering.bears(REFUSED):
            return
        answer = partial(self._sender.send_error, refused.reply, refused.code)
        if refused.action is not None and self.reception.is_billing(refused.action):
            why = f"{refused.code}: {refused.detail}"
            self._quarantine(raw, QuarantineCause.REFUSED, why, now, answer)
        else:
            answer()

    def _stray(self) -> None:
        """An answer to nothing: late, or a fault; a station that makes a habit of it is cut off (RES-02)."""
        self._note(STRAY_ANSWER)
        self._registering.bears(STRAY_ANSWER)

    def _serve(self, request: Request, raw: bytes, now: datetime) -> None:
        registering, action = self._registering, request.action
        is_accepted = registering.status is RegistrationStatus.ACCEPTED
        if not is_accepted and registering.is_open and action != BOOT:
            self._requests.hold(self._restore(request, raw, now), name=self.station_id)
            return
        self._context.metrics.received[self.reception.version, action] += 1
        findings = [finding.slug for finding in request.findings] if request.findings else []
        event = None
        is_refused = not (is_accepted or action == BOOT) and (not registering.is_expected(action, findings))
        if not is_refused:
            event = self.reception.translation.message(action, request.message, findings)
            if event is None and not self.reception.keeps(action, is_send=request.is_send):
                findings.append(f"{NO_HANDLER}:{action}")
            elif is_kept(event):
                event = with_report(event, request, findings, self.known_secrets)
                self._context.metrics.kept[self.reception.version, action] += 1
        for slug in findings:
            self._note(slug)
        if is_refused:
            self._refuse_early(request, raw, now)
        elif event is not None:
            self._propose(request, event, raw, now, tuple(findings))
        elif not self._sender.refuse_unbuilt(request, now) and registering.bears(NO_HANDLER):
            self._sender.refuse(request.message_id, ErrorKind.NOT_SUPPORTED, f"{action} is not handled here")

    def _propose(
        self, request: Request, event: StationMessage, raw: bytes, now: datetime, findings: tuple[str, ...]
    ) -> None:
        if type(event) in redaction.FREE_TEXTS and redaction.STARS in raw:
            event = redaction.without_secrets(event, self.known_secrets)
        proposal = propose(event, Context(self.station_id, now, self._context.policies))
        if type(event) is Heartbeat:
            self._sender.answer(request.message_id, request.action, proposal)  # type: ignore[arg-type] # never async
            return
        inbound = inbound_of(
            request,
            event,
            station_id=self.station_id,
            epoch=self.epoch,
            version=self.reception.version,
            received_at=now,
            raw=raw,
            findings=findings,
            registering=self._registering,
        )
        if isinstance(proposal, Coroutine):
            self._requests.hold(self._await_reply(proposal, inbound, request.action), name=self.station_id)
        else:
            self._store(inbound, proposal, request.action)

    async def _await_reply(self, proposal: Coroutine[Any, Any, Reply], inbound: Inbound, action: str) -> None:
        """Find the reply where a port must be asked, then store and answer.

        What a station sends together with its boot is judged by the answer to the boot: it waits for it.
        """
        reply = await proposal
        stored = self._store(with_verdict(inbound, reply, self._note), reply, action)
        if action == BOOT:
            await asyncio.wait((stored,))

    def _store(self, inbound: Inbound, proposal: Reply, action: str) -> asyncio.Future[Reply]:
        started = self._context.clock.monotonic()
        size = len(inbound.raw)
        self._requests.store_began(size)
        future = self._context.message_store.submit(inbound, proposal)
        future.add_done_callback(partial(self._stored, inbound.message_id, action, started, size))
        return future

    def _stored(
        self, message_id: str, action: str, started: float, size: int, future: asyncio.Future[Reply]
    ) -> None:
        """The row is durable: answer. Or it is not: close, and answer nothing."""
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self._storage_failed(error)
        elif not future.cancelled():
            reply = future.result()
            self._context.metrics.durable_latency.observe(self._context.clock.monotonic() - started)
            self._sender.answer(message_id, action, reply)
            if action == BOOT:
                self._registering.boot_answered(reply)
                if self._calls is not None:
                    self._calls.go_on()
        self._requests.store_ended(size)

    # Registration -------------------------------------------------------------------------------------

    def _boot_missing(self) -> None:
        """No boot in time: go on with what the station was."""
        if self._registering.is_open and not self._requests.is_busy:
            self._requests.hold(self._restore(None, b"", self._context.clock.now()), name=self.station_id)

    async def _restore(self, request: Request | None, raw: bytes, now: datetime) -> None:
        """Go on with the registration it had; ask it to boot unless that is Accepted. Then take `request`."""
        await self._registering.restore()
        if not self._registering.is_accepted and not self._context.policies.is_quiet(self.station_id):
            self.call(translation_for(self.reception.version).calls(TRIGGER_BOOT)[0], BOOT_TRIGGER_S)
        if request is not None:
            self._requests.enqueue_first(request, raw, now)

    def _refuse_early(self, request: Request, raw: bytes, now: datetime) -> None:
        """SecurityError; billing data is kept first. Nobody answers a SEND."""
        self._note(f"{REFUSED}:{wire_code(self.reception.version, ErrorKind.SECURITY)}")
        if not self._registering.bears(BEFORE_ACCEPTED) or request.is_send:
            return
        why = f"{request.action} is not allowed before the station's boot was accepted"
        error = partial(self._sender.refuse, request.message_id, ErrorKind.SECURITY, why)
        if self.reception.is_billing(request.action):
            self._quarantine(raw, QuarantineCause.EARLY, BEFORE_ACCEPTED, now, error)
        else:
            error()

    def _quarantine(
        self, raw: bytes, cause: QuarantineCause, reason: str, now: datetime, then: Callable[[], None]
    ) -> None:
        """Keep a message that is about to be refused, and refuse it only once it is kept."""
        future = self._context.message_store.quarantine(
            self.station_id,
            self.epoch,
            raw,
            reason,
            now,
            cause=cause,
            version=self.reception.version.label,
            was_accepted=self._registering.is_accepted,
        )
        self._requests.store(future, len(raw), then, self._storage_failed)

    # What we ask --------------------------------------------------------------------------------------

    def request_in(self, action: str, payload: dict[str, Any]) -> Any:
        """The request (a message struct) of such a CALL. Raises MisuseError for what the version lacks."""
        return self._session.request_in(action, payload)

    def call(
        self, wire: WireCall, timeout_s: float, secrets: tuple[str, ...] = ()
    ) -> asyncio.Future[CallOutcome]:
        """Queue one CALL. The future always gets a result, and only one. `secrets`: see `CallQueue.call`."""
        if self._calls is None:
            self._calls = CallQueue(
                self._context,
                self._session,
                self.connection,
                self._sender.send,
                leaving=self._registering.expect,
                is_held=lambda: self._registering.is_booting,
                secrets=self._own_secrets,
            )
        return self._calls.call(wire, timeout_s, secrets)

    def _end_calls(self, sent: Outcome, waiting: Outcome, reason: str) -> None:
        if self._calls is not None:
            self._calls.end(sent, waiting, reason)
