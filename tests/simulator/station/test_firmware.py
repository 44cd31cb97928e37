"""A station that installs a firmware: every status in its order, a real signature, and what can go wrong."""

from pathlib import Path
from typing import Any

import pytest

from simulator.connection.file_client import FileTransferError
from simulator.model.stored_state import StateFile
from simulator.station.firmware import INSTALL_S, RETRIES, FirmwareFault, version_in
from tests.support.signing import certificate_of, rsa_key, signed_by_ec, signed_by_rsa
from tests.support.simulated import Stage, simulated

IMAGE = b"firmware 2.0.1\n" + b"\0" * 1000
URL = "https://files.example/f?token=t"
BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])
ALL = pytest.mark.parametrize("template", ["ac-16", "ac-201", "ac-21"])
LATER = "2090-01-01T00:00:00Z"
NOW = "2020-01-01T00:00:00Z"


class Shelf:
    """A file client that has one file."""

    def __init__(self, content: bytes = IMAGE, failures: int = 0) -> None:
        self.content, self.failures = content, failures
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        """The file, after so many failures."""
        self.asked.append(url)
        if len(self.asked) <= self.failures:
            raise FileTransferError("cut off")
        return self.content

    async def send(self, url: str, name: str, content: bytes) -> None:
        """Nobody sends firmware."""
        raise AssertionError


async def ask(stage: Stage, template: str, *, is_signed: bool = False, **more: Any) -> Any:
    """UpdateFirmware, in the version's words."""
    firmware = {"location": URL, "retrieveDateTime": NOW} | more.pop("firmware", {})
    if template == "ac-16" and not is_signed:
        plain = {"location": URL, "retrieveDate": firmware["retrieveDateTime"]}
        return await stage.ask("UpdateFirmware", plain | more)
    action = "SignedUpdateFirmware" if template == "ac-16" else "UpdateFirmware"
    return await stage.ask(action, {"requestId": 7, "firmware": firmware} | more)


def statuses(stage: Stage) -> list[str]:
    """What it told, in order; all with the number that it was given (L01.FR.10)."""
    found = stage.said("FirmwareStatusNotification") + stage.said("SignedFirmwareStatusNotification")
    assert {getattr(each, "request_id", None) for each in found if each.status != "Idle"} <= {7, None}
    return [str(each.status) for each in found]


@ALL
async def test_it_fetches_installs_and_boots_with_the_new_version(template: str) -> None:
    """L02; 1.6 has fewer words."""
    shelf = Shelf()
    async with simulated(template, files=shelf) as stage:
        await stage.boot()
        await ask(stage, template)
        await stage.advance(INSTALL_S + 60)
        middle = ["InstallRebooting"] if template != "ac-16" else []
        expected = ["Downloading", "Downloaded", "Installing", *middle, "Installed"]
        assert statuses(stage) == expected
        assert shelf.asked == [URL]
        boot = stage.said("BootNotification")[-1]
        version = boot.firmware_version if template == "ac-16" else boot.charging_station.firmware_version
        assert version == "2.0.1"
        assert stage.station.snapshot().firmware == "2.0.1"
        events = [each.type for each in stage.said("SecurityEventNotification")]
        assert "FirmwareUpdated" in events  # L01.FR.31
        assert (await stage.ask("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"})).status
        await stage.rest()
        assert statuses(stage)[-1] == "Idle"  # L01.FR.25


@ALL
@pytest.mark.parametrize("sign", [signed_by_rsa, signed_by_ec])
async def test_a_signature_is_checked(template: str, sign: Any) -> None:
    """L01.FR.04, .12."""
    signature, certificate = sign(IMAGE)
    signed = {"signature": signature, "signingCertificate": certificate}
    async with simulated(template, files=Shelf()) as stage:
        await stage.boot()
        assert (await ask(stage, template, is_signed=True, firmware=signed)).status == "Accepted"
        await stage.advance(INSTALL_S + 60)
        assert statuses(stage) == [
            "Downloading",
            "Downloaded",
            "SignatureVerified",
            "Installing",
            "InstallRebooting",
            "Installed",
        ]


@ALL
async def test_what_somebody_else_signed_is_not_installed(template: str) -> None:
    """L01.FR.03; the old version goes on."""
    signature, certificate = signed_by_rsa(b"another file")
    signed = {"signature": signature, "signingCertificate": certificate}
    async with simulated(template, files=Shelf()) as stage:
        await stage.boot()
        before = stage.station.snapshot().firmware
        await ask(stage, template, is_signed=True, firmware=signed)
        await stage.advance(60)
        assert statuses(stage) == ["Downloading", "Downloaded", "InvalidSignature"]
        assert "InvalidFirmwareSignature" in [each.type for each in stage.said("SecurityEventNotification")]
        assert stage.station.snapshot().firmware == before


@ALL
async def test_a_certificate_that_cannot_be_used_is_refused_at_once(template: str) -> None:
    """L01.FR.02, .21, .22."""
    bad = {"signature": "c2ln", "signingCertificate": certificate_of(rsa_key(1024))}
    shelf = Shelf()
    async with simulated(template, files=shelf) as stage:
        await stage.boot()
        answer = await ask(stage, template, is_signed=True, firmware=bad)
        await stage.advance(60)
        assert (answer.status, shelf.asked, statuses(stage)) == ("InvalidCertificate", [], [])
        assert "InvalidFirmwareSigningCertificate" in [
            each.type for each in stage.said("SecurityEventNotification")
        ]


@BOTH_2X
async def test_it_tries_as_often_as_it_is_told(template: str) -> None:
    """L01.FR.30: DownloadFailed once all have failed."""
    shelf = Shelf(failures=9)
    async with simulated(template, files=shelf) as stage:
        await stage.boot()
        await ask(stage, template, retries=2, retryInterval=10)
        await stage.advance(60)
        assert statuses(stage) == ["Downloading"] * 3 + ["DownloadFailed"]
        assert len(shelf.asked) == 3
        shelf.failures = 0
        await ask(stage, template)
        await stage.advance(INSTALL_S + 60)
        assert statuses(stage)[-1] == "Installed"
    async with simulated(template, files=Shelf(failures=1)) as stage:
        await stage.boot()
        await ask(stage, template)
        await stage.advance(INSTALL_S + 120)
        assert statuses(stage)[:3] == ["Downloading", "Downloading", "Downloaded"]


@BOTH_2X
async def test_it_waits_for_its_times_and_a_later_one_takes_its_place(template: str) -> None:
    """L01.FR.13, .16, .24."""
    async with simulated(template, files=Shelf()) as stage:
        await stage.boot()
        await ask(stage, template, firmware={"retrieveDateTime": LATER})
        assert statuses(stage) == ["DownloadScheduled"]
        again = await ask(stage, template, firmware={"installDateTime": LATER})
        await stage.rest()
        assert again.status == "AcceptedCanceled"
        assert statuses(stage)[1:] == ["Downloading", "Downloaded", "InstallScheduled"]
        assert (await stage.ask("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"})).status
        await stage.rest()
        assert statuses(stage)[-1] == "InstallScheduled"  # L01.FR.26
        third = await ask(stage, template)
        assert third.status == "AcceptedCanceled"
        await stage.advance(5)
        assert (await ask(stage, template)).status == "Rejected"  # L01.FR.27: it installs
        await stage.advance(60)
        assert statuses(stage)[-1] == "Installed"


@ALL
async def test_it_waits_until_its_cars_are_gone(template: str) -> None:
    """L01.FR.06, .07: nobody else begins meanwhile; afterwards they may."""
    async with simulated(template, files=Shelf()) as stage:
        await stage.boot()
        stage.station.plug()
        await stage.meanwhile(stage.station.present("TAG1"), 5)
        await ask(stage, template)
        await stage.advance(60)
        assert statuses(stage)[:2] == ["Downloading", "Downloaded"]
        assert "Installing" not in statuses(stage)
        if template == "ac-201":  # a second EVSE
            states = [each.state.value for each in stage.station.snapshot().connectors]
            assert states[1] == "Unavailable"
        stage.station.unplug()
        await stage.advance(INSTALL_S + 90)
        assert statuses(stage)[-1] == "Installed"
        assert {each.state.value for each in stage.station.snapshot().connectors} == {"Available"}


@pytest.mark.parametrize(
    ("fault", "last", "version"),
    [
        (FirmwareFault.DOWNLOAD, "DownloadFailed", "before"),
        (FirmwareFault.INSTALL, "InstallationFailed", "before"),
        (FirmwareFault.VERSION, "Installed", "before"),
        (FirmwareFault.SILENT, "Downloading", "2.0.1"),
        (FirmwareFault.NO_BOOT, "InstallRebooting", "2.0.1"),
    ],
)
async def test_what_can_go_wrong(fault: FirmwareFault, last: str, version: str) -> None:
    """As somebody wants it."""
    async with simulated("ac-201", files=Shelf()) as stage:
        await stage.boot()
        before = stage.station.snapshot().firmware
        stage.station.fail_firmware(fault)
        await ask(stage, "ac-201", retries=0)
        await stage.advance(INSTALL_S + 60)
        assert statuses(stage)[-1] == last
        now = stage.station.snapshot()
        assert now.firmware == (before if version == "before" else version)
        assert now.is_powered is (fault is not FirmwareFault.NO_BOOT)


async def test_a_power_cut_breaks_it_off_and_it_begins_again(tmp_path: Path) -> None:
    """And what was installed is remembered."""
    shelf = Shelf(failures=1)
    file = StateFile(tmp_path / "state.json")
    async with simulated("ac-201", files=shelf, state_file=file) as stage:
        await stage.boot()
        await ask(stage, "ac-201", retries=RETRIES, retryInterval=3600)
        stage.station.power_cut(5)
        await stage.advance(INSTALL_S + 120)
        assert statuses(stage)[-1] == "Installed"
    async with simulated("ac-201", files=shelf, state_file=file) as stage:
        assert stage.station.snapshot().firmware == "2.0.1"


async def test_what_it_cannot_tell_while_offline_is_told_later() -> None:
    """The download goes on without the link."""
    async with simulated("ac-201", files=Shelf(failures=1)) as stage:
        await stage.boot()
        await ask(stage, "ac-201", retries=2, retryInterval=10, firmware={"installDateTime": LATER})
        stage.station.drop_link()
        await stage.advance(30)
        assert statuses(stage) == ["Downloading"]
        stage.station.restore_link()
        await stage.advance(60)
        assert statuses(stage) == ["Downloading", "Downloading", "Downloaded", "InstallScheduled"]


def test_the_version_stands_in_the_file() -> None:
    """Of one that says none, it follows from its bytes."""
    assert version_in(b"firmware 3.1-rc2\nrest") == "3.1-rc2"
    assert version_in(b"firmware \n").startswith("sha256-")
    assert version_in(b"") == "sha256-e3b0c44298fc"
