"""Charging profiles of a station, and limits of others, as the central system knows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from access.principals import AccessScope
from ocppj.vocabulary import StationId


class ProfileState(StrEnum):
    """What is known of a profile at its station."""

    REQUESTED = "requested"
    """The station has not answered yet."""
    HELD = "held"
    """It said so: it took the profile, or reported it."""
    UNKNOWN = "unknown"
    """An answer was lost: a report will tell."""
    REFUSED = "refused"
    REPLACED = "replaced"
    """By one of the same id, or of the same purpose and stack level (K01.FR.05, 1.6 §5.16.3)."""
    CLEARED = "cleared"
    """Somebody asked the station to give it up (K10)."""
    ENDED = "ended"
    """With its transaction (1.6 §3.13.1, K01.FR.09)."""
    MISSING = "missing"
    """The station does not have it, by its own word."""


PERHAPS_HELD = frozenset({ProfileState.REQUESTED, ProfileState.HELD, ProfileState.UNKNOWN})
"""The states in which a station may hold it."""


LimitPlace = tuple[datetime, str, int, str]
"""Where a list of limits goes on: when it was told, station, EVSE, source."""


@dataclass(frozen=True, slots=True)
class ProfilesWanted:
    """All conditions that are given must hold."""

    station_id: StationId | None = None
    is_open: bool | None = None
    scope: AccessScope | None = None
    """Of these organisations and sites; None: of all."""


@dataclass(frozen=True, slots=True)
class LimitsWanted:
    """Of limits that others than the central system have set."""

    station_id: StationId | None = None
    is_open: bool | None = None
    scope: AccessScope | None = None
