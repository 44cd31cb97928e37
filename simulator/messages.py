"""What a simulated station tells the central system, and what it hears back; free of any OCPP version.

The station model speaks these; a dialect turns them into the requests of a version and reads the responses.
"""

from dataclasses import dataclass
from datetime import datetime

from ocppj.vocabulary import (
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenInfo,
    MeterSample,
    RegistrationStatus,
    TransactionEventKind,
)
from simulator.variables import Variable


@dataclass(frozen=True, slots=True)
class Booted:
    """The station has started and asks to be registered."""

    reason: BootReason


@dataclass(frozen=True, slots=True)
class Beat:
    """The heartbeat."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The state of one connector; EVSE 0 is the whole station (1.6 only)."""

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    charging_state: ChargingState | None
    at: datetime
    is_plugged: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationAsked:
    """May this id token charge?"""

    id_token: IdToken


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionReport:
    """The start, an update or the end of a transaction. Energy in Wh, the register's absolute reading.

    `transaction_id` is the station's own; `csms_id` the one that a 1.6 central system gave, None until then.
    """

    kind: TransactionEventKind
    transaction_id: str
    csms_id: str | None
    evse_id: int
    connector_id: int
    at: datetime
    trigger: str
    seq_no: int
    meter_wh: float
    samples: tuple[MeterSample, ...] = ()
    is_offline: bool = False
    id_token: IdToken | None = None
    charging_state: ChargingState | None = None
    stopped_reason: str | None = None
    remote_start_id: int | None = None
    phases: int = 3
    tells_place: bool = True
    """Whether EVSE and connector are worth telling (2.0.1 E01.FR.16: once)."""


@dataclass(frozen=True, slots=True)
class MeterReport:
    """Meter values outside a transaction's own messages: triggered, or by the clock."""

    evse_id: int
    samples: tuple[MeterSample, ...]
    csms_id: str | None = None


@dataclass(frozen=True, slots=True)
class InventoryPart:
    """One part of a report of all variables."""

    request_id: int
    seq_no: int
    is_last: bool
    at: datetime
    variables: tuple[tuple[Variable, str | None], ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """DataTransfer."""

    vendor_id: str
    message_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class FirmwareReport:
    """The state of firmware updates: a station without any says Idle."""

    status: str = "Idle"


@dataclass(frozen=True, slots=True)
class SecurityReport:
    """A security event, by its name in the list of 2.0.1 part 2 appendix 1."""

    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LogReport:
    """The state of log uploads: a station without any says Idle."""

    status: str = "Idle"


Message = (
    Booted
    | Beat
    | StatusReport
    | AuthorizationAsked
    | TransactionReport
    | MeterReport
    | InventoryPart
    | Transfer
    | FirmwareReport
    | LogReport
    | SecurityReport
)


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to a boot. `current_time` is None where it could not be read."""

    status: RegistrationStatus
    interval_s: int
    current_time: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to an authorization or a transaction message."""

    info: IdTokenInfo | None
    csms_id: str | None = None
    """The transaction id that a 1.6 central system hands out."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An answer that says nothing more."""


Reply = Registered | Verdict | Noted
