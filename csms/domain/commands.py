"""What we ask of stations, and what came of it; free of any OCPP version.

A command ends in exactly one `Outcome`. `UNKNOWN` means: it was sent, then the socket was lost; it is not
repeated.
"""

import enum
from dataclasses import dataclass, field
from typing import Any

from ocppj.model.command import Command as ModelCommand
from ocppj.model.variables import ReportedVariable
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
    """Restart the station, or one EVSE of a 2.x station."""

    kind: ResetKind = ResetKind.ON_IDLE
    evse_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeAvailability:
    """Make the station (EVSE 0), an EVSE or a connector operative or not."""

    availability: Availability
    evse_id: int = 0
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnlockConnector:
    """Release the cable."""

    evse_id: int
    connector_id: int = 1


@dataclass(frozen=True, slots=True)
class TriggerMessage:
    """Ask for a message now."""

    message: TriggeredMessage
    evse_id: int | None = None
    connector_id: int | None = None


@dataclass(frozen=True, slots=True)
class GetVariables:
    """Read variables; 1.6: GetConfiguration of their keys. An empty tuple reads all keys of a 1.6 station."""

    refs: tuple[VariableRef, ...] = ()


@dataclass(frozen=True, slots=True)
class VariableAssignment:
    """A value to set. `is_secret` keeps it out of logs, events and the wire log."""

    ref: VariableRef
    value: str
    is_secret: bool = False

    def __repr__(self) -> str:
        shown = "***" if self.is_secret else repr(self.value)
        return f"VariableAssignment({self.ref}, {shown})"


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Set variables; 1.6: one ChangeConfiguration per key, in order."""

    assignments: tuple[VariableAssignment, ...]


@dataclass(frozen=True, slots=True)
class GetBaseReport:
    """Ask a 2.x station for its full inventory; it comes as NotifyReport events."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RemoteStart:
    """Start a transaction for an id token."""

    id_token: IdToken
    remote_start_id: int
    evse_id: int | None = None


@dataclass(frozen=True, slots=True)
class RemoteStop:
    """Stop a transaction."""

    transaction_id: str


@dataclass(frozen=True, slots=True)
class SendLocalList:
    """Replace or change the station's local list."""

    version: int
    update: LocalListUpdate
    entries: tuple[LocalListEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class GetLocalListVersion:
    """Ask which version of the local list the station has (0: none; 1.6 also -1: not supported)."""


@dataclass(frozen=True, slots=True)
class TransferData:
    """DataTransfer to the station."""

    vendor_id: str
    message_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RawCall:
    """Any action of the station's own version, as on the wire: no command, but kept and asked like one."""

    action: str
    payload: dict[str, Any] = field(repr=False)


Command = (
    Reset
    | ChangeAvailability
    | UnlockConnector
    | TriggerMessage
    | GetVariables
    | SetVariables
    | GetBaseReport
    | RemoteStart
    | RemoteStop
    | SendLocalList
    | GetLocalListVersion
    | ModelCommand
    | TransferData
)


_NAMES: dict[type[Command], str] = {
    Reset: "reset",
    ChangeAvailability: "change-availability",
    UnlockConnector: "unlock-connector",
    TriggerMessage: "trigger-message",
    GetVariables: "get-variables",
    SetVariables: "set-variables",
    GetBaseReport: "get-base-report",
    RemoteStart: "remote-start",
    RemoteStop: "remote-stop",
    SendLocalList: "send-local-list",
    GetLocalListVersion: "get-local-list-version",
    TransferData: "data-transfer",
}


def command_name(command: Command | RawCall) -> str:
    """The name of a command outside: in the API's paths, in news and in its row; of a raw call its action."""
    if isinstance(command, RawCall):
        return command.action
    return command.name if isinstance(command, ModelCommand) else _NAMES[type(command)]


class Outcome(enum.Enum):
    """How a command ended; the words of the API (`outcome`)."""

    RESULT = "result"
    """The station answered (which may be a refusal: see `CommandAnswer.is_accepted`)."""
    ERROR = "error"
    """The station answered with a CALLERROR, or with an answer that breaks its schema."""
    TIMEOUT = "timeout"
    OFFLINE = "offline"
    """Never sent: the station has no connection, or is not registered on it yet."""
    REPLACED = "replaced"
    """The connection was replaced by a newer one while the command was open or waiting."""
    UNKNOWN = "unknown"
    """Sent, then the socket was lost."""
    UNSUPPORTED = "unsupported"
    """The station's OCPP version has no such command; never sent."""
    UNFIT = "unfit"
    """Never sent: a password that no station may be given."""
    BUSY = "busy"
    """Never sent: the station's queue is full."""


@dataclass(frozen=True, slots=True)
class VariableResult:
    """What a station said of one variable. `status`: Accepted, Rejected, RebootRequired, …"""

    ref: VariableRef
    status: str
    value: str | None = None
    is_read_only: bool | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the value is (or will be, after a reboot) in force, or was read."""
        return self.status in {"Accepted", "RebootRequired"}


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """A station's answer in neutral words. `status` is the version's own; `variables` have theirs."""

    status: str
    is_accepted: bool
    reason: str | None = None
    variables: tuple[VariableResult, ...] = ()
    inventory: tuple[ReportedVariable, ...] = ()
    local_list_version: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """How a command ended. `payload` is the raw answer for the API; `seq` its place in the wire log."""

    outcome: Outcome
    command_id: str
    answer: CommandAnswer | None = None
    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None
    seq: int | None = None
    is_good: bool = False
    """Of a raw call, which has no `answer`: whether the payload says yes."""

    @property
    def is_accepted(self) -> bool:
        """The station answered, and agreed."""
        return self.answer.is_accepted if self.answer is not None else self.is_good
