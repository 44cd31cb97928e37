"""Messages that are kept as they came: why, and what became of them."""

import enum
from dataclasses import dataclass, field
from datetime import datetime

from ocppj.vocabulary import Epoch, StationId


class QuarantineCause(enum.StrEnum):
    """Why a message is kept."""

    REFUSED = "refused"
    """It could not be read, and got a CALLERROR."""
    EARLY = "before-accepted"
    """The station was not accepted yet, and got a SecurityError (2.x)."""
    CONFLICT = "conflict"
    """It contradicts what was stored first; it was answered."""
    NOT_STORED = "not-stored"
    """The database did not take it; it was answered."""
    PARTLY_READ = "partly-read"
    """A part of it was left out; the rest is stored, and it was answered."""


class QuarantineState(enum.StrEnum):
    """What became of a message in quarantine."""

    WAITING = "waiting"
    """Nothing of it is used; somebody has to look at it."""
    USED = "used"
    """What could be read of it is used; nobody has to do anything."""
    TAKEN_IN = "taken-in"
    """Somebody had it taken in again."""
    DISMISSED = "dismissed"
    """Somebody decided that it counts for nothing."""


OPEN_STATES = frozenset({QuarantineState.WAITING, QuarantineState.USED})
"""Of messages that nobody has decided about."""


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A message in quarantine. `version` is the label of what the station spoke; None for old ones.

    `reason` is why it is here, in words; `decision` the reason that somebody gave for what became of it, and
    `corrected` the message that they had taken in instead.
    """

    quarantine_id: int
    station_id: StationId
    epoch: Epoch
    raw: bytes = field(repr=False)
    cause: QuarantineCause
    reason: str
    received_at: datetime
    version: str | None = None
    state: QuarantineState = QuarantineState.WAITING
    decided_at: datetime | None = None
    decided_by: str | None = None
    decision: str | None = None
    corrected: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class QuarantineDecision:
    """What somebody decides about a message in quarantine."""

    quarantine_id: int
    state: QuarantineState
    at: datetime
    by: str
    reason: str
    corrected: bytes | None = field(default=None, repr=False)
