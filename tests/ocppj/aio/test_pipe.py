"""The pipe behaves as a socket does: order, half-close, back-pressure, abort."""

import asyncio

import pytest

from ocppj.aio.pipe import HIGH_WATER, PipeTransport, connect_pipe


class End(asyncio.Protocol):
    """Remembers what it hears."""

    def __init__(self, *, keeps_open: bool = False) -> None:
        self.heard: list[object] = []
        self.keeps_open = keeps_open

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.heard.append("made")

    def data_received(self, data: bytes) -> None:
        self.heard.append(data)

    def eof_received(self) -> bool:
        self.heard.append("eof")
        return self.keeps_open

    def connection_lost(self, exc: Exception | None) -> None:
        self.heard.append(("lost", type(exc)))

    def pause_writing(self) -> None:
        self.heard.append("pause")

    def resume_writing(self) -> None:
        self.heard.append("resume")


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_bytes_arrive_in_order_in_a_later_turn() -> None:
    """Never within write: a protocol is not re-entered."""
    first, second = End(), End()
    one, two = connect_pipe(first, second)
    one.write(b"a")
    one.write(b"")
    one.write(bytearray(b"b"))
    assert second.heard == ["made"]
    await settle()
    assert second.heard == ["made", b"a", b"b"]
    assert one.get_extra_info("peername") == two.get_extra_info("sockname")
    assert one.get_protocol() is first


@pytest.mark.parametrize("keeps_open", [True, False])
async def test_half_close_reaches_the_other_end_behind_the_bytes(keeps_open: bool) -> None:
    """An end that does not keep its half open is closed, as on a socket."""
    first, second = End(), End(keeps_open=keeps_open)
    one, two = connect_pipe(first, second)
    one.write(b"last")
    one.write_eof()
    with pytest.raises(RuntimeError, match="after write_eof"):
        one.write(b"too late")
    one.write_eof()
    await settle()
    assert second.heard[:3] == ["made", b"last", "eof"]
    assert two.is_closing() is not keeps_open
    two.write(b"answer")
    await settle()
    assert (b"answer" in first.heard) is keeps_open


async def test_close_delivers_what_is_queued() -> None:
    """Then both ends are lost without an error."""
    first, second = End(), End()
    one, _ = connect_pipe(first, second)
    one.write(b"last")
    one.close()
    one.close()
    await settle()
    assert second.heard == ["made", b"last", "eof", ("lost", type(None))]
    assert first.heard[-1] == ("lost", type(None))


async def test_abort_drops_what_is_queued_and_resets_the_other_end() -> None:
    """Once."""
    first, second = End(), End()
    one, _ = connect_pipe(first, second)
    one.write(b"lost")
    one.abort()
    await settle()
    one.abort()
    await settle()
    assert second.heard == ["made", ("lost", ConnectionResetError)]
    assert first.heard == ["made", ("lost", type(None))]


async def test_paused_reader_fills_the_writers_buffer() -> None:
    """pause_writing above the high-water mark, resume_writing when the reader has caught up."""
    first, second = End(), End()
    one, two = connect_pipe(first, second)
    two.pause_reading()
    assert not two.is_reading()
    one.write(b"x" * HIGH_WATER)
    assert "pause" not in first.heard
    one.write(b"x")
    assert first.heard[1:] == ["pause"]
    assert one.get_write_buffer_size() == HIGH_WATER + 1
    await settle()
    two.resume_reading()
    await settle()
    assert first.heard[1:] == ["pause", "resume"]
    assert one.get_write_buffer_size() == 0


async def test_protocol_can_be_changed() -> None:
    """As an upgrade does."""
    first, second, third = End(), End(), End()
    one, two = connect_pipe(first, second)
    assert isinstance(two, PipeTransport)
    two.set_protocol(third)
    one.write(b"x")
    await settle()
    assert third.heard == [b"x"]
