"""Turns: what one connection has sent is taken a little at a time, and the others are served in between.

A read from a socket can hold 43,000 frames. Each read gets one turn at once, of so many frames and bytes of
any kind; what is left waits, the socket is not read meanwhile, and one waiting connection after the other has
its next turn, one to a pass of the event loop. So a flood costs its neighbours one turn, however many flood,
and nothing that was sent is lost.
"""

import asyncio
from collections.abc import Callable

from websockets.protocol import Protocol

from ocppj.aio.limits import Limits
from ocppj.aio.wire import frame_bytes, whole_texts


class TurnQueue:
    """The connections of a server or fleet that have more to be taken: first come, first served.

    `failed(taker, error)` hears of one whose turn raised; the others go on (ADR 0009).
    """

    def __init__(self, failed: "Callable[[TurnReader, Exception], object]") -> None:
        self._failed = failed
        self._waiting: dict[TurnReader, None] = {}
        self._is_armed = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def add(self, reader: "TurnReader") -> None:
        """Give it a turn in a later pass of the loop; harmless when it waits already."""
        self._waiting[reader] = None
        self._arm()

    def _arm(self) -> None:
        if not self._is_armed:
            self._is_armed = True
            asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        self._is_armed = False
        if not self._waiting:
            return
        reader = next(iter(self._waiting))
        del self._waiting[reader]
        if self._waiting:
            self._arm()
        try:
            reader.run_turn()
        except Exception as error:  # noqa: BLE001 # a fault of one must not cost the others their turns
            self._failed(reader, error)


class TurnReader(asyncio.Protocol):
    """The receiving half of a connection: decides when the socket is read, and how much of it is taken.

    Reading stops for three reasons, each on its own: the receiver takes no more, what was read waits for its
    turn, or the peer does not read our answers.
    """

    __slots__ = ("_is_held_back", "_is_paused", "_is_waiting", "_left", "_rest", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._rest = b""
        """What was read and is not taken: what waits, or the beginning of a frame's header."""
        self._left = 0
        """Bytes of a frame whose beginning the parser has."""
        self._is_waiting = False
        self._is_held_back = False
        self._is_paused = False

    @property
    def turns(self) -> TurnQueue:
        """Where it waits for its next turn."""
        raise NotImplementedError

    @property
    def ignores_back_pressure(self) -> bool:
        """Whether what comes must be taken though the peer does not read."""
        raise NotImplementedError

    def check(self, now: float) -> None:
        """See `ocppj.aio.watch.Watched`."""
        raise NotImplementedError

    def abort(self, reason: str = "") -> None:
        """End it at once."""
        raise NotImplementedError

    def receive(self, data: bytes) -> None:
        """One turn: `receive_some` of `data`, and `keep` the rest."""
        raise NotImplementedError

    def deliver(self, text: bytes) -> None:
        """One whole message."""
        raise NotImplementedError

    def receive_frames(self) -> int:
        """Act on the frames that the parser has made; how many bytes they hold, inflated."""
        raise NotImplementedError

    def pause_reading(self) -> None:
        """Take no more: what was read already waits too, and the peer feels back-pressure."""
        self._is_held_back = True
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Undo `pause_reading`."""
        self._is_held_back = False
        self._go_on()

    def receive_some(self, data: bytes, ws: Protocol, limits: Limits) -> bytes:
        """Take what belongs to one turn: so many frames and bytes, whatever they are; returns what is left.

        A single frame always fits, and the one that crosses the line is the last.
        """
        frames, size = limits.frames_per_turn, limits.bytes_per_turn
        start, end = 0, len(data)
        while start < end and frames > 0 and size > 0 and not self._is_held_back:
            before = start
            if self._left == 0:
                texts, start = whole_texts(data, ws, start, min(end, start + size), frames)
                for text in texts:
                    self.deliver(text)
                if start == end:
                    return b""  # the usual case
                if texts:
                    frames -= len(texts)
                    size -= start - before
                    continue
                self._left = frame_bytes(data, start)
                if self._left == 0:
                    break
            start = min(end, start + self._left)
            self._left -= start - before
            ws.receive_data(data[before:start])
            frames -= self._left == 0
            size -= start - before + self.receive_frames()
        return data[start:] if start < end else b""

    def keep(self, rest: bytes) -> None:
        """Leave `rest` to later turns; the beginning of a header alone waits for more of it."""
        self._rest = rest
        if self._left == 0 and frame_bytes(rest, 0) == 0:
            return
        self._is_waiting = True
        self._transport.pause_reading()
        if self._may_receive:
            self.turns.add(self)

    def run_turn(self) -> None:
        """The next turn of what was read already."""
        if not self._is_waiting or not self._may_receive:
            return
        rest, self._rest, self._is_waiting = self._rest, b"", False
        self.receive(rest)
        if not self._is_waiting:
            self._go_on()

    def drop_rest(self) -> None:
        """Nothing more is taken."""
        self._rest = b""
        self._is_waiting = False

    @property
    def _may_receive(self) -> bool:
        return not self._is_held_back and (not self._is_paused or self.ignores_back_pressure)

    def _go_on(self) -> None:
        if not self._may_receive:
            return
        if self._is_waiting:
            self.turns.add(self)
        else:
            self._transport.resume_reading()
