"""`borne load` as people and programs call it: exit codes, JSON, refusals."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from borne.cli import app
from ocppj.session import Request
from tests.support.answering import AnsweringLink, agree, answering
from tests.support.forked import ForkedServer
from tests.support.waiting import PATIENCE_S


@asynccontextmanager
async def borne_load(url: str, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "borne", "load", url, "--stations", "4", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def finished(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Its exit code and what it printed."""
    async with asyncio.timeout(PATIENCE_S):
        output, errors = await process.communicate()
    return process.returncode, output.decode(), errors.decode()


async def test_clean_run_prints_the_table_and_exits_with_0(tmp_path: Path) -> None:
    """And writes the same as JSON."""
    path = tmp_path / "load.json"
    async with (
        answering() as central,
        borne_load(central.url, "--seconds", "0.2", "--json", str(path)) as process,
    ):
        code, output, errors = await finished(process)
    assert (code, errors) == (0, "")
    assert "4 of 4 stations, OCPP 1.6, heartbeat, closed loop" in output
    figures = json.loads(path.read_text())
    assert figures["booted"] == 4
    assert f"{figures['actions']['Heartbeat']['answered']:,}" in output


async def test_json_on_stdout_is_nothing_but_json() -> None:
    """People's table goes to stderr."""
    options = ("--seconds", "0.2", "--json", "-", "--version", "2.0.1", "--mix", "mixed", "--rate", "200")
    async with answering() as central, borne_load(central.url, *options) as process:
        code, output, errors = await finished(process)
    assert code == 0
    assert json.loads(output)["rate"] == 200
    assert "200 messages/s" in errors


async def test_failures_exit_with_1() -> None:
    """And are printed with their reason."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | str:
        return "InternalError" if request.action == "Heartbeat" else agree(link, request)

    async with answering(script) as central, borne_load(central.url, "--seconds", "0.2") as process:
        code, output, _ = await finished(process)
    assert code == 1
    assert "× Heartbeat: InternalError: as scripted" in output


async def test_ctrl_c_prints_what_was_measured_and_exits_with_130() -> None:
    """Long before the minute is over."""
    beats = asyncio.Event()

    def script(link: AnsweringLink, request: Request) -> dict[str, Any]:
        if request.action == "Heartbeat":
            beats.set()
        return agree(link, request)

    async with answering(script) as central, borne_load(central.url, "--seconds", "60") as process:
        async with asyncio.timeout(PATIENCE_S):
            await beats.wait()
        process.send_signal(signal.SIGINT)
        code, output, _ = await finished(process)
    assert code == 130
    assert "Stopped before its time" in output
    assert "Heartbeat" in output


async def test_unreachable_server_exits_with_3() -> None:
    """One line, no traceback."""
    async with answering() as central:
        url = central.url
    async with borne_load(url) as process:
        code, output, errors = await finished(process)
    assert (code, output) == (3, "")
    assert errors.startswith("borne: cannot connect to 127.0.0.1")
    assert "borne up --unknown accept" in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_the_real_server_answers_every_message(version: str, tmp_path: Path) -> None:
    """A fleet's day, on real sockets and a real database: nothing fails."""
    async with (
        ForkedServer(tmp_path, "--unknown", "accept") as server,
        borne_load(
            server.ocpp_url, "--seconds", "0.5", "--mix", "mixed", "--version", version, "--json", "-"
        ) as process,
    ):
        code, output, errors = await finished(process)
    assert code == 0, errors
    assert json.loads(output)["messages_per_s"] > 0


async def test_server_that_does_not_accept_unknown_stations(tmp_path: Path) -> None:
    """The default is quarantine: the command says how to start the server instead."""
    async with ForkedServer(tmp_path) as server, borne_load(server.ocpp_url) as process:
        code, _, errors = await finished(process)
    assert code == 3
    assert "its boot was answered with Pending" in errors
    assert "borne up --unknown accept" in errors


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ws://192.0.2.1/ocpp"], "--yes-load-this-host"),
        (["--version", "1.5"], "1.6 or 2.0.1 or 2.1"),
        (["--rate", "fast"], "messages per second"),
        (["--rate", "0"], "messages per second"),
        (["--stations", "0"], "--stations"),
        (["--mix", "tea"], "heartbeat"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], words: str) -> None:
    """And says what is right."""
    result = CliRunner().invoke(app, ["load", *arguments], env={"COLUMNS": "400"})
    assert result.exit_code == 2
    assert words in result.output
