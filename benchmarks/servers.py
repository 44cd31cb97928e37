"""The servers that are measured, each in a process of its own on a core of its own.

`borne` is the complete central system as `borne up` starts it: registry, database, wire log, metrics, API.
"""

import http.client
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]
READY_WITHIN_S = 300.0
"""A start takes seconds, but took half a minute beside other programs: that must not end a long run."""
LOOK_EVERY_S = 0.01
STOP_WITHIN_S = 20.0
FILES = 20_000
DATABASE_URL = "BORNE_DATABASE_URL"
"""The setting of a server's database: where it is set, every `borne` that is measured has that one."""


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    name: str
    address: tuple[str, int]
    pid: int
    var: Path
    """Its folder: the database, if it has one, and what it printed."""
    http: tuple[str, int] = ("127.0.0.1", 0)
    """Where its API and console are, if it has them."""
    ready_after_s: float = 0.0
    """From its start until it answered."""

    @property
    def cpu_s(self) -> float:
        """Processor time that it has used, all threads, in user and kernel mode."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident_kib(self) -> int:
        """Its memory."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0


def command(name: str, ocpp_port: int, http_port: int, var: Path) -> list[str]:
    """How a server is started."""
    match name:
        case "borne":
            ports = ["--ocpp-port", str(ocpp_port), "--http-port", str(http_port)]
            return ["-m", "borne", "up", "--unknown", "accept", "--var", str(var), *ports]
        case "echo":
            return ["-m", "benchmarks.echo", str(ocpp_port)]
        case "ours":
            return ["-m", "benchmarks.echo", str(ocpp_port), "--ours"]
        case "thirty_lines":
            return ["-m", "benchmarks.thirty_lines", str(ocpp_port)]
        case _:
            sys.exit(f"there is no server {name}: borne, echo, ours, thirty_lines")


@contextmanager
def running_server(
    name: str,
    *,
    tree: Path = HERE,
    prepare: Callable[[Path], None] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Start it on the server's core, and end it. Meanwhile this process has the client's core.

    `tree` is the clone whose code runs; `prepare` is given the server's empty folder before it starts;
    `settings` are variables of its environment.
    """
    allow_files()
    ocpp_port, http_port = _free_port(), _free_port()
    with tempfile.TemporaryDirectory(prefix="borne-bench-") as folder:
        var = Path(folder)
        if prepare is not None:
            prepare(var)
        began = time.perf_counter()
        with (var / "output.log").open("wb") as output:
            os.sched_setaffinity(0, {SERVER_CORE})  # the child and every thread of it inherit this
            process = subprocess.Popen(
                [sys.executable, *command(name, ocpp_port, http_port, var)],
                stdout=output,
                stderr=output,
                cwd=tree,  # what `-m` imports first
                env=os.environ | {"PYTHONPATH": str(tree)} | dict(settings or {}),
            )
        os.sched_setaffinity(0, {CLIENT_CORE})
        try:
            _wait_until_ready(name, process, ocpp_port, http_port, var)
            took_s = time.perf_counter() - began
            yield Server(name, ("127.0.0.1", ocpp_port), process.pid, var, ("127.0.0.1", http_port), took_s)
        finally:
            os.sched_setaffinity(0, CORES)
            _end(process)


def allow_files() -> None:
    """As many open files as this process, and the servers it starts, may have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = FILES if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _wait_until_ready(
    name: str, process: subprocess.Popen[bytes], ocpp_port: int, http_port: int, var: Path
) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(http_port) if name == "borne" else _listens(ocpp_port):
            return
        time.sleep(LOOK_EVERY_S)
    printed = (var / "output.log").read_text(errors="replace")[-2000:]
    sys.exit(f"{name} did not start:\n{printed}")


def _answers(http_port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", http_port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
