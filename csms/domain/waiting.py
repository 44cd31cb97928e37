"""What waits for people: stations with something in their way, decisions; and the fleet in a few numbers."""

from dataclasses import dataclass
from datetime import datetime

from access.principals import AccessScope
from ocppj.vocabulary import StationId


@dataclass(frozen=True, slots=True)
class WaitingWanted:
    """Of the stations of `scope`, those of `own_scope` that wait for one of `turns` (the words of
    `OwnedStation.who_clears`); or all others, where `is_for_others`.

    A fault, and silence that is wrong, are for everybody who has turns there.
    """

    scope: AccessScope
    own_scope: AccessScope
    turns: frozenset[str] = frozenset()
    is_for_others: bool = False


@dataclass(frozen=True, slots=True)
class WaitingStation:
    """A station that waits; `since` when, None where nobody knows."""

    station_id: StationId
    since: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """A part of those that wait, the longest first; how many wait in all."""

    stations: tuple[WaitingStation, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """What waits for a decision: how many, the oldest of them since when."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FleetNow:
    """The stations of a scope in a few numbers. `silent`: should be connected and are not."""

    stations: int = 0
    online: int = 0
    faulted: int = 0
    silent: int = 0
    charging: int = 0
    power_w: float = 0.0
