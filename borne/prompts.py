"""Asking whoever sits at the terminal to do something, without stopping anything else."""

import asyncio
import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHUNK = 4096


class TerminalPrompter:
    """Implements `simulator.scenario.actors.actor.Prompter` on the standard input.

    `show` and `hide` put the text on the screen and take it away.
    """

    def __init__(
        self, show: Callable[[str], None], hide: Callable[[], None], descriptor: int | None = None
    ) -> None:
        self._show = show
        self._hide = hide
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor

    @property
    def is_interactive(self) -> bool:
        """Whether the standard input is a terminal."""
        return os.isatty(self._descriptor)

    async def ask(self, text: str) -> None:
        """Show `text` until Enter is pressed, or until this is cancelled."""
        pressed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with _silent(self._descriptor):
            self._show(text)
            asyncio.get_running_loop().add_reader(self._descriptor, self._read, pressed)
            try:
                await pressed
            finally:
                asyncio.get_running_loop().remove_reader(self._descriptor)
                self._hide()

    def _read(self, pressed: "asyncio.Future[None]") -> None:
        typed = os.read(self._descriptor, CHUNK)
        if not typed:  # Ctrl-D, or the terminal is gone: nobody will press Enter
            asyncio.get_running_loop().remove_reader(self._descriptor)
        elif not pressed.done():
            pressed.set_result(None)


@contextmanager
def _silent(descriptor: int) -> Iterator[None]:
    """What is typed does not show, and what was typed before does not count."""
    before = termios.tcgetattr(descriptor)
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSADRAIN, silent)
    termios.tcflush(descriptor, termios.TCIFLUSH)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
