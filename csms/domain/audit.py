"""What people and programs did to a station, from wherever it is stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Change(StrEnum):
    """What can be done to a station here that neither asks it for anything nor decides about what it sent."""

    ADDED = "added"
    ADMISSION_CHOSEN = "admission-chosen"
    PUT_UNDER_TEST = "put-under-test"
    TAKEN_OUT_OF_TEST = "taken-out-of-test"
    ORDERED = "ordered"
    ORDER_CANCELLED = "order-cancelled"
    NAME_ADDED = "name-added"
    CLAIM_CODE_MADE = "claim-code-made"
    ADOPTED = "adopted"
    CLAIMED = "claimed"
    PLACE_CHANGED = "place-changed"
    TAKEN_AWAY = "taken-away"
    EXCHANGED = "exchanged"
    SWAPPED = "swapped"
    ONE_BOX_LEFT = "one-box-left"
    ACTIVATION_ASKED_FOR = "activation-asked-for"
    POWER_UP_BEGUN = "power-up-begun"
    POWER_UP_MEASURED = "power-up-measured"
    POWER_UP_TICKED = "power-up-ticked"
    POWER_UP_PHOTO = "power-up-photo-added"
    POWER_UP_FINISHED = "power-up-finished"
    TEST_OPENED = "test-opened"
    TEST_ENDED = "test-ended"
    COMMISSIONED = "commissioned"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TAGGED = "tagged"
    LEASED = "leased"
    LEASE_GIVEN_BACK = "lease-given-back"
    LEASE_TAKEN_AWAY = "lease-taken-away"
    PASSWORD_TOLD = "password-told"  # noqa: S105 - a word for what was done
    SECRET_FORGOTTEN = "secret-forgotten"  # noqa: S105 - the same


class AuditKind(StrEnum):
    """Where it is stored; things of the same instant are listed in the order of these words."""

    CHANGE = "change"
    """Something about the station was changed here (`Change`): its admission, its lifecycle, its secret."""
    COMMAND = "command"
    """Somebody asked the station for something, by a command or a raw call."""
    QUARANTINE = "quarantine"
    """Somebody decided about a message of it that was kept aside."""
    REVIEW = "review"
    """Somebody decided about a transaction of it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `what` is a word of its kind, `result` what it came to, `reason` what the person wrote;
    `reference` is the id of the command, the message or the transaction. `key` tells it from others of its
    kind.
    """

    at: datetime
    by: str
    kind: AuditKind
    what: str
    result: str | None
    reason: str | None
    reference: str | None
    key: int | str


@dataclass(frozen=True, slots=True)
class AuditPlace:
    """Where the list goes on: behind this entry. `kind` may be one of a list that has more kinds."""

    at: datetime
    kind: StrEnum
    key: int | str
