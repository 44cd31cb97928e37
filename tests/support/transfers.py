"""Firmware and logs of stations, as the API and the pages find them in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from csms.central.file_transfers import FileTransfers
from csms.domain.files import FileRole, StoredFile
from csms.domain.transfers import TransferKind, TransferState
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from ocppj.vocabulary import StationId
from tests.support.inbound import NOON

FIRMWARE = StoredFile(
    file_id="f1",
    role=FileRole.FIRMWARE,
    name="acme.bin",
    size=1000,
    sha256="ab" * 32,
    stored_at=NOON,
    stored_by="ann",
    version="2.0",
    signature="c2ln",
    signing_certificate="PEM",
)
UPLOAD = StoredFile(
    file_id="u1",
    role=FileRole.LOG,
    name="a.log",
    size=1234,
    sha256="cd" * 32,
    stored_at=NOON,
    stored_by="cp",
    number=2,
)


@dataclass
class MemoryFiles:
    """One firmware, one upload."""

    async def firmware(
        self,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> Sequence[StoredFile]:
        """It."""
        return [FIRMWARE]

    async def one(self, file_id: str) -> StoredFile | None:
        """It, by its id."""
        return FIRMWARE if file_id == FIRMWARE.file_id else None

    async def uploads(self, numbers: Sequence[int]) -> dict[int, StoredFile]:
        """What came by these transfers."""
        return {2: UPLOAD} if 2 in numbers else {}


@dataclass
class MemoryTransfers:
    """Of every station: an update and a log; what is asked for is remembered."""

    files: MemoryFiles = field(default_factory=MemoryFiles)
    asked: list[TransferRow] = field(default_factory=list)

    async def request(
        self, station_id: StationId, by: str, kind: TransferKind, **what: object
    ) -> TransferRow:
        """Remember it."""
        row = TransferRow(
            number=10 + len(self.asked),
            station_id=station_id,
            kind=kind,
            state=TransferState.WAITING,
            asked_by=by,
            asked_at=NOON,
            moved_at=NOON,
            **what,  # type: ignore[arg-type] # as the routes give it
        )
        self.asked.append(row)
        return row

    async def of_station(
        self, station_id: StationId, limit: int = 100, before: int | None = None
    ) -> Sequence[tuple[TransferRow, list[TransferStepRow]]]:
        """Two."""
        update = TransferRow(
            number=1,
            station_id=station_id,
            kind=TransferKind.FIRMWARE,
            state=TransferState.FAILED,
            status="DownloadFailed",
            reason="DownloadFailed",
            steps=2,
            version_wanted="2.0",
            version_before="1.0",
            asked_by="api:ann",
            asked_at=NOON,
            moved_at=NOON,
        )
        log = TransferRow(
            number=2,
            station_id=station_id,
            kind=TransferKind.LOG,
            state=TransferState.RECEIVED,
            log_type="SecurityLog",
            asked_by="api:ann",
            asked_at=NOON,
            moved_at=NOON,
        )
        steps = [TransferStepRow(1, 0, "Downloading", NOON), TransferStepRow(1, 1, "DownloadFailed", NOON)]
        return [(log, []), (update, steps)]


TRANSFERS = cast("FileTransfers", MemoryTransfers())
"""For the parts of the API."""
