"""A lease: a station of the bench that somebody has to themselves for a while, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from access.principals import AccessScope
from ocppj.vocabulary import StationId, VariableRef

TAG_PATTERN = r"^[a-z0-9][a-z0-9._-]*$"
LONGEST_TAG = 32
TAGS_MOST = 16
"""Of one station, and of one wish."""
LONGEST_PURPOSE = 200
SHORTEST_LEASE_S, LONGEST_LEASE_S = 10, 86_400
USUAL_LEASE_S = 600
"""How long a lease lasts that nobody renews, where its holder says nothing else."""
LONGEST_WAIT_S = 600
BASELINE_MOST = 5_000
"""Values that are remembered of a station; the largest have some thousands."""


class LeaseState(StrEnum):
    """How a lease stands."""

    HELD = "held"
    RESTORING = "restoring"
    """Nobody holds it any more; the station is given back the configuration that it had."""
    OVER = "over"


class BaselineState(StrEnum):
    """How far the configuration is known that the station had when the lease began."""

    READING = "reading"
    READ = "read"
    UNREAD = "unread"
    """The station told none: nothing will be restored."""


class LeaseEnd(StrEnum):
    """Why nobody holds it any more."""

    GIVEN_BACK = "given-back"
    EXPIRED = "expired"
    """Its holder did not renew it in time."""
    TAKEN_AWAY = "taken-away"
    """By an administrator."""


class NotRestored(StrEnum):
    """Why nothing was set back, or not the rest."""

    NOT_READ = "not-read"
    """What it had been was not known."""
    GIVEN_UP = "given-up"
    """By an administrator."""
    NO_ANSWER = "no-answer"
    """The station did not answer, however often it was tried."""


UNREADABLE = "unreadable"
"""Why a variable was left alone: the station does not tell it any more. Otherwise it is its own word."""
UNCHANGED = "unchanged"
"""The same: the station agreed to set it, and tells another value all the same."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A variable that is not as it was, and why: `UNREADABLE`, `UNCHANGED`, or what the station answered."""

    variable: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """What came of restoring: what was set back, what was not, and whether the station must restart for it.

    `reason` is why nothing (more) was tried.
    """

    set_back: tuple[str, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    needs_restart: bool = False
    reason: NotRestored | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A station, who has it, what for, and until when unless they renew it."""

    lease_id: str
    station_id: StationId
    holder: str
    purpose: str
    tags: tuple[str, ...] = ()
    """Those that were wished for; none where the station was named."""
    lasts_s: int
    since: datetime
    renewed_at: datetime
    expires_at: datetime
    state: LeaseState = LeaseState.HELD
    baseline: BaselineState = BaselineState.READING
    end: LeaseEnd | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str | None = None
    """What an administrator wrote who took it away."""
    restoration: Restoration | None = None
    moved_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether the station is nobody else's yet."""
        return self.state is not LeaseState.OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseWish:
    """What somebody wants a station for, and for how long at a time."""

    holder: str
    purpose: str
    lasts_s: int = USUAL_LEASE_S
    tags: tuple[str, ...] = ()

    @property
    def lasts(self) -> timedelta:
        """For how long at a time."""
        return timedelta(seconds=self.lasts_s)


@dataclass(frozen=True, slots=True)
class BaselineValue:
    """What a variable was when the lease began."""

    ref: VariableRef
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeasesWanted:
    """All conditions that are given must hold."""

    station_id: StationId | None = None
    is_open: bool | None = None
    scope: AccessScope | None = None
    """Of these organisations and sites; None: of all."""


@dataclass(frozen=True, slots=True)
class BenchStation:
    """A station of the bench: it has tags, or somebody has it."""

    station_id: StationId
    tags: tuple[str, ...]
    lease: Lease | None


@dataclass(frozen=True, slots=True)
class BenchWanted:
    """Which stations of the bench: those that have all of these tags."""

    tags: tuple[str, ...] = ()
    scope: AccessScope | None = None
