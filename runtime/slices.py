"""Long work on the event loop, in slices: whatever else is due runs in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

T = TypeVar("T")


async def in_slices(rows: Sequence[T], size: int) -> AsyncIterator[Sequence[T]]:
    """The rows, `size` at a time; all that waits on the loop runs between two slices."""
    for start in range(0, len(rows), size):
        if start:
            await asyncio.sleep(0)
        yield rows[start : start + size]
