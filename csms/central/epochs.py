"""Numbers of connections, out of blocks that the database promised to this process alone."""

from ocppj.vocabulary import Epoch

EPOCH_BLOCK = 1_000_000
"""Epochs are promised to a process in blocks, so that they grow over a crash too."""
ASK_EVERY = 1000
"""Between two requests for the next block, where one was lost."""


class Epochs:
    """Gives out a block, and the next one after it. `last` is the last one before the first block."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._end = last + EPOCH_BLOCK
        self._next: int | None = None

    def take(self) -> Epoch:
        """One that nobody has, greater than all before of this process and of those that have ended."""
        if self._last == self._end and self._next is not None:
            self._last, self._end, self._next = self._next, self._next + EPOCH_BLOCK, None
        if self._last == self._end:
            raise RuntimeError("no epochs are left: the database promised no more")
        self._last += 1
        return Epoch(self._last)

    @property
    def is_running_out(self) -> bool:
        """Whether the next block is to be asked for now: half of this one is used, and none is there yet."""
        left = self._end - self._last
        return self._next is None and left <= EPOCH_BLOCK // 2 and left % ASK_EVERY == 0

    def add(self, last: int) -> None:
        """The block after `last` is promised."""
        self._next = last
