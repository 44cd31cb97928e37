"""An open WebSocket, told for both sides: messages, fragments, faults, closing, back-pressure, liveness."""

import asyncio
import math
from typing import cast

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Peer
from ocppj.aio.errors import ConnectionNotOpenError
from ocppj.aio.limits import Limits
from ocppj.aio.pipe import PipeTransport, connect_pipe
from ocppj.aio.watch import Watch
from ocppj.aio.wire import open_protocol
from ocppj.identity import Toleration
from tests.support.websocket import Echoing, JumpingClock, Remembering

LIMITS = Limits(
    max_message_bytes=2000, fragments_per_message=8, compress_from_bytes=64, send_buffer_bytes=100_000
)


class Socket(asyncio.Protocol):
    """The far end: `websockets`' own protocol, so that neither side's short cuts are trusted."""

    def __init__(self, side: Side, *, deflate: bool) -> None:
        self.ws = Protocol(side, max_size=None)
        self.ws.extensions = [deflater()] if deflate else []
        self.mask = side is Side.CLIENT
        self.frames: list[Frame] = []
        self.transport: PipeTransport | None = None
        self.has_ended = False
        self.answers_close = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("PipeTransport", transport)

    def data_received(self, data: bytes) -> None:
        self.ws.receive_data(data)
        self.frames += cast("list[Frame]", self.ws.events_received())
        if self.answers_close and self.transport is not None:
            for chunk in self.ws.data_to_send():
                self.transport.write(chunk) if chunk else self.transport.write_eof()

    def eof_received(self) -> bool:
        self.has_ended = True
        return not self.answers_close

    def connection_lost(self, exc: Exception | None) -> None:
        self.has_ended = True

    def send(self, *frames: Frame) -> None:
        self.write(b"".join(frame.serialize(mask=self.mask) for frame in frames))

    def write(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)

    @property
    def texts(self) -> list[bytes]:
        return [bytes(frame.data) for frame in self.frames if frame.opcode is Opcode.TEXT]

    @property
    def close_code(self) -> int | None:
        closes = [frame for frame in self.frames if frame.opcode is Opcode.CLOSE]
        return int.from_bytes(bytes(closes[0].data[:2])) if closes else None


def deflater() -> PerMessageDeflate:
    return PerMessageDeflate(
        remote_no_context_takeover=True,
        local_no_context_takeover=True,
        remote_max_window_bits=15,
        local_max_window_bits=12,
    )


class Pair:
    """Our connection and the far end of its pipe."""

    def __init__(self, side: Side, *, deflate: bool = False, limits: Limits = LIMITS, port: int = 0) -> None:
        self.clock = JumpingClock()
        self.watch = Watch(limits, self.clock)
        self.socket = Socket(Side.CLIENT if side is Side.SERVER else Side.SERVER, deflate=deflate)
        handshake = Protocol(side)
        handshake.extensions = [deflater()] if deflate else []
        stub = asyncio.Protocol()
        self.transport, _ = connect_pipe(stub, self.socket)
        self.connection = Connection(
            open_protocol(side, handshake, limits.max_message_bytes),
            self.transport,
            self.watch,
            Peer("192.0.2.1", port),
            "ocpp1.6",
        )
        self.transport.set_protocol(self.connection)
        self.receiver = Echoing(self.connection)
        self.connection.start(self.receiver)

    def is_open(self) -> bool:
        return self.connection.is_open

    async def settle(self) -> None:
        """Let everything in the pipe arrive."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def jump(self, seconds: float) -> None:
        self.clock.at += seconds
        self.watch.sweep(self.clock.at)
        await self.settle()


@pytest.fixture(params=[Side.SERVER, Side.CLIENT], ids=["server", "client"])
def side(request: pytest.FixtureRequest) -> Side:
    return cast("Side", request.param)


@pytest.fixture
async def pair(side: Side) -> Pair:
    return Pair(side)


def text(payload: bytes, *, fin: bool = True) -> Frame:
    return Frame(Opcode.TEXT, payload, fin)


def more(payload: bytes, *, fin: bool) -> Frame:
    return Frame(Opcode.CONT, payload, fin)


async def test_messages_go_both_ways(pair: Pair) -> None:
    """bytes and str are the same on the wire."""
    pair.connection.send("é")
    pair.connection.send(b"plain")
    pair.socket.send(text(b"one"), text("ü".encode()))
    await pair.settle()
    assert pair.receiver.texts == [b"one", "ü".encode()]
    assert pair.socket.texts == ["é".encode(), b"plain", b"one", "ü".encode()]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 1999, 2000])
async def test_sizes_up_to_the_limit_are_taken(pair: Pair, size: int) -> None:
    """Every length encoding, both directions."""
    pair.socket.send(text(b"x" * size))
    await pair.settle()
    assert pair.socket.texts == [b"x" * size]


async def test_answers_of_one_turn_leave_in_one_write(pair: Pair) -> None:
    """Corked while a TCP read is taken apart, so many frames at a time."""
    writes: list[int] = []
    write = pair.transport.write

    def counted(data: bytes | bytearray | memoryview) -> None:
        writes.append(len(data))
        write(data)

    pair.transport.write = counted  # type: ignore[method-assign] # the real transport, counted
    pair.socket.send(*[text(b"x")] * 50)
    await pair.settle()
    assert len(pair.socket.texts) == 50
    assert len(writes) == math.ceil(50 / LIMITS.frames_per_turn)


async def test_frames_cut_anywhere_arrive_whole(pair: Pair) -> None:
    """One byte per TCP read."""
    stream = b"".join(
        frame.serialize(mask=pair.socket.mask)
        for frame in (
            text(b"one"),
            text(b"x" * 300),
            text(b"a", fin=False),
            more(b"b", fin=True),
            text(b"end"),
        )
    )
    for at in range(len(stream)):
        pair.socket.write(stream[at : at + 1])
    await pair.settle()
    assert pair.receiver.texts == [b"one", b"x" * 300, b"ab", b"end"]


async def test_fragments_are_assembled_around_control_frames(pair: Pair) -> None:
    """A ping may come between two fragments (RFC 6455 §5.4); a character may be cut in two."""
    pair.socket.send(
        text(b"\xc3", fin=False), Frame(Opcode.PING, b"p"), more(b"\xa9", fin=False), more(b"!", fin=True)
    )
    await pair.settle()
    assert pair.receiver.texts == ["é!".encode()]
    assert [bytes(frame.data) for frame in pair.socket.frames if frame.opcode is Opcode.PONG] == [b"p"]


FAULTS = {
    "binary": (1003, [Frame(Opcode.BINARY, b"x")]),
    "binary in fragments": (1003, [Frame(Opcode.BINARY, b"x", fin=False)]),
    "invalid UTF-8": (1007, [text(b"ok \xff")]),
    "overlong UTF-8": (1007, [text(b"\xc0\xaf")]),
    "surrogate in UTF-8": (1007, [text(b"\xed\xa0\x80")]),
    "invalid UTF-8 across fragments": (1007, [text(b"\xc3", fin=False), more(b"(", fin=True)]),
    "too large": (1009, [text(b"x" * 2001)]),
    "too large in fragments": (1009, [text(b"x" * 1500, fin=False), more(b"x" * 501, fin=True)]),
    "too many fragments": (1009, [text(b"", fin=False), *[more(b"", fin=False)] * 8]),
    "continuation of nothing": (1002, [more(b"x", fin=True)]),
    "new message inside a message": (1002, [text(b"x", fin=False), text(b"y")]),
    "close with an invalid code": (1002, [Frame(Opcode.CLOSE, b"\x03\xed")]),
    "close with one byte": (1002, [Frame(Opcode.CLOSE, b"\x03")]),
    "close inside a message": (1002, [text(b"x", fin=False), Frame(Opcode.CLOSE, b"\x03\xe8")]),
    "close with invalid UTF-8": (1007, [Frame(Opcode.CLOSE, b"\x03\xe8\xff")]),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_fault_of_the_peer_ends_the_connection_with_its_code(pair: Pair, name: str) -> None:
    """One defined close code for each; nothing is delivered, not even what comes behind it."""
    code, frames = FAULTS[name]
    pair.socket.send(*frames)
    pair.socket.send(text(b"behind"))
    await pair.settle()
    assert pair.socket.close_code == code
    assert pair.receiver.texts == []
    assert pair.receiver.closed is not None
    assert not pair.is_open()


RAW_FAULTS = {
    "reserved bit": b"\xc1\x01x",
    "reserved opcode": b"\x83\x01x",
    "long ping": b"\x89\x7e\x00\x7e" + bytes(126),
    "fragmented ping": b"\x09\x00",
}


@pytest.mark.parametrize("name", RAW_FAULTS)
async def test_frame_against_the_rules_ends_with_1002(pair: Pair, name: str) -> None:
    """Also with the masking that its side should have."""
    raw = RAW_FAULTS[name]
    if pair.socket.mask:
        head = 4 if raw[1] == 0x7E else 2
        raw = raw[:1] + bytes([raw[1] | 0x80]) + raw[2:head] + bytes(4) + raw[head:]
    pair.socket.write(raw)
    await pair.settle()
    assert pair.socket.close_code == 1002


async def test_wrong_masking_ends_with_1002(pair: Pair) -> None:
    """Clients mask, servers do not (RFC 6455 §5.1)."""
    pair.socket.write(text(b"x").serialize(mask=not pair.socket.mask))
    await pair.settle()
    assert pair.socket.close_code == 1002
    assert pair.receiver.texts == []


async def test_gigantic_announced_length_is_refused_by_its_header(pair: Pair) -> None:
    """Nothing of it is buffered."""
    mask = 0x80 if pair.socket.mask else 0
    pair.socket.write(bytes([0x81, mask | 127]) + (1 << 30).to_bytes(8))
    await pair.settle()
    assert pair.socket.close_code == 1009


async def test_message_limit_can_be_raised(pair: Pair) -> None:
    """64 KiB until a station is accepted, more afterwards: the receiver decides."""
    pair.connection.max_message_bytes = 5000
    pair.socket.send(text(b"x" * 5000))
    await pair.settle()
    assert pair.connection.max_message_bytes == 5000
    assert len(pair.receiver.texts) == 1
    pair.socket.send(text(b"x" * 5001))
    await pair.settle()
    assert pair.socket.close_code == 1009


@pytest.mark.parametrize("size", [10, 63, 64, 1500])
async def test_deflate_is_used_for_long_messages_only(side: Side, size: int) -> None:
    """Both directions inflate; short ones go plain, which RFC 7692 §6 leaves to the sender."""
    pair = Pair(side, deflate=True)
    compressed = Frame(Opcode.TEXT, b"y" * size).serialize(mask=pair.socket.mask, extensions=[deflater()])
    pair.socket.write(compressed)
    pair.connection.send(b"x" * size)
    await pair.settle()
    assert pair.receiver.texts == [b"y" * size]
    assert pair.socket.texts == [b"x" * size, b"y" * size]


async def test_compression_bomb_ends_with_1009(side: Side) -> None:
    """The limit holds after inflating."""
    pair = Pair(side, deflate=True)
    bomb = Frame(Opcode.TEXT, bytes(10 << 20)).serialize(mask=pair.socket.mask, extensions=[deflater()])
    assert len(bomb) < 20_000
    pair.connection.max_message_bytes = 50_000
    pair.socket.write(bomb)
    await pair.settle()
    assert pair.socket.close_code == 1009


async def test_garbage_under_the_compressed_bit_ends_with_1002(side: Side) -> None:
    """What does not inflate is a protocol error."""
    pair = Pair(side, deflate=True)
    frame = text(b"\xff\xff\xff").serialize(mask=pair.socket.mask)
    pair.socket.write(bytes([frame[0] | 0x40]) + frame[1:])
    await pair.settle()
    assert pair.socket.close_code == 1002


async def test_no_zlib_state_is_kept_between_messages(side: Side) -> None:
    """No context takeover: an idle connection holds no window."""
    pair = Pair(side, deflate=True)
    pair.connection.send(b"x" * 500)
    pair.socket.write(
        Frame(Opcode.TEXT, b"y" * 500).serialize(mask=pair.socket.mask, extensions=[deflater()])
    )
    await pair.settle()
    extension = pair.connection._ws.extensions[0]
    assert not hasattr(extension, "encoder")
    assert not hasattr(extension, "decoder")


async def test_closing_is_a_handshake(pair: Pair) -> None:
    """Our close frame, theirs, then the end of TCP; said once."""
    pair.connection.close(1001, "going")
    assert not pair.is_open()
    await pair.settle()
    assert pair.socket.close_code == 1001
    assert pair.receiver.closed == (1001, "going")
    assert pair.socket.has_ended
    pair.connection.close(1000)
    pair.connection.abort()


async def test_close_of_the_peer_is_answered_and_reported(pair: Pair) -> None:
    """With the peer's code and reason."""
    pair.socket.send(Frame(Opcode.CLOSE, b"\x03\xe9bye"))
    await pair.settle()
    assert pair.receiver.closed == (1001, "bye")
    assert pair.socket.close_code == 1001


async def test_messages_before_a_close_in_the_same_read_are_delivered(pair: Pair) -> None:
    """A station's last words count, and are answered before the goodbye is."""
    pair.socket.send(text(b"last"), text(b"words"), Frame(Opcode.CLOSE, b"\x03\xe8"))
    await pair.settle()
    assert pair.receiver.texts == [b"last", b"words"]
    assert pair.receiver.closed == (1000, "closed without a reason")
    assert pair.socket.texts == [b"last", b"words"]
    assert pair.socket.frames[-1].opcode is Opcode.CLOSE


async def test_nothing_behind_a_fault_is_delivered(pair: Pair) -> None:
    """Even if a close frame follows in the same read."""
    pair.socket.send(text(b"\xff"), text(b"behind"), Frame(Opcode.CLOSE, b"\x03\xe8"))
    await pair.settle()
    assert pair.receiver.texts == []


async def test_close_without_a_code_is_1005(pair: Pair) -> None:
    """RFC 6455 §7.1.5."""
    pair.socket.send(Frame(Opcode.CLOSE, b""))
    await pair.settle()
    assert pair.receiver.closed is not None
    assert pair.receiver.closed[0] == 1005


async def test_nothing_is_delivered_or_sent_after_close(pair: Pair) -> None:
    """Messages that were already under way are dropped: their sender will repeat them."""
    pair.socket.send(text(b"late"))
    pair.connection.close(1013, "try again later")
    with pytest.raises(ConnectionNotOpenError, match=r"192\.0\.2\.1"):
        pair.connection.send(b"x")
    await pair.settle()
    assert pair.receiver.texts == []


async def test_long_close_reason_is_cut_between_characters(pair: Pair) -> None:
    """A control frame holds 123 bytes of it."""
    pair.connection.close(1000, "é" * 100)
    await pair.settle()
    assert bytes(pair.socket.frames[-1].data[2:]).decode() == "é" * 61


async def test_peer_that_does_not_answer_our_close_is_cut_off(pair: Pair) -> None:
    """After close_within_s."""
    pair.socket.answers_close = False
    pair.connection.close(1000, "bye")
    await pair.jump(9.9)
    assert not pair.socket.has_ended
    await pair.jump(0.2)
    assert pair.receiver.closed == (1000, "bye")


@pytest.mark.parametrize("ending", ["eof", "abort"])
async def test_end_of_tcp_without_a_close_frame_is_1006(pair: Pair, ending: str) -> None:
    """The commonest end of all: power or network gone."""
    assert pair.socket.transport is not None
    if ending == "eof":
        pair.socket.transport.write_eof()
    else:
        pair.socket.transport.abort()
    await pair.settle()
    assert pair.receiver.closed is not None
    assert pair.receiver.closed[0] == 1006
    assert not pair.is_open()


async def test_abort_ends_at_once(pair: Pair) -> None:
    """With the reason given, as 1006."""
    pair.connection.abort("replaced by a newer connection")
    assert not pair.is_open()
    await pair.settle()
    assert pair.receiver.closed == (1006, "replaced by a newer connection")


async def test_receiver_that_fails_costs_its_connection_a_1011(pair: Pair) -> None:
    """The fault is reported to the loop; nobody else is touched."""
    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    pair.receiver.text_received = lambda text: 1 / 0  # type: ignore[assignment, method-assign]
    pair.socket.send(text(b"x"), text(b"y"))
    await pair.settle()
    assert pair.socket.close_code == 1011
    assert len(faults) == 1


async def test_slow_reader_pauses_and_resumes(pair: Pair) -> None:
    """write_paused when the transport's buffer fills, write_resumed when it has drained."""
    assert pair.socket.transport is not None
    pair.socket.transport.pause_reading()
    pair.connection.send(b"x" * 70_000)
    assert pair.receiver.pauses == [True]
    assert pair.connection.is_open
    pair.socket.transport.resume_reading()
    await pair.settle()
    assert pair.receiver.pauses == [True, False]


async def test_send_buffer_is_bounded(pair: Pair) -> None:
    """A peer that reads nothing is cut off when the bound is passed, not later."""
    assert pair.socket.transport is not None
    pair.socket.transport.pause_reading()
    pair.connection.send(b"x" * 70_000)
    pair.connection.send(b"x" * 29_000)
    assert pair.is_open()
    pair.connection.send(b"x" * 2_000)
    assert not pair.is_open()
    await pair.settle()
    assert pair.receiver.closed is not None
    assert "100000 bytes" in pair.receiver.closed[1]


async def test_writes_have_a_deadline(pair: Pair) -> None:
    """Bytes that stay unread for 10 s end the connection, though the peer still sends."""
    assert pair.socket.transport is not None
    pair.socket.transport.pause_reading()
    pair.connection.send(b"unread")
    await pair.jump(1)
    pair.socket.send(text(b""))
    await pair.jump(9.9)
    assert pair.is_open()
    await pair.jump(0.2)
    assert not pair.is_open()


async def test_peer_that_reads_late_but_reads_is_kept(pair: Pair) -> None:
    """The deadline counts from when the buffer was last empty."""
    assert pair.socket.transport is not None
    for _ in range(5):
        pair.socket.transport.pause_reading()
        pair.connection.send(b"waits")
        await pair.jump(1)
        await pair.jump(8)
        pair.socket.transport.resume_reading()
        await pair.settle()
        await pair.jump(1)
    assert pair.is_open()
    assert len(pair.socket.texts) == 5


async def test_reading_can_be_paused(pair: Pair) -> None:
    """Back-pressure towards the peer."""
    pair.connection.pause_reading()
    pair.socket.send(text(b"x"))
    await pair.settle()
    assert pair.receiver.texts == []
    pair.connection.resume_reading()
    await pair.settle()
    assert pair.receiver.texts == [b"x"]


async def test_idle_connection_is_pinged_every_30_s(pair: Pair) -> None:
    """And a pong keeps it open."""
    for _ in range(10):
        await pair.jump(30)
    pings = [frame for frame in pair.socket.frames if frame.opcode is Opcode.PING]
    assert len(pings) == 10
    assert pair.is_open()
    assert pair.receiver.tolerations == []


async def test_ping_probes_at_once(pair: Pair) -> None:
    """How a duplicate connection's incumbent is asked whether it still lives."""
    before = pair.connection.last_received_at
    pair.clock.at += 2
    pair.connection.ping()
    await pair.settle()
    assert pair.connection.last_received_at == before + 2
    pair.clock.at += 3
    assert pair.connection.idle_s == 3
    pair.connection.abort()
    pair.connection.ping()


async def test_close_from_within_a_message_leaves_with_the_answers(pair: Pair) -> None:
    """The rest of the same TCP read is dropped."""
    pair.receiver.text_received = lambda text: pair.connection.close(1008, "enough")  # type: ignore[method-assign]
    pair.socket.send(text(b"one"), text(b"two"))
    await pair.settle()
    assert pair.socket.close_code == 1008
    assert pair.receiver.closed == (1008, "enough")


async def test_abort_from_within_a_message_writes_nothing(pair: Pair) -> None:
    """Not even what was sent before it in the same read."""

    def answer_and_abort(_: bytes) -> None:
        pair.connection.send(b"unsent")
        pair.connection.abort("enough")

    pair.receiver.text_received = answer_and_abort  # type: ignore[method-assign, assignment]
    pair.socket.send(text(b"one"))
    await pair.settle()
    assert pair.socket.texts == []
    assert pair.receiver.closed == (1006, "enough")


async def test_pings_of_many_connections_are_spread(side: Side) -> None:
    """10,000 stations that connect in one second are not pinged in one."""
    at_once = 0
    for port in range(64):
        pair = Pair(side, port=port)
        await pair.jump(3)
        at_once += any(frame.opcode is Opcode.PING for frame in pair.socket.frames)
    assert at_once == 6


async def test_silent_peer_is_cut_off_after_60_s(pair: Pair) -> None:
    """No byte for 60 s, pongs included."""
    pair.socket.answers_close = False
    await pair.jump(59)
    assert pair.is_open()
    await pair.jump(1.1)
    assert pair.receiver.closed == (1006, "silent for 60 s")


async def test_quirk_16_peer_without_pongs_is_recorded_not_closed(pair: Pair) -> None:
    """Any byte is a sign of life; that pings stay unanswered is noticed once."""
    pair.socket.answers_close = False
    for _ in range(40):
        pair.socket.send(text(b"{}"))
        await pair.settle()
        await pair.jump(15)
    assert pair.is_open()
    assert pair.receiver.tolerations == [Toleration.PINGS_UNANSWERED]


async def test_half_a_frame_is_a_sign_of_life(pair: Pair) -> None:
    """One byte of a slow message counts."""
    pair.socket.answers_close = False
    for byte in text(b"slow").serialize(mask=pair.socket.mask):
        pair.socket.write(bytes([byte]))
        await pair.settle()
        await pair.jump(40)
    assert pair.receiver.texts == [b"slow"]


async def test_silence_limit_is_settable(pair: Pair) -> None:
    """For stations that answer no ping and have a long heartbeat interval."""
    pair.socket.answers_close = False
    pair.connection.silent_after_s = 600
    await pair.jump(599)
    assert pair.is_open()
    pair.connection.silent_after_s = None
    await pair.jump(10_000)
    assert pair.is_open()


async def test_facts_are_readable(pair: Pair) -> None:
    """What the gateway shows of a connection."""
    assert pair.connection.subprotocol == "ocpp1.6"
    assert pair.connection.peer.address == "192.0.2.1"
    assert not pair.connection.peer.is_secure
    before = pair.connection.last_received_at
    pair.clock.at += 5
    pair.socket.send(text(b"x"))
    await pair.settle()
    assert pair.connection.last_received_at == before + 5
    assert isinstance(pair.receiver, Remembering)
