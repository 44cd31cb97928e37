"""What happened to a station, in one line: from wherever it is stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NUMBERED = frozenset({"boot", "change", "connection", "fault", "quarantine", "review", "transaction"})
"""Kinds whose keys are numbers."""


class TimelineKind(StrEnum):
    """What it is; things of the same instant are listed in the order of these words."""

    BOOT = "boot"
    CHANGE = "change"
    COMMAND = "command"
    CONNECTION = "connection"
    FAULT = "fault"
    QUARANTINE = "quarantine"
    REVIEW = "review"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing, from `at` to `until` where it lasts (None: it goes on, or is of an instant).

    `what` is a word of its kind, `by` who did it, `result` what it came to; `reference` is the id of the
    command, message or transaction. `key` tells it from others of its kind.
    """

    at: datetime
    kind: TimelineKind
    what: str
    key: int | str
    until: datetime | None = None
    by: str | None = None
    result: str | None = None
    reason: str | None = None
    reference: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class TimelinePlace:
    """Where the line goes on: behind this entry."""

    at: datetime
    kind: TimelineKind
    key: int | str
