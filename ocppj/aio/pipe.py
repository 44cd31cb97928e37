"""Two asyncio transports joined in memory: server and client run on them without sockets, on any event loop.

Bytes arrive in a later turn of the loop, as from a socket; pausing the reader fills the writer's buffer, as TCP does.
"""

import asyncio
from collections import deque
from collections.abc import Mapping

HIGH_WATER = 64 << 10


class PipeTransport(asyncio.Transport):
    """One end of a pipe. Made in pairs by `connect_pipe`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, extra: Mapping[str, object]) -> None:
        super().__init__(dict(extra))
        self._loop = loop
        self._protocol: asyncio.Protocol | None = None
        self._other: PipeTransport | None = None
        self._waiting: deque[bytes] = deque()  # written by us, not yet read by the other end; b"" is the end
        self._waiting_bytes = 0
        self._is_reading = True
        self._is_paused = False
        self._is_closing = False
        self._is_eof_sent = False
        self._is_lost = False
        self._is_scheduled = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand over to the next protocol."""
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol of this end."""
        assert self._protocol is not None
        return self._protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Queue bytes for the other end."""
        if not data or self._is_closing or self._is_eof_sent:
            return
        self._waiting.append(bytes(data))
        self._waiting_bytes += len(data)
        if self._waiting_bytes > HIGH_WATER and not self._is_paused and self._protocol is not None:
            self._is_paused = True
            self._protocol.pause_writing()
        self._schedule()

    def can_write_eof(self) -> bool:
        """As TCP."""
        return True

    def write_eof(self) -> None:
        """End our direction after what is queued."""
        if not self._is_eof_sent:
            self._is_eof_sent = True
            self._waiting.append(b"")
            self._schedule()

    def close(self) -> None:
        """Deliver what is queued, then end both directions."""
        if not self._is_closing:
            self._is_closing = True
            self.write_eof()
            if not self._waiting:
                self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """Drop what is queued and end both directions."""
        if self._is_lost:
            return
        self._is_closing = True
        self._waiting.clear()
        self._waiting_bytes = 0
        self._loop.call_soon(self._lose, None)
        if self._other is not None:
            self._loop.call_soon(
                self._other._lose, ConnectionResetError("the other end of the pipe was aborted")
            )

    def is_closing(self) -> bool:
        """Whether `close` or `abort` was called."""
        return self._is_closing

    def pause_reading(self) -> None:
        """Leave what comes with the writer."""
        self._is_reading = False

    def resume_reading(self) -> None:
        """Take what waits."""
        self._is_reading = True
        if self._other is not None:
            self._other._schedule()

    def is_reading(self) -> bool:
        """Whether bytes are taken."""
        return self._is_reading

    def get_write_buffer_size(self) -> int:
        """Bytes that the other end has not taken yet."""
        return self._waiting_bytes

    def _schedule(self) -> None:
        if self._waiting and not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        self._is_scheduled = False
        other = self._other
        while self._waiting and other is not None and not other._is_lost and other._is_reading:
            chunk = self._waiting.popleft()
            self._waiting_bytes -= len(chunk)
            assert other._protocol is not None
            if chunk:
                if not other._is_closing:
                    other._protocol.data_received(chunk)
            elif not other._protocol.eof_received():
                other.close()
        self._resume_writer()
        if self._is_closing and not self._waiting:
            self._lose(None)

    def _resume_writer(self) -> None:
        if self._is_paused and self._waiting_bytes < HIGH_WATER // 4 and self._protocol is not None:
            self._is_paused = False
            self._protocol.resume_writing()

    def _lose(self, error: Exception | None) -> None:
        if self._is_lost:
            return
        self._is_lost = True
        self._is_closing = True
        if self._protocol is not None:
            self._protocol.connection_lost(error)
        if self._other is not None:
            self._other._schedule()


def connect_pipe(
    first: asyncio.Protocol,
    second: asyncio.Protocol,
    *,
    first_address: tuple[str, int] = ("127.0.0.1", 1),
    second_address: tuple[str, int] = ("127.0.0.1", 2),
) -> tuple[PipeTransport, PipeTransport]:
    """Join two protocols; both hear `connection_made` before this returns. Addresses are what `peername` says."""
    loop = asyncio.get_running_loop()
    one = PipeTransport(loop, {"peername": second_address, "sockname": first_address})
    two = PipeTransport(loop, {"peername": first_address, "sockname": second_address})
    one._other, two._other = two, one
    one._protocol, two._protocol = first, second
    first.connection_made(one)
    second.connection_made(two)
    return one, two
