"""A message on a station's display as the central system keeps it."""

from enum import StrEnum


class DisplayMessageState(StrEnum):
    """Whether a station shows it, at its time."""

    HELD = "held"
    """The station said so."""
    UNKNOWN = "unknown"
    """It was asked to, and its answer was lost: its next report tells."""
    GONE = "gone"
    """It was cleared, replaced, or the station has it no longer."""
