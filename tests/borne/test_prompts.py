"""Asking at a terminal: Enter ends it, its end of file does not, and what was typed before does not count."""

import asyncio
import os
import pty
import termios
from collections.abc import Iterator

import pytest

from borne.prompts import TerminalPrompter
from runtime.clock import settle
from tests.support.waiting import PATIENCE_S

WAIT_S = PATIENCE_S


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The person's end and the program's end of a terminal."""
    person, program = pty.openpty()
    yield person, program
    os.close(person)
    os.close(program)


async def shown(screen: list[str]) -> None:
    """Let the prompt appear."""
    await settle()
    assert screen


def prompter(program: int) -> tuple[TerminalPrompter, list[str]]:
    """One whose screen is a list."""
    screen: list[str] = []
    return TerminalPrompter(screen.append, screen.clear, program), screen


async def test_enter_ends_a_prompt(terminal: tuple[int, int]) -> None:
    """It shows while it waits; the keys do not; afterwards the terminal is as it was."""
    person, program = terminal
    asks, screen = prompter(program)
    assert asks.is_interactive
    before = termios.tcgetattr(program)
    os.write(person, b"typed too early\n")
    asking = asyncio.ensure_future(asks.request("Plug it in."))
    await shown(screen)
    assert screen == ["Plug it in."]
    assert not termios.tcgetattr(program)[3] & termios.ECHO
    assert not asking.done()
    os.write(person, b"\n")
    await asyncio.wait_for(asking, WAIT_S)
    assert screen == []
    assert termios.tcgetattr(program) == before


async def test_a_prompt_can_be_taken_away(terminal: tuple[int, int]) -> None:
    """What it asked for was seen: nobody need press anything."""
    _, program = terminal
    asks, screen = prompter(program)
    asking = asyncio.ensure_future(asks.request("Plug it in."))
    await shown(screen)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert screen == []


async def test_the_end_of_the_input_is_no_enter(terminal: tuple[int, int]) -> None:
    """Ctrl-D: nobody will press Enter, and the prompt waits for its effect."""
    person, program = terminal
    asks, screen = prompter(program)
    asking = asyncio.ensure_future(asks.request("Plug it in."))
    await shown(screen)
    os.write(person, b"\x04")
    await settle()
    assert not asking.done()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_a_pipe_is_nobody() -> None:
    """As in CI."""
    reading, writing = os.pipe()
    assert not prompter(reading)[0].is_interactive
    assert not TerminalPrompter(print, print).is_interactive  # pytest's own input
    os.close(reading)
    os.close(writing)
