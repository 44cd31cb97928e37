"""Coroutines from tests that are none, and what stays open meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from borne.testing.loop_thread import LoopThread


def test_what_is_held_is_closed_in_the_end() -> None:
    """In the task that opened it."""
    seen: list[str] = []

    @asynccontextmanager
    async def door() -> AsyncIterator[str]:
        seen.append("open")
        yield "inside"
        seen.append("closed")

    async def one() -> int:
        return 1

    with LoopThread() as loop:
        assert loop.run(one()) == 1
        held = loop.hold(door())
        assert (held.value, seen) == ("inside", ["open"])
        held.close()
    assert seen == ["open", "closed"]


def test_what_cannot_be_opened_says_why() -> None:
    """To whoever asked."""

    @asynccontextmanager
    async def stuck() -> AsyncIterator[None]:
        raise OSError("no door")
        yield

    with LoopThread() as loop, pytest.raises(OSError, match="no door"):
        loop.hold(stuck())
