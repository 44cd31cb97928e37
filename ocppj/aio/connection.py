"""An open WebSocket, either side: frames in, whole messages to the receiver, answers out in one write per
read.

The WebSocket rules (masking, reserved bits, inflating, close handshake) are those of `websockets`' Sans-I/O
protocol. What it leaves to its user is here: assembling fragments, checking UTF-8, pings and liveness,
deadlines, back-pressure. A connection owns no task, timer or queue: `Watch` calls `check` for all of them.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from ocppj.aio.allowance import Allowance
from ocppj.aio.endpoint import Peer, Receiver
from ocppj.aio.errors import ConnectionNotOpenError
from ocppj.aio.turns import TurnQueue, TurnReader
from ocppj.aio.watch import Watch
from ocppj.aio.wire import cut_reason, is_utf8, text_frame
from ocppj.identity import Toleration
from ocppj.json_text import storable_text

NORMAL = 1000
GOING_AWAY = 1001
RESTARTING = 1012
UNSUPPORTED = 1003
ABNORMAL = 1006
INVALID_TEXT = 1007
POLICY_VIOLATION = 1008
TOO_BIG = 1009
INTERNAL = 1011

PINGS_BEFORE_RECORD = 3


class Connection(TurnReader):
    """One open WebSocket. Made by `OcppServer` or `connect`, handed to the receiver's factory."""

    __slots__ = (
        "_closing_at",
        "_control",
        "_corked",
        "_fragments",
        "_ignored",
        "_is_ended",
        "_is_eof_sent",
        "_is_reported",
        "_on_lost",
        "_pinged_at",
        "_pings_open",
        "_reason",
        "_receiver",
        "_stalled_at",
        "_watch",
        "_ws",
        "last_received_at",
        "peer",
        "silent_after_s",
        "subprotocol",
    )

    def __init__(
        self,
        ws: Protocol,
        transport: asyncio.Transport,
        watch: Watch,
        peer: Peer,
        subprotocol: str,
        *,
        on_lost: "Callable[[Connection, Peer], None] | None" = None,
    ) -> None:
        super().__init__(transport)
        self.peer = peer
        self.subprotocol = subprotocol
        """The OCPP version spoken: `ocpp1.6`, `ocpp2.0.1` or `ocpp2.1`."""
        self.last_received_at: float = watch.now()
        """When the last byte of any kind came, in seconds of the watch's clock."""
        self.silent_after_s = watch.limits.silent_after_s
        """Close after this long without a byte; the receiver may set it, None switches it off."""
        self._ws = ws
        self._watch = watch
        self._receiver: Receiver | None = None
        self._fragments: list[bytes] | None = None
        self._corked = False
        self._is_ended = False
        self._is_eof_sent = False
        self._is_reported = False
        # Stations that connect at once (power is back) must not be pinged at once: their ports spread them.
        self._pinged_at = self.last_received_at - (watch.limits.ping_every_s or 0.0) * (peer.port % 64) / 64
        self._pings_open = 0
        self._stalled_at: float | None = None
        self._closing_at: float | None = None
        self._ignored = 0  # bytes that came after we began to close
        self._control: Allowance | None = None  # made for a peer that needs one
        self._reason = ""
        self._on_lost = on_lost

    def __repr__(self) -> str:
        """Whose it is, for a log line."""
        return f"<connection of {self.peer.address}:{self.peer.port}, {self._receiver!r}>"

    # What the receiver uses

    @property
    def is_open(self) -> bool:
        """Whether `send` works."""
        return self._closing_at is None and not self._is_ended and self._ws.state is OPEN

    @property
    def max_message_bytes(self) -> int:
        """The largest message taken, after inflating; a larger one ends the connection with 1009."""
        return cast("int", self._ws.max_message_size)

    @max_message_bytes.setter
    def max_message_bytes(self, limit: int) -> None:
        self._ws.max_message_size = limit

    @property
    def idle_s(self) -> float:
        """Seconds since the last byte of any kind came."""
        return self._watch.now() - self.last_received_at

    def ping(self) -> None:
        """Ask the peer for a sign of life: whatever comes moves `last_received_at`."""
        if self.is_open:
            self._ping(self._watch.now())

    def send(self, text: bytes | str) -> None:
        """Send one text message (UTF-8). Raises ConnectionNotOpenError once closing has begun."""
        ws = self._ws
        if ws.state is not OPEN or self._is_ended or self._closing_at is not None:
            raise ConnectionNotOpenError(f"the connection to {self.peer.address} is closed: {self._reason}")
        payload = text.encode() if isinstance(text, str) else text
        if ws.extensions and len(payload) >= self._watch.limits.compress_from_bytes:
            ws.send_text(payload)
        else:
            # RFC 7692 §6: whether a message is compressed is the sender's choice, message by message.
            ws.writes.append(text_frame(payload, mask=ws.side is Side.CLIENT))
        if not self._corked:
            self._flush()

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Start the closing handshake; nothing is received any more. Does nothing when it has already
        begun."""
        if not self.is_open:
            return
        self._reason = reason
        self._ws.send_close(code, cut_reason(reason))
        self._begin_closing()
        if not self._corked:
            self._flush()

    def abort(self, reason: str = "") -> None:
        """End the TCP connection at once, unsent bytes included."""
        if self._is_ended:
            return
        self._is_ended = True
        self._reason = self._reason or reason
        self._transport.abort()

    def cut_off(self, reason: str) -> None:
        """End the connection for what the peer does (1008): it hears why, and is read no more."""
        self._fail(POLICY_VIOLATION, reason)
        if not self._corked:
            self._flush()

    @property
    def turns(self) -> TurnQueue:
        """Those of all connections that the watch looks after."""
        return self._watch.turns

    @property
    def ignores_back_pressure(self) -> bool:
        """A client reads on, or both ends could wait for each other; and the peer's close is to be seen."""
        return self._closing_at is not None or self._ws.side is Side.CLIENT

    # What the transport calls

    def start(self, receiver: Receiver, early: bytes = b"") -> None:
        """Begin to deliver. `early` is what arrived together with the handshake."""
        self._receiver = receiver
        self._watch.add(self)
        if early:
            self.data_received(early)

    def data_received(self, data: bytes) -> None:
        """Take one TCP read, or begin to."""
        self.last_received_at = self._watch.now()
        if self._closing_at is not None and self._is_ignored(len(data)):
            return
        if self._rest:
            self._rest += data
            if self._is_waiting:
                return
            data, self._rest = self._rest, b""
        self.receive(data)

    def receive(self, data: bytes) -> None:
        """One turn; all answers of it leave in one write."""
        self._corked = True
        rest = self.receive_some(data, self._ws, self._watch.limits)
        self._corked = False
        self._flush()
        if self._is_ended or self._is_eof_sent:
            self.drop_rest()
        elif rest:
            self.keep(rest)

    def eof_received(self) -> bool:
        """The peer has ended its half: nothing can come; it has `close_within_s` to read the rest."""
        if not self._is_ended:
            self._ws.receive_eof()
            self.drop_rest()
            self._begin_closing()  # the protocol calls itself open all the same
            self._flush()
            self._report_closed()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The TCP connection is gone, for whatever reason."""
        if exc is not None:
            self._reason = self._reason or str(exc)
        self._is_ended = True
        self.drop_rest()
        self._watch.discard(self)
        if self._on_lost is not None:
            self._on_lost(self, self.peer)
            self._on_lost = None
        self._report_closed()

    def pause_writing(self) -> None:
        """The transport's buffer is filling: who does not read our answers gets no more of them."""
        self._is_paused = True
        if not self.ignores_back_pressure:
            self._transport.pause_reading()
        if self._receiver is not None and not self._is_reported:
            self._receiver.write_paused()

    def resume_writing(self) -> None:
        """The transport's buffer has drained."""
        self._is_paused = False
        self._stalled_at = None
        self._go_on()
        if self._receiver is not None and not self._is_reported:
            self._receiver.write_resumed()

    def check(self, now: float) -> None:
        """Act on the deadlines: closing, silent, not reading; ping when it is time."""
        limits = self._watch.limits
        if self._closing_at is not None:
            if now - self._closing_at >= limits.close_within_s:
                self.abort(f"no end of the connection within {limits.close_within_s:g} s of the close frame")
            return
        if self.silent_after_s is not None and now - self.last_received_at >= self.silent_after_s:
            self.abort(f"silent for {self.silent_after_s:g} s")
            return
        self._check_writes(now)
        if limits.ping_every_s is not None and now - self._pinged_at >= limits.ping_every_s:
            self._ping(now)

    # Receiving

    def _is_ignored(self, size: int) -> bool:
        """Whether what comes behind our close is not even parsed; too much of it ends the connection."""
        self._ignored += size
        limit = self._watch.limits.ignored_bytes
        if self._ignored > limit:
            self.abort(f"more than {limit} bytes came after the close frame")
        return self._is_ended or self._is_eof_sent

    def receive_frames(self) -> int:
        """Act on what the parser has made of the read so far; how many bytes that was."""
        size = 0
        for frame in cast("list[Frame]", self._ws.events_received()):  # past the handshake, all are frames
            size += len(frame.data)
            match frame.opcode:
                case Opcode.TEXT if frame.fin:
                    self.deliver(bytes(frame.data))
                case Opcode.TEXT | Opcode.CONT:
                    self._add_fragment(frame)
                case Opcode.BINARY:
                    self._fail(UNSUPPORTED, "OCPP messages are text frames, this one is binary")
                case Opcode.PONG if self._pings_open:
                    self._pings_open = 0
                case Opcode.PING | Opcode.PONG:
                    self._allow_control()
                case _:
                    pass
        if self._ws.state is not OPEN:
            self._end_by_protocol()
        return size

    def _allow_control(self) -> None:
        """A ping, or a pong that nobody asked for: some are polite, thousands are not."""
        limits, now = self._watch.limits, self._watch.now()
        if self._control is None:
            self._control = Allowance(limits.control_frames, limits.control_frames_per_s, now)
        if self._closing_at is None and not self._control.consume(now):
            self._fail(POLICY_VIOLATION, "too many pings and pongs")

    def _add_fragment(self, frame: Frame) -> None:
        if self._fragments is None:
            self._fragments = []
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            text = b"".join(self._fragments)
            self._fragments = None
            self.deliver(text)
        elif len(self._fragments) >= self._watch.limits.fragments_per_message:
            self._fragments = None
            self._fail(
                TOO_BIG, f"more than {self._watch.limits.fragments_per_message} fragments in one message"
            )

    def deliver(self, text: bytes) -> None:
        """One whole message, for the receiver."""
        if self._closing_at is not None or self._is_ended or self._receiver is None:
            return  # we have closed: what comes until the peer has seen that is not read
        if not (text.isascii() or is_utf8(text)):
            self._fail(INVALID_TEXT, "the message is not valid UTF-8")
            return
        try:
            self._receiver.text_received(text)
        except ConnectionNotOpenError:
            pass  # the peer's close frame came in the same read: it wants no answer any more
        except Exception as error:  # noqa: BLE001 # a fault of one receiver must not reach another connection
            self._fail(INTERNAL, "internal error")
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"receiver of {self.peer.address} failed", "exception": error, "protocol": self}
            )

    # Closing

    def _fail(self, code: int, reason: str) -> None:
        """End the connection for a fault of the peer's, or ours (RFC 6455 §7.1.7)."""
        if self._ws.state is OPEN:
            self._reason = reason
            self._ws.fail(code, cut_reason(reason))
        self._end_by_protocol()

    def _end_by_protocol(self) -> None:
        """The WebSocket is closing: tell the receiver unless the peer's answer to our own close is still to
        come."""
        self._begin_closing()
        if self._ws.close_rcvd is not None or self._ws.parser_exc is not None or self._ws.eof_sent:
            self._report_closed()

    def _begin_closing(self) -> None:
        self._fragments = None
        if self._closing_at is None:
            self._closing_at = self._watch.now()
            self.resume_reading()  # the peer's close frame must come through any back-pressure

    def _report_closed(self) -> None:
        if self._is_reported or self._receiver is None:
            return
        self._is_reported = True
        close = self._ws.close_rcvd or self._ws.close_sent
        if close is None:
            self._receiver.connection_closed(ABNORMAL, self._reason or "TCP ended without a close frame")
        else:
            reason = self._reason or storable_text(close.reason) or "closed without a reason"
            self._receiver.connection_closed(int(close.code), reason)

    # Sending

    def _flush(self) -> None:
        writes = self._ws.data_to_send()
        if not writes or self._is_ended or self._is_eof_sent:
            return
        self._is_eof_sent = writes[-1] == b""  # SEND_EOF: the protocol half-closes
        self._transport.write(b"".join(writes))
        if self._is_eof_sent and self._transport.can_write_eof():
            self._transport.write_eof()
        limit = self._watch.limits.send_buffer_bytes
        if self._is_paused and self._transport.get_write_buffer_size() > limit:
            self.abort(f"more than {limit} bytes wait to be sent: the peer does not read")

    def _check_writes(self, now: float) -> None:
        """A peer that never lets our send buffer run empty for `write_within_s` does not read."""
        if self._transport.get_write_buffer_size() == 0:
            self._stalled_at = None
        elif self._stalled_at is None:
            self._stalled_at = now
        elif now - self._stalled_at >= self._watch.limits.write_within_s:
            self.abort(f"the peer has not read what we sent for {self._watch.limits.write_within_s:g} s")

    def _ping(self, now: float) -> None:
        self._pinged_at = now
        self._pings_open += 1
        # Quirk 16: some stations never answer pings. Other bytes keep them alive (rule 9), we only record it.
        if self._pings_open == PINGS_BEFORE_RECORD + 1 and self._receiver is not None:
            self._receiver.noticed(Toleration.PINGS_UNANSWERED)
        self._ws.send_ping(b"")
        self._flush()
