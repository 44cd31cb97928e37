"""`borne ctl watch` ends when it is asked to, and when nobody reads it any more."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from borne.live_table import until_nobody_reads
from tests.support.process import free_port
from tests.support.server import live_server
from tests.support.waiting import PATIENCE_S


@asynccontextmanager
async def watching(**environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command in a process of its own, its output in a pipe."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "borne", "ctl", "watch"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LANG": "C"} | environment,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_changes_are_lines_until_ctrl_c(tmp_path: Path) -> None:
    """A station that comes is told at once; Ctrl-C is the normal end."""
    async with live_server(tmp_path) as server:
        environment = {"BORNE_API": server.running.http_url, "BORNE_TOKEN": server.running.token}
        async with watching(**environment) as process, server.station("BENCH-1"):
            assert process.stdout is not None
            line = await process.stdout.readline()
            assert b"bench-1" in line
            process.send_signal(signal.SIGINT)
            _, errors = await process.communicate()
            assert (process.returncode, errors) == (0, b"")


async def test_a_server_that_is_away_is_waited_for() -> None:
    """It says so, and how to start one."""
    async with watching(BORNE_API=f"http://127.0.0.1:{free_port()}") as process:
        assert process.stdout is not None
        assert b"start one with `borne up`" in await process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_a_token_that_is_refused_is_one_line(tmp_path: Path) -> None:
    """On standard error, exit code 3."""
    async with live_server(tmp_path) as server:
        environment = {"BORNE_API": server.running.http_url, "BORNE_TOKEN": "wrong"}
        async with watching(**environment) as process:
            _, errors = await process.communicate()
    assert process.returncode == 3
    assert errors.startswith(b"error: ")
    assert errors.count(b"\n") == 1


async def test_a_reader_that_has_gone_is_a_quiet_end() -> None:
    """As with `| head`."""
    program = (
        "from borne.live_table import until_nobody_reads\n"
        "with until_nobody_reads():\n"
        "    while True: print('x' * 1000, flush=True)\n"
        "raise SystemExit(7)\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined] # what `head` does
    async with asyncio.timeout(PATIENCE_S):
        assert await process.stderr.read() == b""
        assert await process.wait() == 7


def test_other_errors_are_not_hidden() -> None:
    """Only the pipe's."""
    with pytest.raises(ValueError, match="x"), until_nobody_reads():
        int("x")
