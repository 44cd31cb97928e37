"""Messages in quarantine, as the API and the console tell them. Secrets are masked."""

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from csms.domain.quarantine import QuarantineRecord
from csms.gateway.redaction import mask_frame
from runtime.texts import instant_text
from runtime.views import View

BEGINNING = 200
"""Characters of a message in the list."""


class QuarantineAnswer(View, frozen=True, kw_only=True):
    """A message in quarantine; whole where it was asked for alone."""

    quarantine_id: int
    station_id: str
    received_at: str
    version: str | None
    cause: str
    reason: str
    state: str
    decided_at: str | None
    decided_by: str | None
    decision: str | None
    beginning: str | UnsetType = UNSET
    raw: str | UnsetType = UNSET
    corrected: str | UnsetType | None = UNSET


def quarantine_view(record: QuarantineRecord) -> QuarantineAnswer:
    """One of a list, with its beginning."""
    return replace(_fields_view(record), beginning=_raw_text(record)[:BEGINNING])


def whole_quarantine_view(record: QuarantineRecord) -> QuarantineAnswer:
    """All of one message, and what was taken in instead of it."""
    corrected = mask_frame(record.corrected).decode() if record.corrected is not None else None
    return replace(_fields_view(record), raw=_raw_text(record), corrected=corrected)


def _fields_view(record: QuarantineRecord) -> QuarantineAnswer:
    return QuarantineAnswer(
        quarantine_id=record.quarantine_id,
        station_id=record.station_id,
        received_at=instant_text(record.received_at),
        version=record.version,
        cause=record.cause.value,
        reason=record.reason,
        state=record.state.value,
        decided_at=instant_text(record.decided_at),
        decided_by=record.decided_by,
        decision=record.decision,
    )


def _raw_text(record: QuarantineRecord) -> str:
    return mask_frame(record.raw).decode("utf-8", "backslashreplace")
