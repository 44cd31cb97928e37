"""Two asyncio transports joined in memory: server and client run on them without sockets, on any event loop.

Bytes arrive in a later turn of the loop, as from a socket; pausing the reader fills the writer's buffer, as
TCP does.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import cast

HIGH_WATER = 64 << 10


class PipeTransport(asyncio.Transport):
    """One end of a pipe. Made in pairs by `connect_pipe`."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, protocol: asyncio.Protocol, extra: Mapping[str, object]
    ) -> None:
        super().__init__(dict(extra))
        self._loop = loop
        self.protocol = protocol
        self.other: PipeTransport | None = None
        self._waiting: deque[bytes] = deque()  # written by us, not yet read by the other end; b"" is the end
        self._waiting_bytes = 0
        self._is_reading = True
        self._is_paused = False
        self._is_closing = False
        self._is_eof_sent = False
        self.is_lost = False
        self._is_scheduled = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand over to the next protocol."""
        self.protocol = cast("asyncio.Protocol", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol of this end."""
        return self.protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Queue bytes for the other end. Raises RuntimeError behind `write_eof`, as sockets do."""
        if not data or self._is_closing:
            return
        if self._is_eof_sent:
            raise RuntimeError("Cannot call write() after write_eof()")
        self._waiting.append(bytes(data))
        self._waiting_bytes += len(data)
        if self._waiting_bytes > HIGH_WATER and not self._is_paused:
            self._is_paused = True
            self.protocol.pause_writing()
        self.schedule()

    def can_write_eof(self) -> bool:
        """As TCP."""
        return True

    def write_eof(self) -> None:
        """End our direction after what is queued."""
        if not self._is_eof_sent:
            self._is_eof_sent = True
            self._waiting.append(b"")
            self.schedule()

    def close(self) -> None:
        """Deliver what is queued, then end both directions."""
        if not self._is_closing:
            self._is_closing = True
            self.write_eof()
            if not self._waiting:
                self._loop.call_soon(self.lose, None)

    def abort(self) -> None:
        """Drop what is queued and end both directions."""
        if self.is_lost:
            return
        self._is_closing = True
        self._waiting.clear()
        self._waiting_bytes = 0
        self._loop.call_soon(self.lose, None)
        if self.other is not None:
            self._loop.call_soon(
                self.other.lose, ConnectionResetError("the other end of the pipe was aborted")
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
        if self.other is not None:
            self.other.schedule()

    def is_reading(self) -> bool:
        """Whether bytes are taken."""
        return self._is_reading

    def get_write_buffer_size(self) -> int:
        """Bytes that the other end has not taken yet."""
        return self._waiting_bytes

    def schedule(self) -> None:
        """Deliver in the loop's next turn."""
        if self._waiting and not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        self._is_scheduled = False
        other = self.other
        if other is None or other.is_lost:
            self._waiting.clear()
            self._waiting_bytes = 0
        while self._waiting and other is not None and not other.is_lost and other.is_reading():
            chunk = self._waiting.popleft()
            self._waiting_bytes -= len(chunk)
            if chunk:
                if not other.is_closing():
                    other.protocol.data_received(chunk)
            elif not other.protocol.eof_received():
                other.close()
        self._resume_writer()
        if self._is_closing and not self._waiting:
            self.lose(None)

    def _resume_writer(self) -> None:
        if self._is_paused and self._waiting_bytes < HIGH_WATER // 4:
            self._is_paused = False
            self.protocol.resume_writing()

    def lose(self, error: Exception | None) -> None:
        """End this end, once."""
        if self.is_lost:
            return
        self.is_lost = True
        self._is_closing = True
        self.protocol.connection_lost(error)
        if self.other is not None:
            self.other.schedule()


def connect_pipe(
    first: asyncio.Protocol,
    second: asyncio.Protocol,
    *,
    first_address: tuple[str, int] = ("127.0.0.1", 1),
    second_address: tuple[str, int] = ("127.0.0.1", 2),
) -> tuple[PipeTransport, PipeTransport]:
    """Join two protocols; both hear `connection_made` before this returns. Addresses are what `peername`
    says."""
    loop = asyncio.get_running_loop()
    one = PipeTransport(loop, first, {"peername": second_address, "sockname": first_address})
    two = PipeTransport(loop, second, {"peername": first_address, "sockname": second_address})
    one.other, two.other = two, one
    first.connection_made(one)
    second.connection_made(two)
    return one, two
