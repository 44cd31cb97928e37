"""Transfers of files as durable work: asks the station, gives it a URL, waits for what it says, and tells
what came of it. What is to be done is looked up each time (`rules.transfers`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from csms.central.message_writer import MessageWriter
from csms.central.station_files import StationFiles
from csms.commands import StationCommands
from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.files import StoredFile
from csms.domain.transfers import TransferKind, TransferNews, TransferNewsKind, TransferState
from csms.rules.state import Decision
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from csms.rules.transfers import deadline, is_sent, look_at
from csms.storage.counters import next_number
from csms.storage.transfers import find_transfers, one_transfer
from ocppj.model.command import Command
from ocppj.model.diagnostics import GetDiagnostics, GetLog
from ocppj.model.firmware import SignedUpdateFirmware, UpdateFirmware
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from runtime.clock import Clock
from runtime.database import Database
from runtime.wording import Phrase, verbatim
from runtime.work.pieces import Piece, WorkDone, WorkFailed, WorkOutcome, WorkRetry, WorkWait

LOOK_FOR_LINK_EVERY = timedelta(minutes=5)
"""A station that is away is looked for so often; its next boot is noticed at once."""
REQUEST_COUNTER = "request"
NOT_CONNECTED = Phrase("la borne n'est pas connectée", "the station is not connected")
WAITS = Phrase("la borne y travaille", "the station is at it")
BOOT_AWAITED = Phrase(
    "la borne dit l'avoir installé; son prochain démarrage dira la version",
    "the station says that it is installed; its next boot will tell the version",
)
NOTHING_CAME = "the station says that it uploaded the file, and none came"
NO_BOOT = "no boot told its version"
NO_STATUS = "the station told nothing more"


class FileTransfers:
    """Asks for transfers and carries them out. Wiring: `work.serve(TRANSFER, transfers.run)`."""

    def __init__(
        self, database: Database, message_writer: MessageWriter, commands: StationCommands, clock: Clock
    ) -> None:
        self.files: StationFiles
        """Given by the wiring, before anything is asked for."""
        self._database, self._message_writer = database, message_writer
        self._commands, self._clock = commands, clock

    async def request(self, station_id: StationId, by: str, kind: TransferKind, **what: Any) -> TransferRow:
        """Ask for one; it begins as soon as the station can be asked."""
        number = await self._database.run_write(lambda connection: next_number(connection, REQUEST_COUNTER))
        now = self._clock.now()
        row = TransferRow(
            number=number,
            station_id=station_id,
            kind=kind,
            state=TransferState.WAITING,
            asked_by=by,
            asked_at=now,
            moved_at=now,
            **what,
        )
        await self._message_writer.store(Decision(None, (row, look_at(row, now))))
        return row

    async def of_station(
        self, station_id: StationId, limit: int = 100, before: int | None = None
    ) -> Sequence[tuple[TransferRow, list[TransferStepRow]]]:
        """Those of a station, the latest first, with every status."""
        return await self._database.run_read(
            lambda connection: find_transfers(connection, station_id, limit, before)
        )

    # Work ---------------------------------------------------------------------------------------------

    async def run(self, piece: Piece) -> WorkOutcome:
        """Do what is to be done of the transfer now."""
        number = int(piece.key)
        row = await self._database.run_read(lambda connection: one_transfer(connection, number))
        if row is None:
            return WorkDone()
        if row.state is TransferState.WAITING:
            return await self._begin(row)
        if is_sent(row) and row.is_open:
            return await self._received(row)
        if not row.is_open:
            await self.files.end(number)
            return _ended(row)
        until = deadline(row)
        if self._clock.now() < until:
            return WorkWait(BOOT_AWAITED if row.state is TransferState.INSTALLED else WAITS, until)
        is_installed = row.state is TransferState.INSTALLED
        await self._news(row, TransferNewsKind.OVERDUE, NO_BOOT if is_installed else NO_STATUS)
        return await self.run(piece)

    async def _begin(self, row: TransferRow) -> WorkOutcome:
        link = self._commands.link(row.station_id)
        if link is None:
            return WorkWait(NOT_CONNECTED, self._clock.now() + LOOK_FOR_LINK_EVERY)
        file = await self.files.one(row.file_id) if row.file_id is not None else None
        if row.kind is TransferKind.FIRMWARE and file is None:
            await self._news(row, TransferNewsKind.REFUSED, "the file was deleted")
            return WorkFailed(verbatim("the file was deleted"))
        begins_at = max(filter(None, (self._clock.now(), row.retrieve_at)))
        url = await self.files.grant(row.number, row.station_id, file, begins_at)
        command = command_for(row, file, link.version, url, begins_at)
        outcome = await self._commands.send(row.station_id, command, origin=row.asked_by)
        if outcome.is_accepted:
            await self._news(row, TransferNewsKind.AGREED)
            agreed = msgspec.structs.replace(row, moved_at=self._clock.now())
            return WorkWait(WAITS, deadline(agreed), Phrase("la borne accepte", "the station agrees"))
        if outcome.outcome is Outcome.OFFLINE:
            return WorkWait(NOT_CONNECTED, self._clock.now() + LOOK_FOR_LINK_EVERY)
        why = _reason(outcome)
        if outcome.may_be_done or outcome.outcome in (Outcome.BUSY, Outcome.ELSEWHERE):
            return WorkRetry(verbatim(why))
        await self._news(row, TransferNewsKind.REFUSED, why)
        await self.files.end(row.number)
        return WorkFailed(verbatim(why))

    async def _received(self, row: TransferRow) -> WorkOutcome:
        found = (await self.files.uploads([row.number])).get(row.number)
        await self.files.end(row.number)
        if found is None:
            await self._news(row, TransferNewsKind.LACKING, NOTHING_CAME)
            return WorkFailed(
                Phrase("la borne dit l'avoir envoyé, et rien n'est venu", NOTHING_CAME),
            )
        await self._news(row, TransferNewsKind.RECEIVED)
        return WorkDone(f"{found.name}, {found.size} B, SHA-256 {found.sha256[:12]}…")

    async def given_up(self, piece: Piece, reason: Phrase) -> None:
        """It was asked often enough, and the station did not answer."""
        number = int(piece.key)
        row = await self._database.run_read(lambda connection: one_transfer(connection, number))
        if row is not None and row.state is TransferState.WAITING:
            await self._news(row, TransferNewsKind.REFUSED, reason.en)
            await self.files.end(number)

    async def _news(self, row: TransferRow, kind: TransferNewsKind, text: str | None = None) -> None:
        news = TransferNews(row.station_id, row.number, kind, text)
        await self._message_writer.transfer_news(news, self._clock.now())


def command_for(
    row: TransferRow, file: StoredFile | None, version: OcppVersion, url: str, retrieve_at: datetime
) -> Command:
    """What asks a station of this version for it."""
    tries: dict[str, Any] = {"retries": row.retries, "retry_interval_s": row.retry_interval_s}
    if row.kind is TransferKind.LOG:
        span: dict[str, Any] = {"location": url, "oldest_at": row.oldest_at, "latest_at": row.latest_at}
        is_plain = row.log_type == "DiagnosticsLog" and GetDiagnostics.lacking_reason(version) is None
        if is_plain:
            return GetDiagnostics(**span, **tries)
        return GetLog(request_id=row.number, log_type=row.log_type or "DiagnosticsLog", **span, **tries)  # type: ignore[arg-type] # a word that the body checked
    is_signed = row.is_signed and file is not None
    takes_other = is_signed and SignedUpdateFirmware.lacking_reason(version) is None
    kind = SignedUpdateFirmware if takes_other else UpdateFirmware
    return kind(
        request_id=row.number,
        location=url,
        retrieve_at=retrieve_at,
        install_at=row.install_at,
        signing_certificate=file.signing_certificate if is_signed and file is not None else None,
        signature=file.signature if is_signed and file is not None else None,
        retries=row.retries,
        retry_interval_s=row.retry_interval_s,
    )


def _ended(row: TransferRow) -> WorkOutcome:
    if row.state is TransferState.PROVEN:
        return WorkDone(f"{row.version_before or '?'} → {row.version_after}")
    if row.state in (TransferState.RECEIVED, TransferState.CANCELLED):
        return WorkDone(row.state.value)
    told = ", ".join(each for each in (row.state.value, row.reason, row.version_after) if each)
    return WorkFailed(verbatim(told))


def _reason(outcome: CommandOutcome) -> str:
    answer = outcome.answer
    if answer is not None:
        return ": ".join(each for each in (answer.status, answer.reason) if each)
    said = (outcome.error_code, outcome.error_description)
    return ": ".join(each for each in said if each) or outcome.outcome.value
