"""Files that stations fetch and send: firmware that somebody put here, logs that were asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ocppj.vocabulary import StationId

FIRMWARE_BYTES_MOST = 512 << 20
"""Of one firmware."""
FIRMWARE_KEPT_MOST = 100
"""Files; one more is refused until somebody deletes one."""
LOG_BYTES_MOST = 64 << 20
"""Of one upload."""
STATION_LOGS_KEPT = 20
"""Uploads of one station; the oldest goes."""
LOG_BYTES_KEPT = 4 << 30
"""Of all uploads together; the oldest go."""
GRANT_HOLDS = timedelta(days=1)
"""So long after a transfer may begin its URL is good, unless the transfer is over before."""
GRANT_USES_MOST = 200
"""Requests by one URL: a download in parts, and tries that were cut off."""


class FileRole(StrEnum):
    """What a file is here for."""

    FIRMWARE = "firmware"
    LOG = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that is here. `stored_by` is who put it here: of an upload its station."""

    file_id: str
    role: FileRole
    name: str
    size: int
    sha256: str
    stored_at: datetime
    stored_by: str
    station_id: StationId | None = None
    number: int | None = None
    """The transfer that an upload came by."""
    vendor: str | None = None
    model: str | None = None
    version: str | None = None
    signature: str | None = None
    signing_certificate: str | None = None

    @property
    def is_signed(self) -> bool:
        """Whether stations can tell who made it."""
        return self.signature is not None and self.signing_certificate is not None


@dataclass(frozen=True, slots=True)
class FileGrant:
    """What whoever has a URL may do by it: fetch a file, or, where it names none, send one."""

    number: int
    station_id: StationId
    file_id: str | None
    expires_at: datetime
    uses: int = 0

    def is_good(self, at: datetime) -> bool:
        """Whether it may still be used."""
        return at < self.expires_at and self.uses < GRANT_USES_MOST
