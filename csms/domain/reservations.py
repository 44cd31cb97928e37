"""A reservation as the central system keeps it: what was asked, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from access.principals import AccessScope
from ocppj.vocabulary import StationId


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


@dataclass(frozen=True, slots=True)
class ReservationsWanted:
    """All conditions that are given must hold; `id_token` is the value, whatever its case or type."""

    station_id: StationId | None = None
    state: ReservationState | None = None
    id_token: str | None = None
    number: int | None = None
    is_open: bool | None = None
    scope: AccessScope | None = None
    """Of these organisations and sites; None: of all."""
