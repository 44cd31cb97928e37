"""Lines typed on a terminal, while everything else goes on."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

LONGEST_LINE = 65_536


async def typed_lines() -> AsyncIterator[str]:
    """Each line typed on standard input, until it ends (Ctrl-D). Nothing at all without a terminal."""
    if not sys.stdin.isatty():
        return
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    descriptor = sys.stdin.fileno()
    loop = asyncio.get_running_loop()

    def readable() -> None:
        # The terminal hands over whole lines: this never waits.
        text = os.read(descriptor, LONGEST_LINE).decode("utf-8", "replace")
        for line in text.splitlines() if text else [None]:
            queue.put_nowait(line)

    loop.add_reader(descriptor, readable)
    try:
        while (line := await queue.get()) is not None:
            if line.strip():
                yield line.strip()
    finally:
        loop.remove_reader(descriptor)
