"""A real `borne up` in its own process, for tests that start it again and again.

The process is forked from one that has the server's modules loaded, which is most of the work of a start;
nothing else of the server has happened there. Its files, sockets and signals are its own. `tests/e2e` starts
the program as people do. An environment that is for the interpreter (PYTHONPATH) comes too late here.
"""

import asyncio
import os
import sys
from multiprocessing import connection, context, get_context
from pathlib import Path

from borne.cli import main
from tests.support.process import Running, ServerProcess

_FORKING: context.ForkServerContext = get_context("forkserver")
_FORKING.set_forkserver_preload(["borne.up", "tests.support.forked"])


def serve(arguments: list[str], log_file: Path, environment: dict[str, str]) -> None:
    """In the process that was forked: what `python -m borne` does there."""
    with log_file.open("ab") as log:
        for output in (1, 2):
            os.dup2(log.fileno(), output)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["borne", *arguments]
    main()


class Forked:
    """One such process."""

    def __init__(self, process: context.ForkServerProcess) -> None:
        self._process = process
        process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """With what it ended, a signal's number below zero; None: it runs."""
        return self._process.exitcode

    def send_signal(self, signal: int, /) -> None:
        """At once."""
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        """Until it has ended."""
        await asyncio.to_thread(connection.wait, [self._process.sentinel])
        assert self._process.exitcode is not None
        return self._process.exitcode


class ForkedServer(ServerProcess):
    """`borne up` without the second that its modules take."""

    async def _begin(self, arguments: list[str], log_file: Path, environment: dict[str, str]) -> Running:
        asked = (arguments, log_file, environment)
        return Forked(_FORKING.Process(target=serve, args=asked, daemon=True))
