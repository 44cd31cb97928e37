"""`borne station` as people and programs call it."""

import asyncio
import json
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from borne.cli import app
from simulator.model.template import shipped_templates
from tests.support.answering import answering
from tests.support.waiting import PATIENCE_S


@asynccontextmanager
async def borne(
    *arguments: str, stdin: int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "borne", *arguments),
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"COLUMNS": "200"},
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


async def test_charge_for_people() -> None:
    """The whole address of the station, a cable, a token, a second: 0."""
    async with (
        answering() as central,
        borne(
            *("station", f"{central.url}/BOX-1", "--plug", "--token", "TAG1"),
            *("--seconds", "2.5", "--fast", "10"),
        ) as process,
    ):
        code, output, errors = await finished(process)
        assert (code, errors) == (0, "")
        assert central.door.upgrades[0].target.identity == "BOX-1"
    assert "→ StartTransaction" in output
    assert "← StartTransaction answered" in output
    assert "BOX-1 (OCPP 1.6): connected, Accepted" in output
    assert output.rstrip().endswith("switched off")


async def test_everything_can_be_named(tmp_path: Path) -> None:
    """Template, id, MAC, vendor, model, serial number, firmware, password, state file; as JSON."""
    who = {"vendor": "Me", "model": "One", "serial": "S-1", "firmware": "9.9"}
    state = tmp_path / "state.json"
    async with (
        answering() as central,
        borne(
            *("station", "--url", central.url, "--template", "ac-201", "--id", "0024:B100"),
            *(word for name, value in who.items() for word in (f"--{name}", value)),
            *("--password", "a password 0123", "--state", str(state), "--json"),
            *("--seconds", "2", "--fast", "10", "--mac", "02:B0:20:00:00:07"),
        ) as process,
    ):
        code, output, errors = await finished(process)
        assert (code, errors) == (0, "")
        upgrade = central.door.upgrades[0]
        assert upgrade.target.identity == "0024:B100"
        assert upgrade.credentials is not None
        assert upgrade.credentials.password == b"a password 0123"
    lines = [json.loads(line) for line in output.splitlines()]
    boot = next(line["frame"][3] for line in lines if line["type"] == "frame")
    assert boot["chargingStation"] == {
        "vendorName": "Me",
        "model": "One",
        "serialNumber": "S-1",
        "firmwareVersion": "9.9",
    }
    assert next(line for line in lines if line["type"] == "result")["station"]["registration"] == "Accepted"
    assert json.loads(state.read_text())["was_accepted"] is True
    assert "a password 0123" not in output


async def test_nobody_there() -> None:
    """3 after the time is up; the way out is said."""
    async with borne(
        "station", "--url", "ws://127.0.0.1:1/ocpp", "--seconds", "1", "--fast", "10", "--no-frames"
    ) as process:
        code, output, _ = await finished(process)
    assert code == 3
    assert "cannot connect to 127.0.0.1:1" in output
    assert "borne up" in output


async def test_ctrl_c_is_a_clean_end() -> None:
    """130; the server hears a goodbye."""
    async with answering() as central, borne("station", "--url", central.url, "--fast", "10") as process:
        (link,) = await central.until_links(1)
        await link.until(lambda: link.requests)
        process.send_signal(signal.SIGINT)
        code, _, errors = await finished(process)
        assert (code, errors) == (130, "")
        assert (await link.until_closed())[0] == 1001


async def test_hands_on_a_terminal() -> None:
    """It says that one may type, and obeys."""
    near, far = pty.openpty()
    async with (
        answering() as central,
        borne("station", "--url", central.url, "--fast", "10", stdin=far) as process,
    ):
        os.close(far)
        (link,) = await central.until_links(1)
        await link.until(lambda: len(link.requests) >= 3)
        os.write(near, b"plug\ntoken TAG1\n")
        await link.until(lambda: any(request.action == "StartTransaction" for request in link.requests))
        os.write(near, b"quit\n")
        code, output, errors = await finished(process)
    os.close(near)
    assert (code, errors) == (0, "")
    assert "Type help" in output
    assert "TAG1: started (Accepted)" in output


def test_templates_are_listed() -> None:
    """Name, version and what it is."""
    found = CliRunner().invoke(app, ["station", "--list"])
    assert found.exit_code == 0
    for name, kind in shipped_templates().items():
        assert name in found.output
        assert kind.vendor in found.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["http://csms/ocpp/BOX"], "ws://HOST:9000/ocpp/STATION-ID"),
        (["--url", "csms:9000"], "ws://HOST:9000/ocpp"),
        (["ws://csms/ocpp/BOX", "--id", "OTHER"], "give one"),
        (["--template", "nonsense"], "choose one of"),
        (["--template", "nowhere.yaml"], "cannot read the template"),
        (["--mac", "nonsense"], "MAC"),
        (["--ca", "nowhere.pem"], "--ca nowhere.pem"),
        (["--fast", "0"], "--fast"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    """2, and the reason."""
    found = CliRunner().invoke(app, ["station", *arguments], env={"COLUMNS": "200"})
    assert found.exit_code == 2
    assert message in " ".join(found.output.replace("│", " ").split())


def test_state_file_of_another_station(tmp_path: Path) -> None:
    """3, and what to do."""
    path = tmp_path / "state.json"
    path.write_text('{"station_id": "OTHER"}')
    found = CliRunner().invoke(app, ["station", "--id", "BOX", "--state", str(path)])
    assert found.exit_code == 3
    assert "give each station its own file" in found.output
