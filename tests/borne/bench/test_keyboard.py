"""Lines typed on a terminal."""

import asyncio
import os
import pty
import sys

import pytest

from borne.bench.keyboard import typed_lines


async def test_lines_come_as_they_are_typed_until_ctrl_d(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty ones are left out."""
    near, far = pty.openpty()
    with os.fdopen(far, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        typed: list[str] = []
        async with asyncio.timeout(10):
            os.write(near, b"plug 1\n\n  token TAG \n")
            async for line in typed_lines():
                typed.append(line)
                if len(typed) == 2:
                    os.write(near, b"\x04")
        assert typed == ["plug 1", "token TAG"]
    os.close(near)


async def test_without_a_terminal_nothing_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container or CI run the station goes on by itself."""
    with open(os.devnull) as nothing:  # noqa: PTH123, ASYNC230 - a file that is always there
        monkeypatch.setattr(sys, "stdin", nothing)
        assert [line async for line in typed_lines()] == []
