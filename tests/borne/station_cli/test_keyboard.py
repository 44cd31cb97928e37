"""Lines typed on a terminal, or written by a program."""

import asyncio
import os
import pty
import sys
from pathlib import Path

import pytest

from borne.station_cli.keyboard import typed_lines
from tests.support.waiting import PATIENCE_S


async def test_lines_come_as_they_are_typed_until_ctrl_d(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty ones are left out."""
    near, far = pty.openpty()
    with os.fdopen(far, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        typed: list[str] = []
        async with asyncio.timeout(PATIENCE_S):
            os.write(near, b"plug 1\n\n  token TAG \n")
            async for line in typed_lines():
                typed.append(line)
                if len(typed) == 2:
                    os.write(near, b"\x04")
        assert typed == ["plug 1", "token TAG"]
    os.close(near)


async def test_a_pipe_gives_lines_however_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program writes half a line, then the rest and more; the last one needs no end."""
    far, near = os.pipe()
    with os.fdopen(far, "r") as pipe:
        monkeypatch.setattr(sys, "stdin", pipe)
        lines = aiter(typed_lines())
        os.write(near, b"pl")
        first = asyncio.ensure_future(anext(lines))
        await asyncio.sleep(0)
        os.write(near, b"ug 1\ntoken TAG\nunpl")
        assert await first == "plug 1"
        assert await anext(lines) == "token TAG"
        os.write(near, b"ug")
        os.close(near)
        assert [line async for line in lines] == ["unplug"]


async def test_a_file_of_commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Which no loop can wait for: `borne station < commands.txt`."""
    commands = tmp_path / "commands.txt"
    commands.write_text("plug\n\ntoken TAG")
    with commands.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert [line async for line in typed_lines()] == ["plug", "token TAG"]


async def test_without_a_terminal_nothing_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container or CI run the station goes on by itself."""
    with open(os.devnull) as nothing:  # noqa: PTH123, ASYNC230 - a file that is always there
        monkeypatch.setattr(sys, "stdin", nothing)
        assert [line async for line in typed_lines()] == []
