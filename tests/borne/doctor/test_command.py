"""`borne doctor` as people call it."""

import asyncio
from pathlib import Path

from typer.testing import CliRunner, Result

from borne.cli import app
from tests.support.process import free_port
from tests.support.server import live_server


async def doctor(*arguments: str, **environment: str) -> Result:
    """In a thread: it brings its own event loop."""
    env = {"BORNE_API": "", "BORNE_TOKEN": "", "COLUMNS": "100"} | environment
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, ["doctor", *arguments], env=env))


async def test_without_a_server_it_looks_at_this_machine(tmp_path: Path) -> None:
    """Exit code 3; it takes the options of `borne up`."""
    ports = (f"--ocpp-port={free_port()}", f"--http-port={free_port()}")
    done = await doctor("--var", str(tmp_path), *ports)
    assert done.exit_code == 3
    assert "No server answers" in done.output
    assert "This machine" in done.output
    assert "Next: Start one: borne up" in done.output


async def test_a_server_where_all_is_well_is_exit_code_0(tmp_path: Path) -> None:
    """And one station of it, by any spelling of its name."""
    async with live_server(tmp_path) as server, server.station("BENCH-1"):
        environment = {"BORNE_API": server.running.http_url, "BORNE_TOKEN": server.running.token}
        whole = await doctor(f"--ocpp-port={server.port}", **environment)
        one = await doctor("bench-1", f"--ocpp-port={server.port}", **environment)
    assert (whole.exit_code, one.exit_code) == (0, 0), whole.output + one.output
    assert "1 of 1 station online" in whole.output
    assert "online since" in one.output


async def test_a_wrong_option_is_exit_code_2() -> None:
    """As everywhere."""
    assert (await doctor("--ocpp-port=99999")).exit_code == 2
