"""The short cuts of the hot path say what `websockets`' own parser and serializer say, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from ocppj.aio.wire import open_protocol, text_frame, whole_texts

SIDES = st.sampled_from([Side.SERVER, Side.CLIENT])


def fresh(side: Side, limit: int = 1000) -> Protocol:
    return open_protocol(side, Protocol(side), limit)


@given(SIDES, st.lists(st.binary(min_size=2, max_size=400), min_size=1, max_size=5))
def test_run_of_whole_text_frames_is_taken(side: Side, payloads: list[bytes]) -> None:
    """Masked from clients, plain from servers."""
    masked = side is Side.SERVER
    stream = b"".join(Frame(Opcode.TEXT, payload).serialize(mask=masked) for payload in payloads)
    assert whole_texts(stream, fresh(side)) == payloads


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
    texts = whole_texts(stream, fresh(side))
    if texts is not None:
        parser = fresh(side)
        parser.receive_data(stream)
        events = parser.events_received()
        assert all(isinstance(event, Frame) and event.opcode is Opcode.TEXT and event.fin for event in events)
        assert [bytes(event.data) for event in events if isinstance(event, Frame)] == texts
        assert parser.parser_exc is None


@pytest.mark.parametrize("side", [Side.SERVER, Side.CLIENT])
def test_short_cut_stands_aside_inside_a_frame_or_message(side: Side) -> None:
    """Bytes that look like a frame may be the middle of one."""
    masked = side is Side.SERVER
    whole = Frame(Opcode.TEXT, b"x").serialize(mask=masked)
    for begun in (whole[:1], whole[:2], Frame(Opcode.TEXT, b"a", fin=False).serialize(mask=masked)):
        protocol = fresh(side)
        protocol.receive_data(begun)
        assert whole_texts(whole, protocol) is None


def test_message_over_the_limit_is_left_to_the_parser() -> None:
    """Which answers it with 1009."""
    frame = Frame(Opcode.TEXT, b"x" * 11).serialize(mask=True)
    assert whole_texts(frame, fresh(Side.SERVER, limit=10)) is None
    assert whole_texts(frame, fresh(Side.SERVER, limit=11)) == [b"x" * 11]


def test_protocol_in_its_handshake_is_left_alone() -> None:
    """Only protocols made by open_protocol know where their frames begin."""
    assert whole_texts(Frame(Opcode.TEXT, b"x").serialize(mask=True), Protocol(Side.SERVER)) is None


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
