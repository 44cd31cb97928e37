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


class ReviewDecision(enum.Enum):
    """What to make of it: as it was counted, as given, or nothing at all."""

    ACCEPT = "accept"
    CORRECT = "correct"
    VOID = "void"
    END = "end"
    """A transaction whose end never came was ended; what it comes to is still open."""

    @property
    def review(self) -> Review:
        """Where it stands then; there is none for END."""
        return _REVIEWS[self]


_REVIEWS = {
    ReviewDecision.ACCEPT: Review.ACCEPTED,
    ReviewDecision.CORRECT: Review.CORRECTED,
    ReviewDecision.VOID: Review.VOID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """A decision, who made it and why. Corrections are None where the value stands; money in micro-units.

    A corrected cost is what the driver pays; without one it is counted again from the other values.
    """

    station_id: StationId
    transaction_id: str
    transaction_no: int
    decision: ReviewDecision
    reason: str
    decided_by: str
    at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    energy_wh: float | None = None
    cost_micro: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRequest:
    """A transaction that is to end although its end was never reported: it cannot go on `since` then.

    By hand, with who and why, and the end where it is known. Else only if nothing has come of it since
    `last_received_at`.
    """

    station_id: StationId
    transaction_id: str
    transaction_no: int
    at: datetime
    since: datetime
    ended_at: datetime | None = None
    reason: str | None = None
    decided_by: str | None = None
    last_received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """What was decided, with the values before and after."""

    decision: ReviewDecision
    reason: str
    decided_by: str
    decided_at: datetime
    before: dict[str, Any]
    after: dict[str, Any]
