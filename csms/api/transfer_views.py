"""Files and transfers, as the API and the console tell them."""

from csms.domain.files import StoredFile
from csms.domain.transfers import TransferKind, TransferState
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from runtime.texts import instant_text
from runtime.views import InstantText, View


class FirmwareView(View, frozen=True, kw_only=True):
    """A firmware that is here; `vendor` and `model` null: for any."""

    file_id: str
    name: str
    version: str
    vendor: str | None
    model: str | None
    size: int
    sha256: str
    is_signed: bool
    stored_at: InstantText
    stored_by: str


class UploadView(View, frozen=True, kw_only=True):
    """A file that a station sent."""

    file_id: str
    name: str
    size: int
    sha256: str
    stored_at: InstantText


class TransferStepView(View, frozen=True, kw_only=True):
    """What the station told, and when."""

    status: str
    at: InstantText


class TransferView(View, frozen=True, kw_only=True):
    """A firmware that a station is to install, or a log that it is to send. `number` is the request id,
    `status` the last word of the station, `reason` why it came to nothing; `version_after` is what the last
    boot since told; `upload` is the file, once it is here.
    """

    number: int
    kind: TransferKind
    station_id: str
    state: TransferState
    is_open: bool
    status: str | None
    reason: str | None
    file_id: str | None
    is_signed: bool
    version_wanted: str | None
    version_before: str | None
    version_after: str | None
    log_type: str | None
    install_at: InstantText | None
    asked_by: str
    asked_at: InstantText
    moved_at: InstantText
    statuses: tuple[TransferStepView, ...]
    upload: UploadView | None


def firmware_view(stored: StoredFile) -> FirmwareView:
    """A firmware."""
    return FirmwareView(
        file_id=stored.file_id,
        name=stored.name,
        version=stored.version or "",
        vendor=stored.vendor,
        model=stored.model,
        size=stored.size,
        sha256=stored.sha256,
        is_signed=stored.is_signed,
        stored_at=instant_text(stored.stored_at),
        stored_by=stored.stored_by,
    )


def upload_view(stored: StoredFile) -> UploadView:
    """An upload."""
    return UploadView(
        file_id=stored.file_id,
        name=stored.name,
        size=stored.size,
        sha256=stored.sha256,
        stored_at=instant_text(stored.stored_at),
    )


def transfer_view(row: TransferRow, steps: list[TransferStepRow], upload: StoredFile | None) -> TransferView:
    """A transfer with its statuses."""
    return TransferView(
        number=row.number,
        kind=row.kind,
        station_id=row.station_id,
        state=row.state,
        is_open=row.is_open,
        status=row.status,
        reason=row.reason,
        file_id=row.file_id,
        is_signed=row.is_signed,
        version_wanted=row.version_wanted,
        version_before=row.version_before,
        version_after=row.version_after,
        log_type=row.log_type,
        install_at=instant_text(row.install_at),
        asked_by=row.asked_by,
        asked_at=instant_text(row.asked_at),
        moved_at=instant_text(row.moved_at),
        statuses=tuple(TransferStepView(status=each.status, at=instant_text(each.at)) for each in steps),
        upload=upload_view(upload) if upload is not None else None,
    )
