"""Firmware and logs on their way: what a station says of one, and what a boot proves (2.x L01, L02, N01)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.domain.transfers import (
    TransferKind,
    TransferNews,
    TransferNewsKind,
    TransferState,
)
from csms.rules.rows import Row, WorkRow
from csms.rules.state import Decision, State
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from ocppj.vocabulary import StationId
from runtime.work.request import Lane, WorkKind

TRANSFER = WorkKind("file-transfer", Lane.FILES)
"""One at a time for each station: what is looked up when it is done is the transfer of that number."""
STEPS_KEPT = 200
"""Statuses of one transfer."""
SILENT_AFTER = timedelta(hours=1)
"""From one status to the next."""
SCHEDULED_FOR = timedelta(hours=24)
"""The same while it waits for its cars, or for the time that it was told."""
BOOT_WITHIN = timedelta(minutes=30)
"""From Installed to the boot that proves it."""
_FAILURES = frozenset(
    {
        "DownloadFailed",
        "InstallationFailed",
        "InstallVerificationFailed",
        "InvalidSignature",
        "InvalidCertificate",
        "RevokedCertificate",
        "UploadFailure",
        "UploadFailed",
        "BadMessage",
        "PermissionDenied",
        "NotSupportedOperation",
    }
)
_SCHEDULED = frozenset({"DownloadScheduled", "InstallScheduled", "DownloadPaused"})
_NOTHING_IS_UNDER_WAY = "Idle"
_INSTALLED = "Installed"
_UPLOADED = "Uploaded"
_CANCELLED = "AcceptedCanceled"


def deadline(row: TransferRow) -> datetime:
    """When it is told that nothing more came."""
    if row.state is TransferState.INSTALLED:
        return row.moved_at + BOOT_WITHIN
    begins = max(filter(None, (row.moved_at, row.retrieve_at, row.install_at)))
    return begins + (SCHEDULED_FOR if row.status in _SCHEDULED else SILENT_AFTER)


def with_transfer(
    decision: Decision,
    state: State,
    inbound: Inbound,
    reported: tuple[TransferKind, str, int | None],
) -> Decision:
    """What was decided of a status, and the transfer that it is of: the numbered one, or the latest."""
    kind, status, number = reported
    row = _meant(state, inbound.station_id, kind, number)
    if row is None or status == _NOTHING_IS_UNDER_WAY:
        return decision
    at = inbound.received_at
    moved = msgspec.structs.replace(
        row, status=status, moved_at=at, steps=row.steps + 1, state=_state_after(row, status)
    )
    if moved.state is TransferState.FAILED and row.is_open:
        moved = msgspec.structs.replace(moved, reason=status)
    steps: tuple[Row, ...] = ()
    if row.steps < STEPS_KEPT:
        steps = (TransferStepRow(row.number, row.steps, status, at),)
    return _joined(decision, _stored(row, moved, at, (*steps, *_what_follows(moved, at))))


def _state_after(row: TransferRow, status: str) -> TransferState:
    """What is over stays so, whatever comes late."""
    if not row.is_open:
        return row.state
    if status in _FAILURES:
        return TransferState.FAILED
    if status == _CANCELLED:
        return TransferState.CANCELLED
    if status == _INSTALLED:
        return TransferState.PROVEN if _is_wanted(row, row.version_after) else TransferState.INSTALLED
    return TransferState.UNDER_WAY


def with_boot(decision: Decision, state: State, inbound: Inbound, version: str | None) -> Decision:
    """What was decided of a boot, and the updates that it proves, or shows to have changed nothing.

    What waits for the station goes on.
    """
    at = inbound.received_at
    for row in state.transfers.values():
        if row.station_id != inbound.station_id or not row.is_open:
            continue
        moved = row
        if row.kind is TransferKind.FIRMWARE and row.state is not TransferState.WAITING:
            moved = _after_boot(row, version, at)
        decision = _joined(decision, _stored(row, moved, at, _what_follows(moved, at)))
    return decision


def _after_boot(row: TransferRow, version: str | None, at: datetime) -> TransferRow:
    """A boot before Installed says nothing yet, unless it is with what was wanted: some reboot to install
    (L01.FR.15), some install and then reboot (L01.FR.32).
    """
    if version is None:
        return row
    now = row.state
    if _is_wanted(row, version):
        now = TransferState.PROVEN
    elif row.state is TransferState.INSTALLED:
        now = TransferState.UNCHANGED
    moved_at = at if now is not row.state else row.moved_at
    return msgspec.structs.replace(row, version_after=version, state=now, moved_at=moved_at)


def _is_wanted(row: TransferRow, version: str | None) -> bool:
    wanted = row.version_wanted
    return wanted is not None and version is not None and wanted.strip().lower() == version.strip().lower()


def transfer_news(state: State, news: TransferNews, at: datetime) -> Decision:
    """What the server itself found out; of one that is over nothing follows any more."""
    row = state.transfers.get(news.number)
    if row is None or not row.is_open:
        return Decision()
    now = _NEWS[news.kind]
    if news.kind is TransferNewsKind.AGREED:
        if row.state is not TransferState.WAITING:
            return Decision()  # a status was faster
        others = [
            each
            for each in state.transfers.values()
            if (each.station_id, each.kind) == (row.station_id, row.kind)
            and each.number != row.number
            and each.state in (TransferState.UNDER_WAY, TransferState.INSTALLED)
        ]
        decision = Decision()
        for each in others:  # L01.FR.24, N01.FR.12
            gone = msgspec.structs.replace(each, state=TransferState.CANCELLED, moved_at=at)
            decision = _joined(decision, _stored(each, gone, at, (look_at(gone, at),)))
        moved = msgspec.structs.replace(row, state=now, reason=None, moved_at=at)
        return _joined(decision, _stored(row, moved, at, ()))
    if news.kind is TransferNewsKind.OVERDUE and row.state is TransferState.INSTALLED:
        now = TransferState.UNCHANGED
    moved = msgspec.structs.replace(row, state=now, reason=news.text, moved_at=at)
    return _stored(row, moved, at, ())


_NEWS = {
    TransferNewsKind.AGREED: TransferState.UNDER_WAY,
    TransferNewsKind.REFUSED: TransferState.FAILED,
    TransferNewsKind.RECEIVED: TransferState.RECEIVED,
    TransferNewsKind.LACKING: TransferState.FAILED,
    TransferNewsKind.OVERDUE: TransferState.SILENT,
}


def is_sent(row: TransferRow) -> bool:
    """Whether the station says that its log is here."""
    return row.kind is TransferKind.LOG and row.status == _UPLOADED


def look_at(row: TransferRow, at: datetime) -> WorkRow:
    """The work of it: whoever does it looks up how it stands."""
    return WorkRow(TRANSFER.request(row.station_id, at, key=str(row.number), cause=row.kind.value))


def _what_follows(row: TransferRow, at: datetime) -> tuple[Row, ...]:
    """What waits for news of it goes on at once; a mere status only moves its deadline."""
    is_news = is_sent(row) or not row.is_open or row.state is TransferState.WAITING
    return (look_at(row, at),) if is_news else ()


def _meant(state: State, station_id: StationId, kind: TransferKind, number: int | None) -> TransferRow | None:
    if number is not None:
        row = state.transfers.get(number)
        return row if row is not None and (row.station_id, row.kind) == (station_id, kind) else None
    found = [
        row
        for row in state.transfers.values()
        if (row.station_id, row.kind) == (station_id, kind) and row.is_open
    ]
    return max(found, key=lambda row: row.number, default=None)


def _stored(before: TransferRow, row: TransferRow, at: datetime, more: Sequence[Row]) -> Decision:
    rows: tuple[Row, ...] = (row, *more) if row != before else tuple(more)
    return Decision(None, rows, (_event(row, at),) if row != before else ())


def _joined(decision: Decision, more: Decision) -> Decision:
    return Decision(
        decision.reply, (*decision.rows, *more.rows), (*decision.events, *more.events), decision.objection
    )


def _event(row: TransferRow, at: datetime) -> StationEvent:
    payload = {
        "number": row.number,
        "kind": row.kind.value,
        "state": row.state.value,
        "status": row.status,
        "reason": row.reason,
        "version_wanted": row.version_wanted,
        "version_after": row.version_after,
    }
    return StationEvent("transfer.changed", row.station_id, at, payload)
