"""The bodies of the commands, and the command each one means."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC
from typing import Annotated

from pydantic import AwareDatetime, Field

from csms.domain.commands import (
    ChangeAvailability,
    Command,
    GetBaseReport,
    GetLocalListVersion,
    GetVariables,
    RemoteStart,
    RemoteStop,
    Reset,
    SendLocalList,
    SetVariables,
    TransferData,
    TriggerMessage,
    UnlockConnector,
    VariableAssignment,
)
from ocppj.model.authorization import ClearCache
from ocppj.vocabulary import (
    CONFIGURATION_KEY_COMPONENT,
    AuthorizationStatus,
    Availability,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    LocalListUpdate,
    ResetKind,
    TriggeredMessage,
    VariableRef,
)
from runtime.bodies import Body as StrictBody

LONGEST_TIMEOUT_S = 600.0
VARIABLES_LIMIT = 200
LOCAL_LIST_LIMIT = 10_000
ID = Annotated[int, Field(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(min_length=1, max_length=50)]  # names of components and variables, 2.0.1 part 2


Number = Callable[[], int]


class Body(StrictBody, ABC):
    """What every command takes: how long the station may need."""

    timeout_s: float = Field(default=30.0, gt=0, le=LONGEST_TIMEOUT_S, allow_inf_nan=False)

    @abstractmethod
    def command(self, number: Number) -> Command:
        """The command in the domain's words; `number()` makes up an id where none was given."""


class ResetBody(Body):
    """When to restart, and what."""

    kind: ResetKind = ResetKind.ON_IDLE
    evse_id: ID | None = None

    def command(self, number: Number) -> Reset:  # noqa: ARG002 - some need it
        """The command."""
        return Reset(self.kind, self.evse_id)


class AvailabilityBody(Body):
    """EVSE 0 is the station."""

    availability: Availability
    evse_id: ID = 0
    connector_id: ID | None = None

    def command(self, number: Number) -> ChangeAvailability:  # noqa: ARG002 - some need it
        """The command."""
        return ChangeAvailability(self.availability, self.evse_id, self.connector_id)


class UnlockBody(Body):
    """Which cable to release."""

    evse_id: ID
    connector_id: ID = 1

    def command(self, number: Number) -> UnlockConnector:  # noqa: ARG002 - some need it
        """The command."""
        return UnlockConnector(self.evse_id, self.connector_id)


class TriggerBody(Body):
    """Which message to ask for."""

    message: TriggeredMessage
    evse_id: ID | None = None
    connector_id: ID | None = None

    def command(self, number: Number) -> TriggerMessage:  # noqa: ARG002 - some need it
        """The command."""
        return TriggerMessage(self.message, self.evse_id, self.connector_id)


class Variable(StrictBody):
    """A variable of a component; of a 1.6 station a configuration key: leave the component away."""

    variable: Text
    component: Text = CONFIGURATION_KEY_COMPONENT
    component_instance: Text | None = None
    variable_instance: Text | None = None
    evse_id: ID | None = None
    connector_id: ID | None = None

    def ref(self) -> VariableRef:
        """In the domain's words."""
        return VariableRef(
            self.component,
            self.variable,
            self.component_instance,
            self.variable_instance,
            self.evse_id,
            self.connector_id,
        )


class GetVariablesBody(Body):
    """No variable: all keys of a 1.6 station."""

    variables: list[Variable] = Field(default_factory=list, max_length=VARIABLES_LIMIT)

    def command(self, number: Number) -> GetVariables:  # noqa: ARG002 - some need it
        """The command."""
        return GetVariables(tuple(each.ref() for each in self.variables))


class Assignment(Variable):
    """A value to set; a secret one is masked in every log."""

    value: str = Field(
        max_length=2500
    )  # SetVariableDataType.attributeValue, OCPP 2.0.1 part 2: 1000; 2.1: 2500
    is_secret: bool = False

    def assignment(self) -> VariableAssignment:
        """In the domain's words."""
        return VariableAssignment(self.ref(), self.value, self.is_secret)


class SetVariablesBody(Body):
    """The values, in the order in which to set them."""

    variables: list[Assignment] = Field(min_length=1, max_length=VARIABLES_LIMIT)

    def command(self, number: Number) -> SetVariables:  # noqa: ARG002 - some need it
        """The command."""
        return SetVariables(tuple(each.assignment() for each in self.variables))


class ReportBody(Body):
    """The number under which the report comes; one is made up without it."""

    request_id: ID | None = None

    def command(self, number: Number) -> GetBaseReport:
        """The command."""
        return GetBaseReport(self.request_id if self.request_id is not None else number())


class StartBody(Body):
    """Who charges where."""

    id_token: str = Field(min_length=1, max_length=36)
    id_token_type: IdTokenType = IdTokenType.ISO14443
    evse_id: ID | None = None
    remote_start_id: ID | None = None

    def command(self, number: Number) -> RemoteStart:
        """The command."""
        start_id = self.remote_start_id if self.remote_start_id is not None else number()
        return RemoteStart(IdToken(self.id_token, self.id_token_type), start_id, self.evse_id)


class StopBody(Body):
    """Which transaction to end."""

    transaction_id: str = Field(min_length=1, max_length=36)

    def command(self, number: Number) -> RemoteStop:  # noqa: ARG002 - some need it
        """The command."""
        return RemoteStop(self.transaction_id)


class Entry(StrictBody):
    """A line of a local list; `status` null takes the token off the list (differential)."""

    id_token: str = Field(min_length=1, max_length=36)
    id_token_type: IdTokenType = IdTokenType.ISO14443
    status: AuthorizationStatus | None = AuthorizationStatus.ACCEPTED
    group_id_token: str | None = Field(default=None, max_length=36)
    expires_at: AwareDatetime | None = None

    def entry(self) -> LocalListEntry:
        """In the domain's words."""
        token = IdToken(self.id_token, self.id_token_type)
        if self.status is None:
            return LocalListEntry(token, None)
        expires_at = self.expires_at.astimezone(UTC) if self.expires_at is not None else None
        return LocalListEntry(token, IdTokenInfo(self.status, self.group_id_token, expires_at))


class LocalListBody(Body):
    """The list and its version; a full list without entries empties the station's list.

    Version 0 is 1.6's empty list, and takes a full update without entries (§5.10).
    """

    version: int = Field(ge=0, le=2**31 - 1)
    update: LocalListUpdate = LocalListUpdate.FULL
    entries: list[Entry] = Field(default_factory=list, max_length=LOCAL_LIST_LIMIT)

    def command(self, number: Number) -> SendLocalList:  # noqa: ARG002 - some need it
        """The command."""
        return SendLocalList(self.version, self.update, tuple(each.entry() for each in self.entries))


class DataTransferBody(Body):
    """What only this vendor understands."""

    vendor_id: str = Field(min_length=1, max_length=255)
    message_id: str | None = Field(default=None, max_length=50)
    text: str | None = None

    def command(self, number: Number) -> TransferData:  # noqa: ARG002 - some need it
        """The command."""
        return TransferData(self.vendor_id, self.message_id, self.text)


class ListVersionBody(Body):
    """Nothing to say."""

    def command(self, number: Number) -> GetLocalListVersion:  # noqa: ARG002 - some need it
        """The command."""
        return GetLocalListVersion()


class ClearCacheBody(Body):
    """Nothing to say."""

    def command(self, number: Number) -> ClearCache:  # noqa: ARG002 - some need it
        """The command."""
        return ClearCache()
