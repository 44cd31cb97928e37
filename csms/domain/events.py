"""What stations tell us, and what we reply: one immutable class each, never a wire class.

`at` fields are the station's own time (aware UTC) or None where it gave none that can be read; the time of
reception travels beside the event, in `Inbound`. Wire words that no version-free type covers stay text.

What comes with every charge is a struct: it is made in a tenth of the time that a frozen dataclass takes.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from charging.tariff import Tariff
from ocppj.vocabulary import (
    BootReason,
    ChargingState,
    ConnectorStatus,
    Epoch,
    IdToken,
    IdTokenInfo,
    MeterSample,
    RegistrationStatus,
    StationId,
    TransactionEventKind,
    VariableRef,
)


@dataclass(frozen=True, slots=True)
class StationBooted:
    """BootNotification."""

    vendor: str
    model: str
    serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None
    reason: BootReason = BootReason.UNKNOWN


@dataclass(frozen=True, slots=True)
class HeartbeatReceived:
    """Heartbeat."""


@dataclass(frozen=True, slots=True)
class ConnectorStatusReported:
    """StatusNotification. `reported` is the version's own word (1.6 has nine); EVSE 0 is the station.

    `charging_state` is what 1.6 tells in it of the transaction there; 2.x has TransactionEvents for that.
    """

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    reported: str
    at: datetime | None = None
    error_code: str | None = None
    info: str | None = None
    vendor_error_code: str | None = None
    charging_state: ChargingState | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRequested:
    """Authorize."""

    id_token: IdToken


class TransactionReported(msgspec.Struct, frozen=True, gc=False):
    """1.6 StartTransaction and StopTransaction, 2.x TransactionEvent.

    `transaction_id` is None for a 1.6 start: we hand it out. `meter_wh` is 1.6's meterStart or meterStop.
    `is_sequenced`: the messages of the transaction have sequence numbers (2.x), also where that of this one
    could not be read. `signed_values` are sampled values with a signature as JSON text; `has_cost_details`:
    the raw message has 2.1's costDetails.
    """

    kind: TransactionEventKind
    transaction_id: str | None
    at: datetime | None
    evse_id: int | None = None
    connector_id: int | None = None
    seq_no: int | None = None
    trigger_reason: str | None = None
    charging_state: ChargingState | None = None
    id_token: IdToken | None = None
    meter_wh: float | None = None
    samples: tuple[MeterSample, ...] = ()
    stopped_reason: str | None = None
    is_offline: bool = False
    remote_start_id: int | None = None
    reservation_id: int | None = None
    is_sequenced: bool = False
    signed_values: tuple[str, ...] = ()
    has_cost_details: bool = False

    @property
    def has_number_of_ours(self) -> bool:
        """Whether its transaction goes by a number that the central system gives out (1.6)."""
        return self.seq_no is None and not self.is_sequenced


class MeterValuesReported(msgspec.Struct, frozen=True, gc=False):
    """MeterValues; `transaction_id` only in 1.6, 0 and negative ids mean none (quirk 35).

    `evse_id` is None where it could not be read.
    """

    evse_id: int | None
    transaction_id: str | None
    samples: tuple[MeterSample, ...]
    signed_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataTransferReceived:
    """DataTransfer from the station; `text` is the payload as JSON text or 1.6's plain string."""

    vendor_id: str
    message_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ReportedVariable:
    """One variable as the station reports it; `value` None where it is write-only or has none."""

    ref: VariableRef
    value: str | None
    is_read_only: bool = False
    unit: str | None = None
    data_type: str | None = None
    max_limit: float | None = None


@dataclass(frozen=True, slots=True)
class VariablesReported:
    """NotifyReport (2.x). `is_last` is false while more parts follow."""

    request_id: int
    seq_no: int
    is_last: bool
    variables: tuple[ReportedVariable, ...]


@dataclass(frozen=True, slots=True)
class SecurityEventReported:
    """SecurityEventNotification."""

    type: str
    at: datetime | None
    tech_info: str | None = None


@dataclass(frozen=True, slots=True)
class FirmwareStatusReported:
    """FirmwareStatusNotification, also the signed one of 1.6."""

    status: str
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class LogStatusReported:
    """LogStatusNotification, and 1.6's DiagnosticsStatusNotification."""

    status: str
    request_id: int | None = None


Event = (
    StationBooted
    | HeartbeatReceived
    | ConnectorStatusReported
    | AuthorizationRequested
    | TransactionReported
    | MeterValuesReported
    | DataTransferReceived
    | VariablesReported
    | SecurityEventReported
    | FirmwareStatusReported
    | LogStatusReported
)


@dataclass(frozen=True, slots=True)
class BootReply:
    """Answer to StationBooted. `interval_s`: of heartbeats if accepted, else until the next boot."""

    status: RegistrationStatus
    interval_s: int
    current_time: datetime
    reason_code: str | None = None
    additional_info: str | None = None


@dataclass(frozen=True, slots=True)
class HeartbeatReply:
    """Answer to HeartbeatReceived."""

    current_time: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The empty answer of reports and notifications."""


@dataclass(frozen=True, slots=True)
class AuthorizationReply:
    """Answer to AuthorizationRequested."""

    info: IdTokenInfo


class TransactionReply(msgspec.Struct, frozen=True, gc=False):
    """Answer to TransactionReported. `info` where the event carried an id token, cost in micro-units.

    `tariff` is the price in force, found before the message is stored; no station is sent it.
    """

    transaction_id: str
    info: IdTokenInfo | None = None
    total_cost_micro: int | None = None
    tariff: Tariff | None = None


@dataclass(frozen=True, slots=True)
class DataTransferReply:
    """Answer to DataTransferReceived; status is Accepted, Rejected, UnknownMessageId or UnknownVendorId."""

    status: str
    text: str | None = None


Reply = BootReply | HeartbeatReply | Acknowledged | AuthorizationReply | TransactionReply | DataTransferReply


class Inbound(msgspec.Struct, frozen=True, gc=False):
    """One message of a station on its way to the database: the event and what is needed to recognise a retry.

    `digest` is 16 bytes of a hash over action and raw payload; with `message_id` it finds a repeated frame.
    `findings` are slugs of what was tolerated; `raw` is kept when the message goes to quarantine, and also
    when something of it was left out (`left_out`: where and why). `version` is the label of what the station
    speaks. `online_since`: from when on the station could have sent it at once, where that is known.
    """

    station_id: StationId
    epoch: Epoch
    message_id: str
    digest: bytes
    received_at: datetime
    event: Event
    findings: tuple[str, ...] = ()
    raw: bytes = b""
    online_since: datetime | None = None
    left_out: tuple[str, ...] = ()
    version: str | None = None

    def __repr__(self) -> str:
        """Whose it is, for a log line; what it says belongs into the frame log."""
        return f"<message {self.message_id} of {self.station_id}, {type(self.event).__name__}>"
