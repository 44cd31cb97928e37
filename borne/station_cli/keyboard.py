"""Lines on standard input, while everything else goes on: typed on a terminal, or written by a program."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator

from borne.prompts import standard_input

LONGEST_LINE = 65_536
"""Bytes; a longer line is cut."""


async def typed_lines() -> AsyncIterator[str]:
    """Each line of standard input, until it ends. Nothing where there is none, as with /dev/null."""
    descriptor = standard_input()
    if descriptor is None:
        return
    lines = _file_lines(descriptor) if stat.S_ISREG(os.fstat(descriptor).st_mode) else _live_lines(descriptor)
    async for line in lines:
        if line.strip():
            yield line.strip()


async def _live_lines(descriptor: int) -> AsyncIterator[str]:
    """Of a terminal, a pipe or a socket: whenever there is something to read."""
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    begun = b""

    def readable() -> None:
        nonlocal begun
        read = os.read(descriptor, LONGEST_LINE)
        # A terminal hands over whole lines, a pipe whatever has come.
        *whole, begun = (begun + read).split(b"\n")
        if len(begun) > LONGEST_LINE or not read:
            whole, begun = [*whole, begun[:LONGEST_LINE]], b""
        for line in whole:
            queue.put_nowait(line.decode("utf-8", "replace"))
        if not read:
            loop.remove_reader(descriptor)
            queue.put_nowait(None)

    try:
        loop.add_reader(descriptor, readable)
    except OSError:  # what cannot be waited for, such as /dev/null, says nothing
        return
    try:
        while (line := await queue.get()) is not None:
            yield line
    finally:
        loop.remove_reader(descriptor)


async def _file_lines(descriptor: int) -> AsyncIterator[str]:
    """Of a file (`< commands.txt`): there at once."""
    with os.fdopen(os.dup(descriptor), encoding="utf-8", errors="replace") as file:
        for line in file:
            yield line[:LONGEST_LINE]
