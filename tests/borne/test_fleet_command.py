"""`borne fleet` as people and programs call it."""

import json
import signal

from typer.testing import CliRunner

from borne.cli import app
from ocppj.aio.endpoint import Refuse
from tests.borne.test_station_command import borne, finished
from tests.support.answering import answering


async def test_fleet_for_a_while() -> None:
    """0 once every station is accepted; the last line tells how it stood."""
    async with (
        answering() as central,
        borne(
            *("fleet", central.url, "--count", "5", "--prefix", "F", "--charge-every", "5"),
            *("--charge-for", "2", "--fast", "10", "--seconds", "3", "--json"),
        ) as process,
    ):
        code, output, errors = await finished(process)
        assert (code, errors) == (0, "")
        identities = {request.target.identity for request in central.door.upgrades}
        assert identities == {f"F0000{number}" for number in range(1, 6)}
        assert "StartTransaction" in central.actions()
    last = json.loads(output.splitlines()[-1])
    assert (last["stations"], last["accepted"]) == (5, 5)
    assert last["charges"] > 0


async def test_cars_come_without_being_asked_for() -> None:
    """`--charge-every 0` is a fleet without any."""
    options = ("--count", "8", "--fast", "40", "--seconds", "3", "--json")
    async with answering() as central, borne("fleet", central.url, *options) as process:
        _, output, _ = await finished(process)
    assert json.loads(output.splitlines()[-1])["charges"] > 0
    async with (
        answering() as central,
        borne("fleet", central.url, *options, "--charge-every", "0") as process,
    ):
        await finished(process)
        assert "Authorize" not in central.actions()


async def test_fleet_that_is_refused() -> None:
    """3, and the reason is counted."""
    async with answering() as central:
        central.door.decision = Refuse(401, "who are you")
        async with borne(
            "fleet", "--url", central.url, "-n", "3", "--fast", "10", "--seconds", "1.5"
        ) as process:
            code, output, _ = await finished(process)
    assert code == 3
    assert "connected 0 of 3" in output
    assert "HTTP 401: who are you" in output


async def test_ctrl_c_is_a_clean_end() -> None:
    """130; every station says goodbye."""
    async with answering() as central, borne("fleet", central.url, "-n", "3", "--fast", "10") as process:
        links = await central.until_links(3)
        process.send_signal(signal.SIGINT)
        code, _, errors = await finished(process)
        assert (code, errors) == (130, "")
        for link in links:
            assert (await link.until_closed())[0] == 1001


def test_wrong_address_is_wrong_usage() -> None:
    """2."""
    found = CliRunner().invoke(app, ["fleet", "http://csms/ocpp"], env={"COLUMNS": "200"})
    assert found.exit_code == 2
    assert "ws://HOST:9000/ocpp" in found.output
