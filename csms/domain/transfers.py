"""A file that a station is to fetch and install, or to send: what was asked, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from ocppj.vocabulary import StationId


class TransferKind(StrEnum):
    """Which way, and what for."""

    FIRMWARE = "firmware"
    LOG = "log"


class TransferState(StrEnum):
    """What is known of it."""

    WAITING = "waiting"
    """The station has not agreed yet: it is away, or has not answered."""
    UNDER_WAY = "under_way"
    INSTALLED = "installed"
    """The station says so; its next boot will tell the version."""
    PROVEN = "proven"
    """It has booted with the version that was wanted."""
    UNCHANGED = "unchanged"
    """It says that it has installed it, and has booted with another version, or not at all."""
    RECEIVED = "received"
    """The log is here."""
    FAILED = "failed"
    SILENT = "silent"
    """Nothing more was told of it in time."""
    CANCELLED = "cancelled"
    """A later one took its place."""


OPEN_TRANSFERS = frozenset({TransferState.WAITING, TransferState.UNDER_WAY, TransferState.INSTALLED})


class TransferNewsKind(StrEnum):
    """What the server itself finds out about a transfer."""

    AGREED = "agreed"
    REFUSED = "refused"
    RECEIVED = "received"
    LACKING = "lacking"
    """The station has sent it, it says, and nothing came."""
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class TransferNews:
    """Such a thing of one transfer; `text` is why."""

    station_id: StationId
    number: int
    kind: TransferNewsKind
    text: str | None = None
