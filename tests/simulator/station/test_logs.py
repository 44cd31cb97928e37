"""A station that sends its logs: its own frames without secrets, where it is asked for them."""

from typing import Any

import pytest

from simulator.connection.file_client import FileTransferError
from tests.support.simulated import Stage, simulated

ALL = pytest.mark.parametrize("template", ["ac-16", "ac-201", "ac-21"])
URL = "https://files.example/up?token=t"
SECRET = "s3cret-s3cret-s3cret"


class Tray:
    """A file client that takes files."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.taken: list[tuple[str, str, str]] = []

    async def fetch(self, url: str) -> bytes:
        """Nobody fetches a log."""
        raise AssertionError

    async def send(self, url: str, name: str, content: bytes) -> None:
        """After so many failures."""
        if self.failures:
            self.failures -= 1
            raise FileTransferError("cut off")
        self.taken.append((url, name, content.decode()))


async def ask(stage: Stage, template: str, kind: str = "DiagnosticsLog", **more: Any) -> Any:
    """GetLog, or GetDiagnostics of 1.6."""
    if template == "ac-16" and kind == "DiagnosticsLog":
        return await stage.ask("GetDiagnostics", {"location": URL} | more)
    asked = {"logType": kind, "requestId": 9, "log": {"remoteLocation": URL} | more.pop("log", {})}
    return await stage.ask("GetLog", asked | more)


def statuses(stage: Stage) -> list[str]:
    """What it told, in order; with the number where there is one (N01.FR.07)."""
    plain, numbered = stage.said("DiagnosticsStatusNotification"), stage.said("LogStatusNotification")
    assert {each.request_id for each in numbered if each.status != "Idle"} <= {9}
    return [str(each.status) for each in plain + numbered]


@ALL
async def test_it_sends_what_went_over_its_wire(template: str) -> None:
    """N01.FR.01, .08, .09; nobody reads its password there."""
    tray = Tray()
    async with simulated(template, files=tray, password=SECRET) as stage:
        await stage.boot()
        answer = await ask(stage, template)
        await stage.rest()
        name = answer.file_name if template == "ac-16" else answer.filename
        assert statuses(stage) == ["Uploading", "Uploaded"]
        [(url, sent_name, content)] = tray.taken
        assert (url, sent_name) == (URL, name)
        assert "BootNotification" in content
        assert "token=t" not in content


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_a_secret_is_in_no_log(template: str) -> None:
    """A frame that sets one is left out whole, and so is any that has it."""
    tray = Tray()
    async with simulated(template, files=tray) as stage:
        await stage.boot()
        if template == "ac-16":
            await stage.ask(
                "ChangeConfiguration", {"key": "AuthorizationKey", "value": SECRET.encode().hex()[:40]}
            )
        else:
            place = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
            await stage.ask("SetVariables", {"setVariableData": [place | {"attributeValue": SECRET}]})
        await stage.advance(30)
        await ask(stage, template)
        await stage.rest()
        [(_, _, content)] = tray.taken
        assert SECRET not in content
        assert SECRET.encode().hex()[:40] not in content
        assert "***" in content


@ALL
async def test_the_security_log_has_security_events_only(template: str) -> None:
    """N01.FR.03."""
    tray = Tray()
    async with simulated(template, files=tray) as stage:
        await stage.boot()
        assert (await ask(stage, template, "SecurityLog")).status == "Accepted"
        await stage.rest()
        [(_, _, content)] = tray.taken
        assert "StartupOfTheDevice" in content
        assert "BootNotification" not in content


async def test_it_sends_the_time_that_it_is_asked_for_and_nothing_that_it_lacks() -> None:
    """2.1 has a data collector's log, which it has not (N01.FR.05)."""
    tray = Tray()
    async with simulated("ac-21", files=tray) as stage:
        await stage.boot()
        for span in (
            {"oldestTimestamp": "2090-01-01T00:00:00Z"},
            {"latestTimestamp": "2000-01-01T00:00:00Z"},
        ):
            await ask(stage, "ac-21", log=span)
            await stage.rest()
        assert [content for _, _, content in tray.taken] == ["", ""]
        assert (await ask(stage, "ac-21", "DataCollectorLog")).status == "Rejected"


@ALL
async def test_it_tries_again_and_tells_when_it_gives_up(template: str) -> None:
    """N01.FR.10; 1.6 has another word."""
    async with simulated(template, files=Tray(failures=1)) as stage:
        await stage.boot()
        await ask(stage, template, retries=1, retryInterval=10)
        await stage.advance(20)
        assert statuses(stage) == ["Uploading", "Uploading", "Uploaded"]
        stage.station.fail_logs()
        await ask(stage, template)
        await stage.advance(120)
        assert statuses(stage)[-1] == ("UploadFailed" if template == "ac-16" else "UploadFailure")
        assert (await stage.ask("TriggerMessage", {"requestedMessage": trigger(template)})).status
        await stage.rest()
        assert statuses(stage)[-1] == "Idle"


def trigger(template: str) -> str:
    """What asks for the status."""
    return "DiagnosticsStatusNotification" if template == "ac-16" else "LogStatusNotification"


async def test_a_later_one_takes_its_place() -> None:
    """N01.FR.12, .20; and what is under way is told when asked for."""
    async with simulated("ac-201", files=Tray(failures=1)) as stage:
        await stage.boot()
        await ask(stage, "ac-201", retryInterval=60)
        await stage.ask("TriggerMessage", {"requestedMessage": "LogStatusNotification"})
        await stage.rest()
        assert statuses(stage) == ["Uploading", "Uploading"]
        assert (await ask(stage, "ac-201")).status == "AcceptedCanceled"
        await stage.rest()
        assert statuses(stage)[2:] == ["AcceptedCanceled", "Uploading", "Uploaded"]


async def test_what_a_power_cut_breaks_off_has_failed() -> None:
    """It is told once the station may speak again."""
    async with simulated("ac-201", files=Tray(failures=1)) as stage:
        await stage.boot()
        await ask(stage, "ac-201", retryInterval=60)
        stage.station.power_cut(5)
        await stage.advance(60)
        assert statuses(stage) == ["Uploading", "UploadFailure"]
