"""A station's logs: what went over its wire, without secrets, sent where they belong (1.6 §5.9, 2.x N01)."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

from ocppj.model.diagnostics import GetDiagnostics, GetLog, LogStatusNotification
from ocppj.model.security import SecurityEventNotification
from ocppj.session import Direction
from runtime.lifecycle import Background
from runtime.secrets import HIDDEN, is_secret_name, mask_text
from simulator.connection.file_client import FileClient, FileTransferError
from simulator.connection.tap import Frame, FrameTap
from simulator.model.station_log import Topic
from simulator.station.context import StationContext

RETRIES = 2
RETRY_INTERVAL_S = 30.0
UPLOADING, UPLOADED = "Uploading", "Uploaded"
SECURITY, DIAGNOSTICS = "SecurityLog", "DiagnosticsLog"
LogRequest = GetLog | GetDiagnostics


class Logs:
    """One station's. `fails` lets every upload fail."""

    def __init__(self, context: StationContext, files: FileClient, tap: FrameTap, station_id: str) -> None:
        self.fails = False
        self._context, self._files, self._tap, self._station_id = context, files, tap, station_id
        self._tasks: Background | None = None
        self._task: asyncio.Task[object] | None = None
        self._current: LogRequest | None = None
        self._last: LogStatusNotification | None = None
        self._untold: list[LogStatusNotification] = []

    def request(self, wanted: LogRequest) -> tuple[str, str | None]:
        """The status, and the file's name. One that is under way is given up (N01.FR.12, .20)."""
        kind = wanted.log_type if isinstance(wanted, GetLog) else DIAGNOSTICS
        if kind not in (SECURITY, DIAGNOSTICS):
            return "Rejected", None  # N01.FR.05
        before = self._current
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if isinstance(before, GetLog):
            self._report("AcceptedCanceled", before)
        self._current = wanted
        at = self._context.now().astimezone(UTC)
        name = f"{self._station_id}-{kind}-{at:%Y%m%dT%H%M%SZ}.log".replace(":", "")
        return "AcceptedCanceled" if before is not None else "Accepted", name

    def begin(self, name: str) -> None:
        """The answer is sent: upload it."""
        if self._current is None:
            return
        if self._tasks is None:
            self._tasks = Background("logs")
        self._task = self._tasks.start(self._run(self._current, name), name="upload")

    def triggered(self) -> LogStatusNotification:
        """What is under way, or Idle (N01.FR.13)."""
        return self._last if self._current is not None and self._last else LogStatusNotification("Idle")

    def stop(self) -> None:
        """The station goes down: the upload is broken off, and fails."""
        wanted, self._current = self._current, None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if wanted is not None:
            self._last = _status(_failure(wanted), wanted)
            self._untold.append(self._last)

    def ready(self) -> None:
        """The station may speak."""
        untold, self._untold = self._untold, []
        for each in untold:
            self._send(each)

    async def close(self) -> None:
        """For good."""
        if self._tasks is not None:
            await self._tasks.close()

    async def _run(self, wanted: LogRequest, name: str) -> None:
        content = "".join(self._lines(wanted)).encode()
        retries = wanted.retries if wanted.retries is not None else RETRIES
        interval_s = wanted.retry_interval_s if wanted.retry_interval_s is not None else RETRY_INTERVAL_S
        for attempt in range(retries + 1):
            if attempt:
                await self._context.clock.sleep(interval_s)
            self._report(UPLOADING, wanted)
            try:
                await self._upload(wanted.location, name, content)
            except FileTransferError as error:
                self._context.log.note(Topic.SETTINGS, f"the log was not sent: {error}", is_trouble=True)
            else:
                self._end(UPLOADED, wanted)
                return
        self._end(_failure(wanted), wanted)  # N01.FR.10

    async def _upload(self, url: str, name: str, content: bytes) -> None:
        if self.fails:
            raise FileTransferError("somebody wants it to fail")
        await self._files.send(url, name, content)

    def _end(self, status: str, wanted: LogRequest) -> None:
        self._report(status, wanted)
        self._current = self._task = None

    def _lines(self, wanted: LogRequest) -> Iterable[str]:
        known = self._secrets()
        is_security = isinstance(wanted, GetLog) and wanted.log_type == SECURITY
        for frame in self._tap.since(0):
            if _is_between(frame.at, wanted.oldest_at, wanted.latest_at) and (
                not is_security or frame.action == SecurityEventNotification.__name__
            ):
                yield self._line(frame, known)

    def _line(self, frame: Frame, known: dict[str, str]) -> str:
        """What names a secret is left out whole: its value stands somewhere beside it."""
        way = "<" if frame.direction is Direction.IN else ">"
        text = frame.text.decode("utf-8", "replace")
        names_secret = any(name in text for name in known)
        shown = HIDDEN if names_secret else mask_text(text, [each for each in known.values() if each])
        return f"{frame.at.astimezone(UTC).isoformat()} {way} {shown}\n"

    def _secrets(self) -> dict[str, str]:
        """Every variable that is one, by its names, with its value."""
        found: dict[str, str] = {"AuthorizationKey": ""}  # what 1.6 calls the password
        for each in self._context.variables:
            if is_secret_name(each.ref.variable):
                found[each.ref.variable] = self._context.variables.value(each.ref) or ""
        return found

    def _report(self, status: str, wanted: LogRequest) -> None:
        self._last = _status(status, wanted)
        self._send(self._last)

    def _send(self, message: LogStatusNotification) -> None:
        if self._context.sender.send(message, is_requested=True) is None:
            self._untold.append(message)


def _status(status: str, wanted: LogRequest) -> LogStatusNotification:
    return LogStatusNotification(status, wanted.request_id if isinstance(wanted, GetLog) else None)


def _failure(wanted: LogRequest) -> str:
    """1.6 §7.24 has another word than the security extension."""
    return "UploadFailure" if isinstance(wanted, GetLog) else "UploadFailed"


def _is_between(at: datetime, oldest: datetime | None, latest: datetime | None) -> bool:
    return (oldest is None or at >= oldest) and (latest is None or at <= latest)
