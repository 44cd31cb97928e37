"""Asking whoever sits at the terminal to do something, without stopping anything else."""

import asyncio
import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHUNK = 4096


class TerminalPrompter:
    """Implements `simulator.scenario.station_drivers.driver.Prompter` on the standard input.

    `show` and `hide` put the text on the screen and take it away.
    """

    def __init__(
        self, show: Callable[[str], None], hide: Callable[[], None], descriptor: int | None = None
    ) -> None:
        self._show = show
        self._hide = hide
        self._descriptor = standard_input() if descriptor is None else descriptor

    @property
    def is_interactive(self) -> bool:
        """Whether the standard input is a terminal."""
        return self._descriptor is not None and os.isatty(self._descriptor)

    async def request(self, text: str) -> None:
        """Show `text` until Enter is pressed, or until this is cancelled."""
        loop = asyncio.get_running_loop()
        pressed: asyncio.Future[None] = loop.create_future()
        if self._descriptor is None:
            await pressed
            return
        with _silent(self._descriptor):
            self._show(text)
            loop.add_reader(self._descriptor, _read, self._descriptor, pressed)
            try:
                await pressed
            finally:
                loop.remove_reader(self._descriptor)
                self._hide()


def standard_input() -> int | None:
    """Its descriptor; None where there is none: closed, or replaced by something that is no file."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None


def _read(descriptor: int, pressed: "asyncio.Future[None]") -> None:
    typed = os.read(descriptor, CHUNK)
    if not typed:  # Ctrl-D, or the terminal is gone: nobody will press Enter
        asyncio.get_running_loop().remove_reader(descriptor)
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
