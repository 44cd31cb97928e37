"""What many open pages ask for at once is read once, and shown to all of them for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from runtime.clock import Clock

LOOK_EVERY_S = 2.0
READS_KEPT = 50
T = TypeVar("T")


class SharedReads:
    """Answers by what was asked; who asks while one is read waits for the same."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = asyncio.Lock()

    async def read(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """As it was LOOK_EVERY_S ago, at most."""
        async with self._lock:
            now = self._clock.monotonic()
            known = self._kept.get(key)
            if known is None or now - known[0] >= LOOK_EVERY_S:
                known = self._kept[key] = now, await fetch()
                self._kept.move_to_end(key)
                if len(self._kept) > READS_KEPT:
                    self._kept.popitem(last=False)
            answer: T = known[1]
            return answer
