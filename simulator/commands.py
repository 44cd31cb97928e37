"""What a central system asks of a station, and the station's answer; free of any OCPP version.

The words of `Answer.status` are those of 2.0.1; the 1.6 dialect says the same in its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ocppj.model.command import Command as ModelCommand
from ocppj.vocabulary import (
    Availability,
    IdToken,
    LocalListEntry,
    LocalListUpdate,
    ResetKind,
    TriggeredMessage,
    VariableRef,
)


@dataclass(frozen=True, slots=True)
class Reset:
    """Restart; `evse_id` only for one EVSE (2.x)."""

    kind: ResetKind
    evse_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeAvailability:
    """EVSE 0 is the whole station; connector None the whole EVSE."""

    availability: Availability
    evse_id: int = 0
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnlockConnector:
    """Release the cable."""

    evse_id: int
    connector_id: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """Send a message now; `message` None is one that this station does not have."""

    message: TriggeredMessage | None
    evse_id: int | None = None
    connector_id: int | None = None


ACTUAL = "Actual"
"""The attribute of a variable that stations here have; 2.x also knows Target, MinSet and MaxSet."""


@dataclass(frozen=True, slots=True)
class VariableAsked:
    """One variable to read."""

    ref: VariableRef
    attribute: str = ACTUAL


@dataclass(frozen=True, slots=True)
class ReadVariables:
    """Read variables; an empty tuple reads all that the version shows."""

    asked: tuple[VariableAsked, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One value to set; the value stays out of `repr`, since it may be a secret."""

    ref: VariableRef
    value: str
    attribute: str = ACTUAL

    def __repr__(self) -> str:
        return f"Assignment({self.ref})"


@dataclass(frozen=True, slots=True)
class WriteVariables:
    """Set variables, in order."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class ReportInventory:
    """Send all variables (2.x GetBaseReport)."""

    request_id: int
    report: str


@dataclass(frozen=True, slots=True)
class RemoteStart:
    """Start a transaction for an id token."""

    id_token: IdToken
    remote_start_id: int | None
    evse_id: int | None


@dataclass(frozen=True, slots=True)
class RemoteStop:
    """Stop a transaction; the id as the central system knows it."""

    transaction_id: str


@dataclass(frozen=True, slots=True)
class UpdateLocalList:
    """Replace or change the local list."""

    version: int
    update: LocalListUpdate
    entries: tuple[LocalListEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadListVersion:
    """Which version of the local list is there?"""


@dataclass(frozen=True, slots=True)
class ReceiveTransfer:
    """DataTransfer from the central system."""

    vendor_id: str
    message_id: str | None
    text: str | None


Command = (
    Reset
    | ChangeAvailability
    | UnlockConnector
    | Trigger
    | ReadVariables
    | WriteVariables
    | ReportInventory
    | RemoteStart
    | RemoteStop
    | UpdateLocalList
    | ReadListVersion
    | ModelCommand
    | ReceiveTransfer
)


@dataclass(frozen=True, slots=True)
class VariableAnswer:
    """What the station says of one variable."""

    ref: VariableRef
    status: str
    value: str | None = None
    is_read_only: bool = False
    attribute: str = ACTUAL


@dataclass(frozen=True, slots=True)
class Answer:
    """The station's answer. `then` runs once it is sent: what the command sets in motion comes after it."""

    status: str = "Accepted"
    variables: tuple[VariableAnswer, ...] = ()
    version: int | None = None
    transaction_id: str | None = None
    then: Callable[[], object] | None = None


ACCEPTED = Answer("Accepted")
REJECTED = Answer("Rejected")
