"""What a decision writes of firmware and logs on their way."""

from datetime import datetime

from csms.domain.transfers import OPEN_TRANSFERS, TransferKind, TransferState
from csms.rules.rows import Row
from ocppj.vocabulary import StationId


class TransferRow(Row, frozen=True, gc=False, kw_only=True):
    """A firmware to install, or a log to send, as a whole; also the state that what follows is decided over.

    `number` is the request id. `status` is the station's last word, `steps` how many there were. Of a
    firmware `file_id` and the versions: the wanted, the one before, and what the last boot since has told.
    """

    number: int
    station_id: StationId
    kind: TransferKind
    state: TransferState
    status: str | None = None
    reason: str | None = None
    steps: int = 0
    file_id: str | None = None
    is_signed: bool = False
    version_wanted: str | None = None
    version_before: str | None = None
    version_after: str | None = None
    log_type: str | None = None
    oldest_at: datetime | None = None
    latest_at: datetime | None = None
    retrieve_at: datetime | None = None
    install_at: datetime | None = None
    retries: int | None = None
    retry_interval_s: int | None = None
    asked_by: str
    asked_at: datetime
    moved_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether more may come of it."""
        return self.state in OPEN_TRANSFERS


class TransferStepRow(Row, frozen=True, gc=False):
    """A status of a transfer; `place` counts them."""

    number: int
    place: int
    status: str
    at: datetime
