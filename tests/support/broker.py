"""A real Mosquitto that tests start, kill and freeze."""

import asyncio
import os
import shutil
import signal
import socket
from pathlib import Path

import pytest

from tests.support.required import is_required
from tests.support.waiting import PATIENCE_S

BROKER = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
ABSENT = "Mosquitto is not installed: apt-get install mosquitto"
needs_broker = pytest.mark.skipif(BROKER is None and not is_required("mosquitto"), reason=ABSENT)


class Broker:
    """A Mosquitto process on its own port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._config = folder / "mosquitto.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """How to reach it."""
        return f"mqtt://user:p%40ss@127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start and wait until it listens."""
        assert BROKER is not None, f"BORNE_REQUIRE names mosquitto, but: {ABSENT}"
        self._process = await asyncio.create_subprocess_exec(
            BROKER, "-c", str(self._config), stderr=asyncio.subprocess.PIPE
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(PATIENCE_S):
            while b"running" not in await self._process.stderr.readline():
                pass

    async def stop(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            await self._process.communicate()
            self._process = None

    def freeze(self, *, frozen: bool) -> None:
        """Let it hang, or go on."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP if frozen else signal.SIGCONT)
