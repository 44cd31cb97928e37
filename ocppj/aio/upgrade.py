"""One incoming connection until it is a WebSocket or is turned away; any other end becomes a record.

READING ──request──► DECIDING ──Accept──► (a `Connection` takes over the transport)
   │                     │
   └──── fault, refusal, explanation ────► ANSWERED ──peer's end or deadline──► gone
"""

import asyncio
import enum
from typing import cast

from websockets.http11 import Request, Response
from websockets.protocol import Side
from websockets.server import ServerProtocol

from ocppj.aio import request
from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import (
    Accept,
    AttemptReason,
    ExplainRequest,
    FailedAttempt,
    HttpAnswer,
    Peer,
    Refuse,
    Silence,
    UpgradeOwner,
    UpgradeRequest,
)
from ocppj.aio.tls import TlsLayer
from ocppj.aio.wire import LOGGER, SERVER_DEFLATE, open_protocol
from ocppj.identity import RefusedTarget, StationTarget, TargetFault, parse_target

FIRST_BYTES = 256
TLS_HANDSHAKE_RECORD = 0x16
PROTOCOL_ERROR = 1002
RETRY_AFTER_S = "60"
TOO_MANY = "there are too many connections: see the server's connection limits"
FOREIGN_PAGE = (
    "A web page of another host may not open a station's socket here (see the setting ocpp_origins)."
)


class Phase(enum.Enum):
    """See the module's picture."""

    READING = enum.auto()
    DECIDING = enum.auto()
    ANSWERED = enum.auto()


class Upgrade(asyncio.Protocol):
    """The server's side of an opening handshake."""

    def __init__(self, owner: UpgradeOwner) -> None:
        self._owner = owner
        self._watch = owner.watch
        self._deadline = owner.watch.now() + owner.watch.limits.handshake_s
        self._phase = Phase.READING
        self._ws = ServerProtocol(
            extensions=[SERVER_DEFLATE], max_size=owner.watch.limits.max_message_bytes, logger=LOGGER
        )
        self._raw: asyncio.Transport | None = None
        self._transport: asyncio.Transport | None = None
        self._layer: TlsLayer | None = None
        self._peer = Peer("", 0)
        self._first = b""
        self._received = 0
        self._tail = b""
        self._early = b""  # what an impatient peer sends behind its request
        self._identity: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_counted = False
        self._too_many: AttemptReason | None = None

    def __repr__(self) -> str:
        """Whose it is, for a log line."""
        return f"<upgrade of {self._peer.address}:{self._peer.port}, {self._identity!r}>"

    # What the transport calls

    def tls_started(self, layer: TlsLayer, raw: asyncio.Transport) -> None:
        """TCP is connected on the TLS port."""
        self._layer = layer
        self._begin(raw)

    def tls_failed(self, error: Exception | None, first_bytes: bytes) -> None:
        """No TLS: say why."""
        self._first = first_bytes
        if self._phase is not Phase.READING:
            return
        self._phase = Phase.ANSWERED
        if first_bytes and first_bytes[0] != TLS_HANDSHAKE_RECORD:
            if self._raw is not None:
                self._raw.write(request.PLAIN_ON_TLS)
            self._record(AttemptReason.PLAIN_ON_TLS_PORT, "this port speaks TLS: the URL begins with wss://")
        elif not first_bytes:
            self._record(AttemptReason.SILENT, "the peer connected to the TLS port and left without a word")
        else:
            self._record(AttemptReason.TLS_FAILED, request.describe_tls_error(error))
        if error is None:
            self._leave()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Bytes can be read: TCP is connected, and TLS established where it is spoken."""
        self._transport = cast("asyncio.Transport", transport)
        if self._raw is None:
            self._begin(self._transport)

    def data_received(self, data: bytes) -> None:
        """Read the request; what comes behind it waits for the decision."""
        if self._phase is Phase.ANSWERED:
            return
        self._first = (self._first + data)[:FIRST_BYTES]
        self._received += len(data)
        if self._first[0] == TLS_HANDSHAKE_RECORD:
            self._fail(AttemptReason.TLS_ON_PLAIN_PORT, "this port speaks no TLS: the URL begins with ws://")
            return
        if self._phase is Phase.DECIDING:
            self._early += data
            return
        self._ws.receive_data(self._cut_head(data))
        self._read_request()

    def eof_received(self) -> bool:
        """The peer ended its half."""
        if self._phase is Phase.READING:
            self._fail_incomplete("left before the request was complete")
        self._leave()
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 # asyncio's signature
        """TCP is gone."""
        if self._phase is Phase.READING:
            self._phase = Phase.ANSWERED
            self._record_incomplete("left before the request was complete")
        self._leave()

    def pause_writing(self) -> None:
        """Answers are small."""

    def resume_writing(self) -> None:
        """Answers are small."""

    def check(self, now: float) -> None:
        """Act on the deadline."""
        if now < self._deadline:
            return
        if self._phase is Phase.READING:
            if self._layer is not None and self._transport is None:
                self._first = self._layer.first_bytes
            self._fail_incomplete(f"was not complete within {self._watch.limits.handshake_s:g} s")
        elif self._phase is Phase.DECIDING:
            self._fail(AttemptReason.ADMISSION_FAILED, "the server did not decide in time: it is overloaded")
        self.abort()

    def abort(self, reason: str = "") -> None:  # noqa: ARG002 # as a connection's; what failed is recorded
        """End the TCP connection at once."""
        self._leave()
        if self._raw is not None:
            self._raw.abort()

    # Reading

    def _begin(self, raw: asyncio.Transport) -> None:
        self._raw = raw
        name = raw.get_extra_info("peername") or ("unknown", 0)
        self._peer = Peer(str(name[0]), int(name[1]), is_secure=self._layer is not None)
        self._watch.add(self)
        self._is_counted = True
        self._too_many = self._owner.count_in(self, self._peer)
        is_told = self._too_many is AttemptReason.TOO_MANY_CONNECTIONS and self._owner.can_explain
        if self._too_many is not None and not is_told:
            self._fail(self._too_many, TOO_MANY)
            self.abort()

    def _cut_head(self, data: bytes) -> bytes:
        """The part of `data` that belongs to the request: the parser would take frames behind it, too
        early."""
        joined = self._tail + data
        end = joined.find(b"\r\n\r\n")
        if end < 0:
            self._tail = joined[-3:]
            return data
        end += 4 - len(self._tail)
        self._early = data[end:]
        return data[:end]

    def _read_request(self) -> None:
        events = self._ws.events_received()
        if events:
            self._phase = Phase.DECIDING
            self._pause()
            self._route(cast("Request", events[0]))
        elif self._ws.handshake_exc is not None:
            self._refuse_malformed(self._ws.handshake_exc)
        elif self._received > self._watch.limits.request_bytes:
            self._answer(431, "The request is too large.\n")
            self._record(AttemptReason.REQUEST_TOO_LARGE, "the request's headers are too large", status=431)

    def _refuse_malformed(self, error: Exception) -> None:
        writes = self._ws.data_to_send()
        if writes and writes[0]:  # the protocol has an answer of its own: 414 or 431
            reason, status = AttemptReason.REQUEST_TOO_LARGE, int(writes[0][9:12])
            self._finish(writes[0])
            self._record(reason, "the request is too large", status=status)
            return
        if (path := request.path_of_other_method(self._first)) is not None:
            self._note_target(path)
            self._refuse(405, AttemptReason.NOT_AN_UPGRADE, request.OTHER_METHOD)
            return
        detail = request.describe_malformed(self._first, error)
        self._finish(request.plain_response(400, f"This is not a valid HTTP/1.1 request: {detail}.\n"))
        self._record(AttemptReason.REQUEST_MALFORMED, detail, status=400)

    def _route(self, received: Request) -> None:
        target = self._note_target(received.path)
        if self._too_many is not None:
            self._refuse(503, self._too_many, f"T{TOO_MANY[1:]}.", (("Retry-After", RETRY_AFTER_S),))
        elif request.is_upgrade(received.headers):
            self._check_upgrade(received, target)
        elif received.method == "GET":
            self._explain(received, target)
        else:
            self._refuse(405, AttemptReason.NOT_AN_UPGRADE, request.OTHER_METHOD)

    def _note_target(self, path: str) -> StationTarget | RefusedTarget:
        target = parse_target(path)
        if isinstance(target, StationTarget):
            self._identity = target.identity
        return target

    def _explain(self, received: Request, target: StationTarget | RefusedTarget) -> None:
        headers = request.plain_headers(received.headers)
        question = ExplainRequest(peer=self._peer, target=target, headers=headers)
        self._task = self._owner.start_task(self, self._answer_person(question))

    async def _answer_person(self, question: ExplainRequest) -> None:
        try:
            page = await self._owner.endpoint.explain(question)
        except Exception as error:  # noqa: BLE001 # a fault of the owner's must not end the server's task group
            self._report(error, "explaining a plain GET failed")
            page = HttpAnswer(500, "Something went wrong here; the server's log says what.\n")
        if self._phase is Phase.DECIDING:
            self._answer(page.status, page.body, page.content_type)

    # Deciding

    def _check_upgrade(self, received: Request, target: StationTarget | RefusedTarget) -> None:
        tolerated = request.mend_headers(received.headers)
        fault = request.find_fault(received.headers)
        if fault is not None:
            self._refuse(fault.status, AttemptReason.UPGRADE_INVALID, fault.reason, fault.headers)
            return
        if request.is_foreign_page(received.headers, self._owner.origins):
            self._refuse(403, AttemptReason.FOREIGN_ORIGIN, FOREIGN_PAGE)
            return
        response = self._ws.accept(received)
        if response.status_code != 101:
            text = request.describe_rejection(self._ws.handshake_exc)
            self._refuse(response.status_code, AttemptReason.UPGRADE_INVALID, text)
            return
        if isinstance(target, RefusedTarget):
            wrong_path = target.fault is TargetFault.WRONG_PATH
            reason = AttemptReason.WRONG_PATH if wrong_path else AttemptReason.IDENTITY_INVALID
            self._refuse(404 if wrong_path else 400, reason, target.text)
            return
        upgrade = request.read_upgrade(
            received.headers, self._peer, target, tolerated, request.client_certificate(self._transport)
        )
        self._task = self._owner.start_task(self, self._decide(upgrade, response))

    async def _decide(self, upgrade: UpgradeRequest, response: Response) -> None:
        try:
            decision = await self._owner.endpoint.admit(upgrade)
        except Exception as error:  # noqa: BLE001 # a fault of the owner's must not end the server's task group
            self._report(error, "admitting a station failed")
            decision = None
        if self._phase is not Phase.DECIDING:
            return
        match decision:
            case None:
                self._refuse(
                    503, AttemptReason.ADMISSION_FAILED, "The server cannot admit stations now; try again."
                )
            case Refuse(status, reason, headers):
                self._refuse(status, AttemptReason.REFUSED, reason, headers)
            case Accept():
                self._accept(decision, upgrade, response)

    def _accept(self, decision: Accept, upgrade: UpgradeRequest, response: Response) -> None:
        transport = cast("asyncio.Transport", self._transport)
        chosen = request.spelling_of(decision.subprotocol, upgrade.offered)
        if chosen is not None:
            response.headers["Sec-WebSocket-Protocol"] = chosen
        self._ws.send_response(response)
        transport.write(b"".join(self._ws.data_to_send()))
        limit = decision.max_message_bytes or self._watch.limits.max_message_bytes
        connection = Connection(
            open_protocol(Side.SERVER, self._ws, limit),
            transport,
            self._watch,
            self._peer,
            decision.subprotocol or "",
            on_lost=self._owner.count_out,
        )
        transport.set_protocol(connection)
        self._owner.hand_over(self, connection)
        self._watch.discard(self)
        self._task = None
        is_foreign = bool(upgrade.offered) and chosen is None
        transport.resume_reading()  # before the connection takes what came early, and may want no more
        self._open(connection, None if is_foreign else decision)

    def _open(self, connection: Connection, decision: Accept | None) -> None:
        if decision is None or decision.subprotocol is None:
            # OCPP-J 1.6 §3.2: finish the handshake without a subprotocol, then close at once.
            self._record(
                AttemptReason.FOREIGN_SUBPROTOCOL,
                "the station offers none of ocpp2.1, ocpp2.0.1, ocpp1.6: set its OCPP version to 1.6J or 2.x",
                status=101,
            )
            connection.start(Silence())
            connection.close(PROTOCOL_ERROR, "none of ocpp2.1, ocpp2.0.1, ocpp1.6 was offered")
            return
        try:
            receiver = decision.receiver(connection)
        except Exception as error:  # noqa: BLE001 # a fault of the owner's must not end the server's task group
            self._report(error, "starting a connection's receiver failed")
            connection.start(Silence())
            connection.close(1011, "internal error")
            return
        connection.start(receiver, self._early)

    # Turning away

    def _refuse(
        self, status: int, reason: AttemptReason, text: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self._finish(request.plain_response(status, f"{text}\n", headers=headers))
        self._record(reason, text, status=status)

    def _answer(self, status: int, body: str, content_type: str = "text/plain; charset=utf-8") -> None:
        self._finish(request.plain_response(status, body, content_type))

    def _finish(self, response: bytes) -> None:
        """Write the answer, end our half, and read on until the peer's end: closing earlier could lose the
        answer."""
        self._phase = Phase.ANSWERED
        self._deadline = self._watch.now() + self._watch.limits.close_within_s
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(response)
            self._transport.write_eof()
            self._transport.resume_reading()

    def _fail(self, reason: AttemptReason, detail: str) -> None:
        """Record, and end without an answer."""
        self._phase = Phase.ANSWERED
        self._record(reason, detail)
        if self._raw is not None:
            self._raw.close()

    def _fail_incomplete(self, what: str) -> None:
        self._phase = Phase.ANSWERED
        self._record_incomplete(what)

    def _record_incomplete(self, what: str) -> None:
        if self._first:
            self._record(AttemptReason.REQUEST_INCOMPLETE, f"the HTTP request or TLS handshake {what}")
        else:
            self._record(AttemptReason.SILENT, "the peer connected and said nothing")

    def _record(self, reason: AttemptReason, detail: str, *, status: int | None = None) -> None:
        self._owner.endpoint.attempt_failed(
            FailedAttempt(
                peer=self._peer,
                reason=reason,
                detail=detail,
                first_bytes=request.without_secrets(self._first),
                identity=self._identity,
                status=status,
            )
        )

    def _pause(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def _leave(self) -> None:
        self._phase = Phase.ANSWERED
        self._watch.discard(self)
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._is_counted:
            self._is_counted = False
            self._owner.count_out(self, self._peer)

    def _report(self, error: Exception, what: str) -> None:
        asyncio.get_running_loop().call_exception_handler({"message": what, "exception": error})
