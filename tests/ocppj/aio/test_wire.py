"""The short cuts of the hot path say what `websockets`' own parser and serializer say, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from ocppj.aio.wire import (
    CLOSE_REASON_BYTES,
    cut_reason,
    frame_bytes,
    is_utf8,
    open_protocol,
    text_frame,
    whole_texts,
)

SIDES = st.sampled_from([Side.SERVER, Side.CLIENT])


def fresh(side: Side, limit: int = 1000) -> Protocol:
    return open_protocol(side, Protocol(side), limit)


def run_of(stream: bytes, protocol: Protocol) -> tuple[list[bytes], int]:
    """The run at the beginning, however long."""
    return whole_texts(stream, protocol, 0, len(stream), len(stream))


@given(SIDES, st.lists(st.binary(min_size=2, max_size=400), min_size=1, max_size=5), st.integers(1, 6))
def test_run_of_whole_text_frames_is_taken(side: Side, payloads: list[bytes], most: int) -> None:
    """Masked from clients, plain from servers; at most so many, and the next run begins where it ended."""
    masked = side is Side.SERVER
    stream = b"".join(Frame(Opcode.TEXT, payload).serialize(mask=masked) for payload in payloads)
    assert run_of(stream, fresh(side)) == (payloads, len(stream))
    first, end = whole_texts(stream, fresh(side), 0, len(stream), most)
    rest, last = whole_texts(stream, fresh(side), end, len(stream), len(payloads))
    assert (len(first), first + rest, last) == (min(most, len(payloads)), payloads, len(stream))


def test_run_ends_before_the_bytes_of_a_turn() -> None:
    """A frame that does not fit into what is left of it is not part of the run."""
    frame = Frame(Opcode.TEXT, b"x" * 10).serialize(mask=True)
    assert whole_texts(frame * 3, fresh(Side.SERVER), 0, 2 * len(frame) + 1, 9) == ([b"x" * 10] * 2, 32)


FRAMES = st.builds(
    lambda opcode, payload, fin: Frame(opcode, payload, fin or opcode >= 8),
    st.sampled_from([Opcode.TEXT, Opcode.TEXT, Opcode.CONT, Opcode.BINARY, Opcode.PING, Opcode.PONG]),
    st.binary(max_size=125),
    st.booleans(),
)


@given(SIDES, st.lists(FRAMES, max_size=4), st.integers(0, 600), st.binary(max_size=20), st.booleans())
def test_short_cut_and_parser_agree_on_any_stream(
    side: Side, frames: list[Frame], cut: int, garbage: bytes, mask: bool
) -> None:
    """Whatever is cut, mixed or wrong: the short cut either gives the parser's messages or stands aside."""
    stream = b"".join(frame.serialize(mask=mask) for frame in frames)[:cut] + garbage
    if not stream:
        return
    texts, end = run_of(stream, fresh(side))
    parser = fresh(side)
    parser.receive_data(stream[:end])
    events = parser.events_received()
    assert all(isinstance(event, Frame) and event.opcode is Opcode.TEXT and event.fin for event in events)
    assert [bytes(event.data) for event in events if isinstance(event, Frame)] == texts
    assert parser.parser_exc is None


@given(SIDES, FRAMES, st.binary(max_size=20), st.booleans())
def test_length_of_a_frame_is_told_by_its_header(side: Side, frame: Frame, behind: bytes, mask: bool) -> None:
    """With whatever comes behind it; too little of a header tells nothing."""
    whole = frame.serialize(mask=mask)
    assert frame_bytes(b"??" + whole + behind, 2) == len(whole)
    assert frame_bytes(whole[:1], 0) == 0


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536, 70000])
@pytest.mark.parametrize("mask", [True, False])
def test_length_is_known_as_soon_as_it_can_be(size: int, mask: bool) -> None:
    """Two, four or ten bytes tell it: no more are waited for."""
    whole = Frame(Opcode.TEXT, b"x" * size).serialize(mask=mask)
    needed = 2 if size < 126 else 4 if size < 65536 else 10
    assert [frame_bytes(whole[:end], 0) for end in (needed - 1, needed)] == [0, len(whole)]


def test_short_cut_stands_aside_inside_a_message() -> None:
    """What looks like a message is a fault of the peer there."""
    protocol = fresh(Side.SERVER)
    protocol.receive_data(Frame(Opcode.TEXT, b"a", fin=False).serialize(mask=True))
    assert run_of(Frame(Opcode.TEXT, b"x").serialize(mask=True), protocol) == ([], 0)


def test_message_over_the_limit_is_left_to_the_parser() -> None:
    """Which answers it with 1009."""
    frame = Frame(Opcode.TEXT, b"x" * 11).serialize(mask=True)
    assert run_of(frame, fresh(Side.SERVER, limit=10)) == ([], 0)
    assert run_of(frame, fresh(Side.SERVER, limit=11)) == ([b"x" * 11], len(frame))


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536, 70000])
@pytest.mark.parametrize("mask", [True, False])
def test_text_frame_is_read_back_by_the_parser(size: int, mask: bool) -> None:
    """Every length encoding; unmasked ones are equal byte by byte."""
    payload = b"x" * size
    frame = text_frame(payload, mask=mask)
    parser = fresh(Side.SERVER if mask else Side.CLIENT, limit=100_000)
    parser.receive_data(frame)
    (event,) = parser.events_received()
    assert isinstance(event, Frame)
    assert (event.opcode, bytes(event.data), event.fin) == (Opcode.TEXT, payload, True)
    if not mask:
        assert frame == Frame(Opcode.TEXT, payload).serialize(mask=False)


LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]


@pytest.mark.parametrize("length", LENGTHS)
def test_each_length_is_written_in_its_own_way(length: int) -> None:
    """RFC 6455 §5.2: seven bits, two bytes or eight; as the general serializer writes it."""
    payload = bytes(range(256)) * (length // 256 + 1)
    payload = payload[:length]
    assert text_frame(payload, mask=False) == Frame(Opcode.TEXT, payload).serialize(mask=False)
    reader = fresh(Side.SERVER, 100_000)
    reader.receive_data(text_frame(payload, mask=True))
    assert [each.data for each in reader.events_received() if isinstance(each, Frame)] == [payload]


@pytest.mark.parametrize("mask", [True, False])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_frame_is_as_long_as_its_header_says(length: int, mask: bool) -> None:
    """Known as soon as the length is there, whether or not the rest is; 0 before."""
    frame = Frame(Opcode.BINARY, b"x" * length).serialize(mask=mask)
    head = len(frame) - length - 4 * mask
    assert frame_bytes(b"??" + frame, 2) == frame_bytes(frame[:head], 0) == len(frame)
    assert [frame_bytes(frame[:there], 0) for there in range(head)] == [0] * head


def test_what_is_no_utf8_is_told() -> None:
    """A text message is closed with 1007 then."""
    assert is_utf8("é".encode())
    assert not is_utf8(b"\xe9")


def test_a_reason_is_cut_to_fit_and_never_inside_a_character() -> None:
    """RFC 6455 §5.5.1: it must be UTF-8."""
    assert cut_reason("bye") == "bye"
    assert cut_reason("é" * 100) == "é" * (CLOSE_REASON_BYTES // 2)


@pytest.mark.parametrize(("length", "is_taken"), [(125, True), (126, True), (65_535, True), (65_536, False)])
def test_frames_of_up_to_two_bytes_of_length_take_the_short_cut(length: int, is_taken: bool) -> None:
    """No message of a station is longer, as a rule; and what is not masked as it must be is the parser's."""
    payload = b"x" * length
    stream = text_frame(payload, mask=True)
    expected = ([payload], len(stream)) if is_taken else ([], 0)
    assert run_of(stream, fresh(Side.SERVER, 100_000)) == expected
    assert run_of(text_frame(payload, mask=False), fresh(Side.SERVER, 100_000)) == ([], 0)
