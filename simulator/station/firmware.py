"""A station's firmware: fetched, checked, installed, and told of step by step (1.6 §5.19, 2.x L01, L02).

Its version is what the file says in its first line (`firmware 2.0.1`); of any other file it is made of the
SHA-256. What a power cut breaks off is begun again.
"""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from charging.firmware_signature import certificate_trouble, is_signed
from ocppj.model.firmware import FirmwareStatusNotification, UpdateFirmware
from ocppj.model.security import SecurityEventNotification
from ocppj.vocabulary import Availability, BootReason
from runtime.lifecycle import Background
from simulator.connection.file_client import FileClient, FileTransferError
from simulator.model.connectors import WHOLE_STATION
from simulator.model.station_log import Topic
from simulator.station.context import StationContext

RETRIES = 3
"""Where the central system does not say."""
RETRY_INTERVAL_S = 60.0
INSTALL_S = 10.0
LAST_WORD_S = 1.0
"""So that what it told last has gone out."""
IDLE = "Idle"
INSTALLED = "Installed"
LONGEST_VERSION = 50
_WORDS_16 = frozenset(
    {
        "Downloaded",
        "DownloadFailed",
        "Downloading",
        IDLE,
        "InstallationFailed",
        "Installing",
        INSTALLED,
    }
)
"""1.6 §7.25: statuses of an update without a request id."""


class FirmwareFault(StrEnum):
    """What somebody wants to go wrong with the next updates."""

    DOWNLOAD = "download"
    INSTALL = "install"
    VERSION = "version"
    """It says that it has installed it, and runs what it ran before."""
    SILENT = "silent"
    """It tells nothing after it has begun."""
    NO_BOOT = "no-boot"
    """It does not come up again."""


def version_in(content: bytes) -> str:
    """What a station that runs this file says when it boots."""
    first, _, _ = content[:200].partition(b"\n")
    word, _, version = first.decode("utf-8", "replace").strip().partition(" ")
    if word == "firmware" and version.strip():
        return version.strip()[:LONGEST_VERSION]
    return f"sha256-{hashlib.sha256(content).hexdigest()[:12]}"


class Firmware:
    """One station's. `restart` and `switch_off` are what installing leads to."""

    def __init__(self, context: StationContext, files: FileClient, version: str) -> None:
        self.version = self._delivered = version
        self.fault: FirmwareFault | None = None
        self.restart: Callable[[BootReason], None] = lambda _reason: None
        self.switch_off: Callable[[], None] = lambda: None
        self.pending: UpdateFirmware | None = None
        """What is to be installed, or is being."""
        self._context, self._files = context, files
        self._tasks: Background | None = None
        self._task: asyncio.Task[object] | None = None
        self._idle = asyncio.Event()
        self._is_installing = False
        self._due_report: FirmwareStatusNotification | None = None
        """By the new firmware, once it runs."""
        self._last: FirmwareStatusNotification | None = None
        self._untold: list[FirmwareStatusNotification | SecurityEventNotification] = []

    @property
    def installed(self) -> str | None:
        """What it runs, unless that is what it was delivered with."""
        return self.version if self.version != self._delivered else None

    # What the central system asks

    def request(self, update: UpdateFirmware) -> str:
        """Accepted, AcceptedCanceled, InvalidCertificate, or Rejected while it installs (L01.FR.24, .27)."""
        certificate = update.signing_certificate
        if certificate is not None:
            trouble = certificate_trouble(certificate, self._context.now())
            if trouble is not None:
                self._note(f"a firmware is refused: {trouble}", is_trouble=True)
                self._security_event("InvalidFirmwareSigningCertificate")  # L01.FR.02
                return "InvalidCertificate"
        if self._is_installing:
            return "Rejected"
        is_other = self.pending is not None
        self.cancel()
        self.pending = update
        return "AcceptedCanceled" if is_other else "Accepted"

    def begin(self) -> None:
        """The answer is sent: start with what was asked."""
        update = self.pending
        if update is None or self._task is not None:
            return
        if self._tasks is None:
            self._tasks = Background("firmware")
        self._task = self._tasks.start(self._run(update), name="update")

    def triggered(self) -> FirmwareStatusNotification:
        """L01.FR.25, .26: the last status, but for one that is done with."""
        last = self._last
        return FirmwareStatusNotification(IDLE) if last is None or last.status == INSTALLED else last

    # Life

    def cancel(self) -> None:
        """Leave off."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._is_installing = False

    def stop(self) -> None:
        """The station goes down, for whatever reason: what was under way is broken off."""
        if self._due_report is None:
            self.cancel()

    def ready(self) -> None:
        """The station may speak: tell what it could not, and go on with what was broken off."""
        untold, self._untold = self._untold, []
        for each in untold:
            self._send(each)
        if self._due_report is not None:
            report, self._due_report = self._due_report, None
            self._report(report.status, report.request_id)
            self._security_event("FirmwareUpdated")  # L01.FR.31
        self.begin()

    def idle(self) -> None:
        """A transaction has ended."""
        if not self._context.connectors.running():
            self._idle.set()

    async def close(self) -> None:
        """For good."""
        if self._tasks is not None:
            await self._tasks.close()

    # The course of an update

    async def _run(self, update: UpdateFirmware) -> None:
        try:
            content = await self._fetched(update)
            if content is not None and self._is_genuine(update, content):
                await self._install(update, content)
        finally:
            self._is_installing = False
        self.pending = self._task = None

    async def _fetched(self, update: UpdateFirmware) -> bytes | None:
        request_id = update.request_id
        if await self._wait(update.retrieve_at, "DownloadScheduled", request_id):
            self._note("the time for the new firmware has come")
        retries = update.retries if update.retries is not None else RETRIES
        interval_s = update.retry_interval_s if update.retry_interval_s is not None else RETRY_INTERVAL_S
        for attempt in range(retries + 1):
            if attempt:
                await self._context.clock.sleep(interval_s)
            self._report("Downloading", request_id)
            try:
                content = await self._fetch(update.location)
            except FileTransferError as error:
                self._note(f"the firmware was not fetched: {error}", is_trouble=True)
            else:
                self._report("Downloaded", request_id)
                return content
        self._report("DownloadFailed", request_id)  # L01.FR.30
        return None

    async def _fetch(self, url: str) -> bytes:
        if self.fault is FirmwareFault.DOWNLOAD:
            raise FileTransferError("somebody wants it to fail")
        return await self._files.fetch(url)

    def _is_genuine(self, update: UpdateFirmware, content: bytes) -> bool:
        """L01.FR.03, .04: where there is a certificate, the signature must be its owner's."""
        if update.signing_certificate is None and update.signature is None:
            return True  # L02
        digest = hashlib.sha256(content).digest()
        certificate, signature = update.signing_certificate or "", update.signature or ""
        if not is_signed(digest, signature, certificate):
            self._report("InvalidSignature", update.request_id)
            self._security_event("InvalidFirmwareSignature")
            return False
        self._report("SignatureVerified", update.request_id)
        return True

    async def _install(self, update: UpdateFirmware, content: bytes) -> None:
        request_id, connectors = update.request_id, self._context.connectors
        if update.install_at is not None:
            await self._wait(update.install_at, "InstallScheduled", request_id)
        closes = WHOLE_STATION not in connectors.inoperative and not self._context.variables.flag(
            "ChargingStation", "AllowNewSessionsPendingFirmwareUpdate"
        )
        try:
            if connectors.running():
                self._report("InstallScheduled", request_id)  # L01.FR.34
                if closes:
                    self._open(Availability.INOPERATIVE)  # L01.FR.07
            while connectors.running():  # L01.FR.06
                self._idle.clear()
                await self._idle.wait()
            self._is_installing = True
            self._report("Installing", request_id)
            await self._context.clock.sleep(INSTALL_S)
        finally:
            if closes:
                self._open(Availability.OPERATIVE)
        if self.fault is FirmwareFault.INSTALL:
            self._report("InstallationFailed", request_id)
            return
        self._report("InstallRebooting", request_id)  # L01.FR.32 a
        if self.fault is not FirmwareFault.VERSION:
            self.version = version_in(content)
        self._due_report = FirmwareStatusNotification(INSTALLED, request_id)
        self.pending = None
        if self.fault is FirmwareFault.NO_BOOT:
            await self._context.clock.sleep(LAST_WORD_S)
            self.switch_off()
        else:
            self.restart(BootReason.FIRMWARE_UPDATE)

    def _open(self, availability: Availability) -> None:
        self._context.connectors.set_availability(availability, *WHOLE_STATION)
        self._context.connectors.refresh()

    async def _wait(self, until: datetime, status: str, request_id: int | None) -> bool:
        """Until then, if that is to come (L01.FR.13, .16)."""
        wait_s = (until - self._context.now()).total_seconds()
        if wait_s <= 0:
            return False
        self._report(status, request_id)
        await self._context.clock.sleep(wait_s)
        return True

    # Telling

    def _report(self, status: str, request_id: int | None) -> None:
        self._note(f"firmware: {status}")
        if request_id is None and status not in _WORDS_16:
            return
        is_silent = self.fault is FirmwareFault.SILENT and status != "Downloading"
        self._last = FirmwareStatusNotification(status, request_id)
        if not is_silent:
            self._send(self._last)

    def _security_event(self, kind: str) -> None:
        self._send(SecurityEventNotification(kind, self._context.now()))

    def _send(self, message: FirmwareStatusNotification | SecurityEventNotification) -> None:
        if self._context.sender.send(message, is_requested=True) is None:
            self._untold.append(message)

    def _note(self, text: str, *, is_trouble: bool = False) -> None:
        self._context.log.note(Topic.SETTINGS, text, is_trouble=is_trouble)
