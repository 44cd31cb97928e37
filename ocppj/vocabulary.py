"""The field's value types, free of any OCPP version; shaped like 2.0.1, because 1.6 embeds into it.

One conversion table per version (`ocppj/vXX/convert.py`) reads them from the wire and back, for the central
system and the simulator alike. Where 1.6 says connector N we say EVSE N, connector 1; its connector 0 is EVSE
0, the whole station (OCPP 2.0.1 part 1 §3.2, OCPP 1.6 §3.3).
"""

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

import msgspec

StationId = NewType("StationId", str)
"""The canonical OCPP identity of a station: what an `IdentityResolver` made of the URL's last segment."""

Epoch = NewType("Epoch", int)
"""Number of one connection of a station; a newer connection has a greater number, for ever."""


class RegistrationStatus(enum.Enum):
    """The answer to a BootNotification."""

    ACCEPTED = "Accepted"
    PENDING = "Pending"
    REJECTED = "Rejected"


class BootReason(enum.Enum):
    """Why a station started (OCPP 2.0.1 BootReasonEnumType); 1.6 does not say, so UNKNOWN there."""

    APPLICATION_RESET = "ApplicationReset"
    FIRMWARE_UPDATE = "FirmwareUpdate"
    LOCAL_RESET = "LocalReset"
    POWER_UP = "PowerUp"
    REMOTE_RESET = "RemoteReset"
    SCHEDULED_RESET = "ScheduledReset"
    TRIGGERED = "Triggered"
    WATCHDOG = "Watchdog"
    UNKNOWN = "Unknown"


class Availability(enum.Enum):
    """Whether a station, EVSE or connector is meant to charge at all (OperationalStatus in 2.x)."""

    OPERATIVE = "Operative"
    INOPERATIVE = "Inoperative"


class ConnectorStatus(enum.Enum):
    """The five states of a connector in 2.x; the nine of 1.6 map onto them."""

    AVAILABLE = "Available"
    OCCUPIED = "Occupied"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


class ChargingState(enum.Enum):
    """What a transaction does right now (ChargingStateEnumType)."""

    CHARGING = "Charging"
    EV_CONNECTED = "EVConnected"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    IDLE = "Idle"


class IdTokenType(enum.Enum):
    """Kinds of id tokens (IdTokenEnumType); 1.6 has one kind, read as ISO14443."""

    CENTRAL = "Central"
    EMAID = "eMAID"
    ISO14443 = "ISO14443"
    ISO15693 = "ISO15693"
    KEY_CODE = "KeyCode"
    LOCAL = "Local"
    MAC_ADDRESS = "MacAddress"
    NO_AUTHORIZATION = "NoAuthorization"


@dataclass(frozen=True, slots=True)
class IdToken:
    """What a driver presents: value and type. Compared without regard to case (2.0.1 part 2, IdTokenType;
    1.6 IdToken). 1.6's idTag has no type: it means every token of that value.
    """

    value: str
    type: IdTokenType | str = IdTokenType.ISO14443
    has_type: bool = field(default=True, compare=False, repr=False)

    @property
    def key(self) -> str:
        """The form to compare and to store by."""
        kind = self.type.value if isinstance(self.type, IdTokenType) else self.type
        return f"{self.value_key}\t{kind.casefold()}"

    @property
    def value_key(self) -> str:
        """What all tokens of this value share."""
        return self.value.casefold()

    def means(self, other: "IdToken") -> bool:
        """Whether presenting this one may mean the other."""
        return self.key == other.key if self.has_type else self.value_key == other.value_key


class AuthorizationStatus(enum.Enum):
    """The verdict on an id token (AuthorizationStatusEnumType); 1.6 knows the first five."""

    ACCEPTED = "Accepted"
    BLOCKED = "Blocked"
    EXPIRED = "Expired"
    INVALID = "Invalid"
    CONCURRENT_TX = "ConcurrentTx"
    NO_CREDIT = "NoCredit"
    NOT_ALLOWED_TYPE_EVSE = "NotAllowedTypeEVSE"
    NOT_AT_THIS_LOCATION = "NotAtThisLocation"
    NOT_AT_THIS_TIME = "NotAtThisTime"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class IdTokenInfo:
    """A verdict with what belongs to it. `message` is for the station's screen, where there is a field.
    `is_ambiguous`: the token was named without its type, and several have its value.
    """

    status: AuthorizationStatus
    group_id_token: str | None = None
    expires_at: datetime | None = None
    message: str | None = None
    is_ambiguous: bool = field(default=False, compare=False, repr=False)


class TransactionEventKind(enum.Enum):
    """Which end of a transaction an event tells of."""

    STARTED = "Started"
    UPDATED = "Updated"
    ENDED = "Ended"


class MeterSample(msgspec.Struct, frozen=True, gc=False):
    """One sampled value in base units: Wh, W, A, V, varh, var, Hz, percent, celsius.

    `measurand`, `phase`, `location` and `context` keep the wire's words (an unknown one is kept as it came).
    `at` is the station's own time; None where it could not be read.
    """

    measurand: str
    value: float
    unit: str
    at: datetime | None = None
    phase: str | None = None
    location: str | None = None
    context: str | None = None


ENERGY_REGISTER = "Energy.Active.Import.Register"
"""The measurand that a transaction is billed by; also the default where a sample names none."""


@dataclass(frozen=True, slots=True)
class VariableRef:
    """A variable of a component (OCPP 2.0.1 part 1 §4); 1.6 configuration keys map onto these.

    A 1.6 key without a standard variable is component `ConfigurationKey`, variable = the key's own name.
    """

    component: str
    variable: str
    component_instance: str | None = None
    variable_instance: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None

    def __str__(self) -> str:
        """`Component[instance].Variable[instance]`, as people write it."""
        component = (
            f"{self.component}[{self.component_instance}]" if self.component_instance else self.component
        )
        variable = f"{self.variable}[{self.variable_instance}]" if self.variable_instance else self.variable
        return f"{component}.{variable}"


CONFIGURATION_KEY_COMPONENT = "ConfigurationKey"
"""Component of the 1.6 keys that have no standard variable."""


class ResetKind(enum.Enum):
    """1.6 Soft and Hard are 2.x OnIdle and Immediate."""

    ON_IDLE = "OnIdle"
    IMMEDIATE = "Immediate"
    IMMEDIATE_AND_RESUME = "ImmediateAndResume"
    """Only 2.1: its transactions go on afterwards (B13)."""


class TriggeredMessage(enum.Enum):
    """What a station can be asked to send now (MessageTriggerEnumType)."""

    BOOT_NOTIFICATION = "BootNotification"
    HEARTBEAT = "Heartbeat"
    METER_VALUES = "MeterValues"
    STATUS_NOTIFICATION = "StatusNotification"
    TRANSACTION_EVENT = "TransactionEvent"
    FIRMWARE_STATUS_NOTIFICATION = "FirmwareStatusNotification"
    LOG_STATUS_NOTIFICATION = "LogStatusNotification"


class LocalListUpdate(enum.Enum):
    """How a local list is sent."""

    FULL = "Full"
    DIFFERENTIAL = "Differential"


@dataclass(frozen=True, slots=True)
class LocalListEntry:
    """One line of a local list; `info` None takes the token off the list (differential update)."""

    id_token: IdToken
    info: IdTokenInfo | None
