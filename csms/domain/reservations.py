"""A reservation as the central system keeps it: what was asked, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ocppj.vocabulary import IdToken, StationId


class ReservationState(StrEnum):
    """What is known of a reservation."""

    REQUESTED = "requested"
    """The station has not answered yet."""
    ACTIVE = "active"
    UNKNOWN = "unknown"
    """The answer was lost: a status, a transaction or an update will tell, or its time passes."""
    USED = "used"
    """A transaction named it."""
    REFUSED = "refused"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    """By a later one of the same number (1.6 §5.13, 2.x H01.FR.02)."""
    EXPIRED = "expired"
    REMOVED = "removed"
    """By the station: a fault, out of service, or a driver who did not charge."""


OPEN = frozenset({ReservationState.REQUESTED, ReservationState.ACTIVE, ReservationState.UNKNOWN})
"""The states in which a station may hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationRecord:
    """`number` is what the station calls it; `reason` is why it is over, where somebody said so.

    `asked_by` as in a command's row. `moved_at`: when its state was last known to change.
    """

    command_id: str
    number: int
    station_id: StationId
    id_token: IdToken
    group_id_token: IdToken | None = None
    evse_id: int | None = None
    connector_type: str | None = None
    expires_at: datetime
    state: ReservationState
    reason: str | None = None
    asked_by: str
    asked_at: datetime
    moved_at: datetime
    transaction_no: int | None = None
    transaction_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the station may hold it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class ReservationsWanted:
    """All conditions that are given must hold; `id_token` is the value, whatever its case or type."""

    station_id: StationId | None = None
    state: ReservationState | None = None
    id_token: str | None = None
    number: int | None = None
    is_open: bool | None = None
