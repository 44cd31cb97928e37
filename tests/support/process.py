"""A real `borne up` in its own process: started on free ports, killed, started again on the same files."""

import asyncio
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Protocol, Self

import httpx

from tests.support.waiting import PATIENCE_S, patient_http

READY_WITHIN_S = PATIENCE_S
POLL_S = 0.05


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running(Protocol):
    """A process that was started; what asyncio's has of it."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def returncode(self) -> int | None:
        """With what it ended, a signal's number below zero; None: it runs."""
        ...

    def send_signal(self, signal: int, /) -> None:
        """At once."""
        ...

    async def wait(self) -> int:
        """Until it has ended."""
        ...


class ServerProcess:
    """`borne up` with `var` as its folder. Leaving the context ends the process."""

    program: tuple[str, ...] = ("borne",)
    """The module to run, and its first arguments."""

    def __init__(
        self, var: Path, *options: str, env: dict[str, str] | None = None, descriptors: int | None = None
    ) -> None:
        self.var = var
        self.ocpp_port = free_port()
        self.http_port = free_port()
        self._options = options
        self._env = env or {}
        self._descriptors = descriptors
        """How many files it may open; None: as many as this process."""
        self._process: Running | None = None

    @property
    def ocpp_url(self) -> str:
        """Where stations connect; append the station id."""
        return f"ws://127.0.0.1:{self.ocpp_port}/ocpp"

    @property
    def http_url(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def token(self) -> str:
        """The token of the first run."""
        return (self.var / "token").read_text().strip()

    @property
    def log(self) -> str:
        """All that the process printed so far."""
        path = self.var / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def start(self) -> None:
        """Start and wait until it is ready; its output is the error if it is not."""
        self.var.mkdir(parents=True, exist_ok=True)
        arguments = [
            "up", "--var", str(self.var),
            "--ocpp-port", str(self.ocpp_port), "--http-port", str(self.http_port), *self._options,
        ]  # fmt: skip
        self._process = await self._begin(arguments, self.var / "server.log", {**os.environ, **self._env})
        async with asyncio.timeout(READY_WITHIN_S), patient_http() as http:
            while not await self._is_ready(http):
                assert self._process.returncode is None, f"borne up ended:\n{self.log}"
                await asyncio.sleep(POLL_S)  # another process: only looking tells

    async def _begin(self, arguments: list[str], log_file: Path, environment: dict[str, str]) -> Running:
        """As people do, in a program of its own."""
        with log_file.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self.program, *arguments),
                stdout=log,
                stderr=log,
                env=environment,
                preexec_fn=self._limit if self._descriptors is not None else None,
            )

    def limit_file_size(self, most: int | None) -> None:
        """No file of the process may grow beyond this many bytes, as on a full disk; None: any size."""
        assert self._process is not None
        _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (hard if most is None else most, hard))

    def _limit(self) -> None:
        """In the child, before the program starts."""
        limit = self._descriptors or 0
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

    async def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        await self._end(signal.SIGKILL)

    async def ended(self) -> int:
        """Wait until it has ended by itself; its exit code."""
        assert self._process is not None
        async with asyncio.timeout(PATIENCE_S):
            return await self._process.wait()

    async def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop; its exit code."""
        return await self._end(sign)

    async def _end(self, sign: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(sign)
        async with asyncio.timeout(PATIENCE_S):
            return await self._process.wait()

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.http_url}/readyz")).is_success
        except httpx.TransportError:
            return False
