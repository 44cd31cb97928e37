"""What one connection sends is taken in turns: a flood costs its neighbours one turn, and nothing is lost."""

import asyncio

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import Side

from ocppj.aio.limits import Limits
from ocppj.aio.turns import TurnQueue, TurnReader
from ocppj.aio.watch import Watch
from tests.ocppj.aio.test_connection import LIMITS, Pair, more, text
from tests.support.websocket import JumpingClock

PER_TURN = LIMITS.frames_per_turn
COUNT = 1000


def masked(*frames: Frame) -> bytes:
    return b"".join(frame.serialize(mask=True) for frame in frames)


KINDS = {
    "heartbeats": [text(b'[2,"1","Heartbeat",{}]')],
    "bad frames": [text(b"nonsense")],
    "empty texts": [text(b"")],
    "fragments": [text(b"a", fin=False), more(b"b", fin=False), more(b"c", fin=True)],
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_read_of_many_frames_is_taken_in_turns(kind: str) -> None:
    """Of any kind: after one turn the others are served, and the socket is not read meanwhile."""
    pair = Pair(Side.SERVER)
    frames = KINDS[kind]
    pair.connection.data_received(masked(*frames) * COUNT)
    assert len(pair.receiver.texts) <= PER_TURN
    assert not pair.transport.is_reading()
    turns_run = []
    while not pair.transport.is_reading():
        before = len(pair.receiver.texts)
        await asyncio.sleep(0)
        turns_run.append(len(pair.receiver.texts) - before)
    assert max(turns_run) <= PER_TURN
    assert len(pair.receiver.texts) == COUNT  # nothing is lost
    assert pair.is_open()


async def test_a_turn_ends_by_its_bytes_too() -> None:
    """Eight large frames would be as long as hundreds of heartbeats; one that is larger alone still fits."""
    pair = Pair(Side.SERVER, limits=Limits(bytes_per_turn=10_000, max_message_bytes=50_000))
    pair.connection.data_received(masked(text(b"x" * 4_000)) * 20 + masked(text(b"y" * 40_000)))
    assert len(pair.receiver.texts) == 3  # the one that crosses the line is the last
    for _ in range(30):
        await asyncio.sleep(0)
    assert pair.receiver.texts == [b"x" * 4_000] * 20 + [b"y" * 40_000]


async def test_many_that_flood_have_one_turn_to_a_pass_together() -> None:
    """However many they are, whoever is honest waits for one turn."""
    clock = JumpingClock()
    pairs = [Pair(Side.SERVER) for _ in range(5)]
    watch = Watch(LIMITS, clock)
    for pair in pairs:
        pair.connection._watch = watch
        pair.connection.data_received(masked(text(b"x")) * 100)
    assert len(watch.turns) == 5
    while len(watch.turns):
        before = [len(pair.receiver.texts) for pair in pairs]
        await asyncio.sleep(0)
        moved = [len(pair.receiver.texts) - had for pair, had in zip(pairs, before, strict=True)]
        assert sum(moved) <= PER_TURN
        counts = [len(pair.receiver.texts) for pair in pairs]
        assert max(counts) - min(counts) <= PER_TURN  # each in its turn
    assert counts == [100] * 5


async def test_a_frame_may_be_cut_anywhere_between_two_reads() -> None:
    """Headers and payloads are put together again, whatever waits."""
    stream = masked(text(b"one"), text(b"x" * 300), text(b"a", fin=False), more(b"b", fin=True)) * 10
    for size in (1, 2, 3, 5, 7, 200, 301):
        pair = Pair(Side.SERVER)
        for start in range(0, len(stream), size):
            pair.connection.data_received(stream[start : start + size])
        for _ in range(30):
            await asyncio.sleep(0)
        assert pair.receiver.texts == [b"one", b"x" * 300, b"ab"] * 10, size
        assert pair.transport.is_reading()


async def test_who_does_not_read_our_answers_is_read_no_further() -> None:
    """Back-pressure of the sender's own making: little waits to be sent, nothing is lost once it reads."""
    pair = Pair(Side.SERVER, limits=Limits(send_buffer_bytes=1 << 20))
    assert pair.socket.transport is not None
    pair.socket.transport.pause_reading()
    pair.socket.write(masked(text(b"x" * 1000)) * COUNT)
    for _ in range(500):
        await asyncio.sleep(0)
    assert pair.is_open()
    assert pair.transport.get_write_buffer_size() < 100_000
    assert len(pair.receiver.texts) < 100
    pair.socket.transport.resume_reading()
    for _ in range(500):
        await asyncio.sleep(0)
    assert len(pair.socket.texts) == COUNT


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG])
async def test_a_flood_of_control_frames_is_cut_off(opcode: Opcode) -> None:
    """Some are polite, a hundred at once are allowed, more end with 1008; answers to ours are free."""
    pair = Pair(Side.SERVER)
    for _ in range(50):
        pair.connection.ping()
        await pair.settle()  # answered
    pair.socket.send(*[Frame(opcode, b"")] * 100)
    for _ in range(10):
        await pair.settle()
    assert pair.is_open()
    await pair.jump(5)
    pair.socket.send(*[Frame(opcode, b"")] * 50)  # five seconds forgive fifty
    for _ in range(10):
        await pair.settle()
    assert pair.is_open()
    pair.socket.send(Frame(opcode, b""))
    await pair.settle()
    assert pair.socket.close_code == 1008
    assert pair.receiver.closed == (1008, "too many pings and pongs")


async def test_what_comes_behind_a_cut_off_is_not_parsed_and_bounded() -> None:
    """The peer may hear why; one that goes on sending is ended."""
    pair = Pair(Side.SERVER, limits=Limits(ignored_bytes=50_000))
    pair.socket.answers_close = False
    pair.connection.cut_off("enough")
    pair.socket.write(masked(text(b"x" * 100)) * 400)
    for _ in range(20):
        await pair.settle()
    assert pair.socket.close_code == 1008
    assert pair.receiver.texts == []
    assert not pair.transport.is_closing()
    pair.socket.write(masked(text(b"x" * 100)) * 400)
    for _ in range(20):
        await pair.settle()
    assert pair.transport.is_lost


class Reader(TurnReader):
    """Counts its turns; the first one may raise."""

    def __init__(self, *, raises: bool = False) -> None:
        super().__init__(asyncio.Transport())
        self.raises, self.turns_run = raises, 0

    def run_turn(self) -> None:
        self.turns_run += 1
        if self.raises:
            raise RuntimeError("boom")


async def test_a_turn_that_raises_costs_the_others_nothing() -> None:
    """The queue serves all connections (ADR 0009)."""
    failed: list[TurnReader] = []
    queue = TurnQueue(lambda reader, _: failed.append(reader))
    readers = [Reader(), Reader(raises=True), Reader()]
    for reader in readers:
        queue.add(reader)
        queue.add(reader)
    for _ in range(5):
        await asyncio.sleep(0)
    assert [reader.turns_run for reader in readers] == [1, 1, 1]
    assert failed == [readers[1]]
