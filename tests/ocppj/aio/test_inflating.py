"""Compressed messages: many that came in one read wait for their turn, and cost what one of them costs."""

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import Side

from ocppj.aio.limits import Limits
from tests.ocppj.aio.test_connection import Pair, deflater, text
from tests.support.websocket import Remembering

SIZE = 50_000
COUNT = 200
LIMITS = Limits(max_message_bytes=SIZE)


def bomb() -> Pair:
    """A connection that reads 200 messages of 50,000 bytes in 17 KiB."""
    pair = Pair(Side.SERVER, deflate=True, limits=LIMITS)
    pair.receiver = Remembering(pair.connection)  # type: ignore[assignment] # it need not answer
    pair.connection.start(pair.receiver)
    frame = Frame(Opcode.TEXT, b"x" * SIZE).serialize(mask=True, extensions=[deflater()])
    pair.connection.data_received(frame * COUNT)
    return pair


@pytest.fixture
async def bombed() -> Pair:
    """The same, some turns later."""
    return bomb()


async def test_a_read_that_inflates_to_much_is_taken_in_turns() -> None:
    """Ten megabytes at once would be the memory and the time of all other stations."""
    pair = bomb()
    assert 1 <= len(pair.receiver.texts) <= 25  # what one piece of the read holds
    assert not pair.transport.is_reading()


async def test_all_of_it_arrives_and_reading_goes_on(bombed: Pair) -> None:
    """Turns lose nothing, keep the order, and end with an open socket."""
    for _ in range(20):
        await bombed.settle()
    assert bombed.receiver.texts == [b"x" * SIZE] * COUNT
    assert bombed.transport.is_reading()
    bombed.socket.send(text(b"last"))
    await bombed.settle()
    assert bombed.receiver.texts[-1] == b"last"


async def test_what_comes_meanwhile_waits_behind_it(bombed: Pair) -> None:
    """A transport (TLS) may still hold what it has read."""
    bombed.connection.data_received(text(b"last").serialize(mask=True))
    for _ in range(20):
        await bombed.settle()
    assert bombed.receiver.texts == [*[b"x" * SIZE] * COUNT, b"last"]


async def test_a_receiver_that_takes_no_more_gets_no_more(bombed: Pair) -> None:
    """Back-pressure holds also for what was read already: the queue behind it is bounded."""
    bombed.connection.pause_reading()
    before = len(bombed.receiver.texts)
    for _ in range(20):
        await bombed.settle()
    assert len(bombed.receiver.texts) == before
    assert not bombed.transport.is_reading()
    bombed.connection.resume_reading()
    for _ in range(20):
        await bombed.settle()
    assert len(bombed.receiver.texts) == COUNT
    assert bombed.transport.is_reading()


async def test_a_close_ends_it(bombed: Pair) -> None:
    """What waits is read for the peer's close frame only."""
    before = len(bombed.receiver.texts)
    bombed.connection.pause_reading()
    bombed.connection.close()
    for _ in range(20):
        await bombed.settle()
    assert len(bombed.receiver.texts) == before
    assert bombed.socket.close_code == 1000
    assert bombed.receiver.closed is not None
