"""The tap on a station's wire: every frame that goes or comes, as text, for whoever wants to see it."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ocppj.frames import MessageType
from ocppj.session import Direction

_UNANSWERABLE = (MessageType.CALL, MessageType.SEND)


@dataclass(frozen=True)
class Frame:
    """One message as it went over the wire. `seq` counts a station's frames from 1; IN is what it heard."""

    seq: int
    direction: Direction
    text: bytes
    at: datetime

    @cached_property
    def content(self) -> list[Any] | None:
        """The JSON array; None for a text that is none."""
        try:
            parsed = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return parsed if isinstance(parsed, list) else None

    @property
    def type(self) -> int | None:
        """The message type (2 CALL, 3 CALLRESULT, 4 CALLERROR); None for what is no frame."""
        match self.content:
            case [int(number), _, *_]:
                return number
            case _:
                return None

    @property
    def message_id(self) -> str | None:
        """What pairs a CALL with its answer; None for what is no frame."""
        match self.content:
            case [_, str(message_id), *_]:
                return message_id
            case _:
                return None

    @property
    def action(self) -> str | None:
        """The action of a CALL; None for everything else."""
        match self.content:
            case [number, _, str(action), *_] if number in _UNANSWERABLE:
                return action
            case _:
                return None

    @property
    def payload(self) -> Any:
        """The payload of a CALL or CALLRESULT, the code of a CALLERROR; None for everything else."""
        match self.content:
            case [2 | 6, _, _, payload] | [3, _, payload] | [4 | 5, _, payload, *_]:
                return payload
            case _:
                return None


class FrameTap:
    """The last frames of a station and whoever listens to new ones. Costs nothing while nobody does."""

    def __init__(self, kept: int) -> None:
        self._recent: deque[Frame] = deque(maxlen=kept)
        self._listeners: list[Callable[[Frame], None]] = []
        self.last_seq = 0

    def record(self, direction: Direction, text: bytes, at: datetime) -> None:
        """One more frame."""
        self.last_seq += 1
        if not self._listeners and not self._recent.maxlen:
            return
        frame = Frame(self.last_seq, direction, text, at)
        self._recent.append(frame)
        for listener in tuple(self._listeners):
            listener(frame)

    def since(self, seq: int) -> list[Frame]:
        """The kept frames after number `seq`."""
        return [frame for frame in self._recent if frame.seq > seq]

    def listen(self, listener: Callable[[Frame], None]) -> Callable[[], None]:
        """Call `listener` for each new frame, until the function that this returns is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def follow(self, *, since: int | None = None, limit: int = 1000) -> AsyncGenerator[Frame, None]:
        """Frames as they come, those after `since` first. A reader that falls `limit` behind loses some."""
        queue: asyncio.Queue[Frame] = asyncio.Queue(limit)

        def put(frame: Frame) -> None:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(frame)

        for frame in self.since(since) if since is not None else ():
            put(frame)
        leave = self.listen(put)
        try:
            while True:
                yield await queue.get()
        finally:
            leave()
