"""A network in memory: connections with latency, that can be cut, and are watched by whoever keeps the trace.

Each end lives in a process (`loop.Process`): what its protocol does when bytes come is done as a part of that
process, and a process that was killed says nothing any more; the kernel closes its connections for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from tests.simulation.loop import Process

Watcher = Callable[["Pipe", "End", bytes], None]
SERVER_PORT = 9000


class End(asyncio.Transport):
    """One end of a connection."""

    def __init__(
        self, pipe: "Pipe", process: Process, address: tuple[str, int], peer: tuple[str, int]
    ) -> None:
        super().__init__({"peername": peer, "sockname": address})
        self.pipe = pipe
        self.process = process
        self.protocol: asyncio.Protocol
        self.other: End
        self.is_lost = False
        self._is_closing = False
        self._is_reading = True
        self.coming: deque[bytes | Exception] = deque()
        """What is on its way here: bytes, the end of the other half, or the end of all."""
        self._held_back: deque[bytes | Exception] = deque()
        """What arrived while nobody read."""

    # asyncio.Transport

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """On its way, unless the connection ends here."""
        if data and not self._is_closing and self.process.is_alive:
            self.pipe.carry(self, bytes(data))

    def can_write_eof(self) -> bool:
        """As TCP."""
        return True

    def write_eof(self) -> None:
        """The end of our half, after all that was written."""
        self.pipe.carry(self, b"")

    def close(self) -> None:
        """What was written still arrives."""
        if not self._is_closing:
            self._is_closing = True
            self.pipe.carry(self, b"")
            self.later(0.0, lambda: self.lose(None))

    def abort(self) -> None:
        """A reset: the other end hears of it."""
        if not self.is_lost:
            self._is_closing = True
            self.later(0.0, lambda: self.lose(None))
            self.pipe.reset_from(self)

    def is_closing(self) -> bool:
        """Whether it was closed here."""
        return self._is_closing

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand over."""
        self.protocol = cast("asyncio.Protocol", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who has it."""
        return self.protocol

    def pause_reading(self) -> None:
        """What comes waits."""
        self._is_reading = False

    def resume_reading(self) -> None:
        """Take what waits."""
        if not self._is_reading:
            self._is_reading = True
            self.later(0.0, self._take_held_back)

    def is_reading(self) -> bool:
        """Whether bytes are taken."""
        return self._is_reading

    def get_write_buffer_size(self) -> int:
        """The network takes everything."""
        return 0

    # What the network does to it

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Do it as a part of its process."""
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, what, context=self.process.fresh_context())

    def arrive(self) -> None:
        """The next of what is coming is there."""
        self._held_back.append(self.coming.popleft())
        self._take_held_back()

    def _take_held_back(self) -> None:
        while self._held_back and self._is_reading and not self.is_lost:
            data = self._held_back.popleft()
            if isinstance(data, Exception):
                self.lose(data)
            elif self._is_closing:
                continue
            elif data:
                self.pipe.arrived(self, data)
                self.protocol.data_received(data)
            elif not self.protocol.eof_received():
                self.close()

    def lose(self, error: Exception | None) -> None:
        """It is gone."""
        if not self.is_lost:
            self.is_lost = self._is_closing = True
            self.pipe.ended()
            self.protocol.connection_lost(error)


class Pipe:
    """One connection. `near` is the station's end, `far` the server's."""

    def __init__(
        self, number: int, station: Process, server: Process, latency_s: float, network: "Network"
    ) -> None:
        here, there = ("10.0.0.1", 20_000 + number), ("10.0.0.2", SERVER_PORT)
        self.number = number
        self.latency_s = latency_s
        self.is_black = False
        """Whether everything that is sent is lost without a word."""
        self.is_deaf = False
        """Whether what the server sends is: it hears, stores, and answers in vain."""
        self.near = End(self, station, here, there)
        self.far = End(self, server, there, here)
        self.near.other, self.far.other = self.far, self.near
        self._network = network

    @property
    def is_open(self) -> bool:
        """Whether both ends think so."""
        return not self.near.is_lost and not self.far.is_lost

    @property
    def is_well(self) -> bool:
        """Whether it carries everything."""
        return self.is_open and not self.is_black and not self.is_deaf

    def carry(self, sender: End, data: bytes) -> None:
        """Bytes, or an end, are on their way."""
        if data:
            self._network.sent(self, sender, data)
        if not self._swallows(sender.other):
            self._send(sender.other, data)

    def _swallows(self, end: End) -> bool:
        """Whether nothing comes to this end."""
        return self.is_black or (self.is_deaf and end is self.near)

    def _send(self, end: End, data: bytes | Exception) -> None:
        """In the order in which it was sent, whatever timers of the same instant do."""
        end.coming.append(data)
        end.later(self.latency_s, lambda: self._deliver(end))

    def _deliver(self, end: End) -> None:
        if self._swallows(end):
            end.coming.popleft()
        else:
            end.arrive()

    def arrived(self, end: End, data: bytes) -> None:
        """They are there, and are read."""
        self._network.received(self, end, data)

    def reset_from(self, sender: End) -> None:
        """One end has gone without a goodbye."""
        if not self._swallows(sender.other):
            self._send(sender.other, ConnectionResetError("reset by the peer"))

    def reset(self) -> None:
        """Something in between cuts it: what was on its way is lost."""
        self.is_black = True
        for end in (self.near, self.far):
            end.later(0.0, lambda end=end: end.lose(ConnectionResetError("the network was cut")))  # type: ignore[misc]

    def ended(self) -> None:
        """Forget it once both ends are gone."""
        if self.near.is_lost and self.far.is_lost:
            self._network.pipes.pop(self.number, None)


class Network:
    """All connections. `sent` and `received` are told of every chunk of bytes, at both ends."""

    def __init__(self, latency_s: Callable[[], float]) -> None:
        self.pipes: dict[int, Pipe] = {}
        self.sent: Watcher = lambda *_: None
        self.received: Watcher = lambda *_: None
        self.opened: Callable[[Pipe], None] = lambda _: None
        self._latency_s = latency_s
        self._server: tuple[Process, Callable[[], asyncio.Protocol]] | None = None
        self._count = 0

    def listen(self, process: Process, protocol: Callable[[], asyncio.Protocol]) -> None:
        """From now on `process` takes connections."""
        self._server = (process, protocol)

    def server_died(self) -> None:
        """The kernel closes what the process held, after what it had written."""
        self._server = None
        for pipe in list(self.pipes.values()):
            pipe.far.is_lost = True
            pipe.reset_from(pipe.far)

    def station_died(self, process: Process) -> None:
        """The same of a station."""
        for pipe in list(self.pipes.values()):
            if pipe.near.process is process and not pipe.near.is_lost:
                pipe.near.is_lost = True
                pipe.reset_from(pipe.near)

    async def dial(self, station: Process, factory: Callable[[], asyncio.Protocol]) -> Pipe:
        """Connect. Raises ConnectionRefusedError while nobody listens."""
        latency_s = self._latency_s()
        await asyncio.sleep(latency_s)
        if self._server is None or not self._server[0].is_alive:
            raise ConnectionRefusedError("nobody listens there")
        process, protocol = self._server
        self._count += 1
        pipe = self.pipes[self._count] = Pipe(self._count, station, process, latency_s, self)
        self.opened(pipe)
        pipe.near.protocol = factory()
        # Made as a part of the server: whatever it starts for this connection dies with it.
        pipe.far.protocol = process.fresh_context().run(protocol)
        process.fresh_context().run(pipe.far.protocol.connection_made, pipe.far)
        pipe.near.protocol.connection_made(pipe.near)
        return pipe
