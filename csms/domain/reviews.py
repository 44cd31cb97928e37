"""What waits for a person, and what people decide: transactions that cannot be what the station said."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocppj.vocabulary import StationId


class Review(enum.Enum):
    """Where a transaction stands; one that nobody need look at has none."""

    HELD = "held"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    VOID = "void"


class Decision(enum.Enum):
    """What to make of it: as it was counted, as given, or nothing at all."""

    ACCEPT = "accept"
    CORRECT = "correct"
    VOID = "void"

    @property
    def review(self) -> Review:
        """Where it stands then."""
        return _REVIEWS[self]


_REVIEWS = {
    Decision.ACCEPT: Review.ACCEPTED,
    Decision.CORRECT: Review.CORRECTED,
    Decision.VOID: Review.VOID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """A decision, who made it and why. Corrections are None where the value stands; money in micro-units.

    A corrected cost is what the driver pays; without one it is counted again from the other values.
    """

    station_id: StationId
    transaction_id: str
    decision: Decision
    reason: str
    decided_by: str
    at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    energy_wh: float | None = None
    cost_micro: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """What was decided, with the values before and after."""

    decision: Decision
    reason: str
    decided_by: str
    decided_at: datetime
    before: dict[str, Any]
    after: dict[str, Any]
