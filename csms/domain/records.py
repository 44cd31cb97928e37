"""What the central system knows of its stations, as it is read back: one frozen dataclass per kind of row."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from access.principals import AccessScope
from csms.domain.reviews import Review
from ocppj.model.variables import ReportedAttribute
from ocppj.vocabulary import (
    AuthorizationStatus,
    ChargingState,
    ConnectorStatus,
    IdToken,
    MeterSample,
    RegistrationStatus,
    StationId,
    VariableRef,
)

UnknownPolicy = Literal["accept", "quarantine", "reject", "refuse"]
"""What becomes of a station that nobody ordered: Accepted without a lifecycle, Pending, Rejected, or 401."""


@dataclass(frozen=True, slots=True)
class StationRecord:
    """A station as it last presented itself. `version` is the label of its last OCPP version (`2.0.1`).

    `admission` is what an administrator chose for it (accept, quarantine, reject, refuse); None: as for all.
    `is_quiet`: it is under test, and nothing is sent to it that nobody asked for.
    """

    station_id: StationId
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    booted_at: datetime | None = None
    vendor: str | None = None
    model: str | None = None
    serial_number: str | None = None
    firmware_version: str | None = None
    version: str | None = None
    registration: RegistrationStatus | None = None
    admission: UnknownPolicy | None = None
    is_quiet: bool = False
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None
    boot_reason: str | None = None
    firmware_status: str | None = None
    firmware_status_at: datetime | None = None
    log_status: str | None = None
    log_status_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChosenStation:
    """What an administrator chose for a station; see `StationRecord`."""

    station_id: StationId
    admission: UnknownPolicy | None = None
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class ConnectorRecord:
    """The last status of a connector; EVSE 0 is the station itself. `reported` is the version's own word.

    `since` is when it was first told to be so, by our clock. Register and power are what its EVSE metered
    last outside of transactions; they are there where they were asked for. `received_at` is when it told
    its status last.
    """

    station_id: StationId
    evse_id: int
    connector_id: int
    status: ConnectorStatus
    reported: str
    at: datetime | None = None
    error_code: str | None = None
    info: str | None = None
    since: datetime | None = None
    register_wh: float | None = None
    power_w: float | None = None
    metered_at: datetime | None = None
    vendor_error_code: str | None = None
    received_at: datetime | None = None


def variable_key(ref: VariableRef) -> str:
    """The name to compare by: names have no case (OCPP 2.0.1 part 2, identifierString; quirk 69)."""
    place = f"@{ref.evse_id}.{ref.connector_id}" if ref.evse_id is not None else ""
    return f"{ref}{place}".lower()


@dataclass(frozen=True, slots=True)
class VariableRecord:
    """A variable as the station last reported it; secrets are never stored."""

    ref: VariableRef
    value: str | None
    is_read_only: bool = False
    unit: str | None = None
    reported_at: datetime | None = None
    data_type: str | None = None
    min_limit: float | None = None
    max_limit: float | None = None
    max_elements: int | None = None
    values_list: str | None = None
    is_write_only: bool | None = None
    is_persistent: bool | None = None
    is_constant: bool | None = None
    supports_monitoring: bool | None = None
    attributes: tuple[ReportedAttribute, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """A transaction. `energy_wh` is counted from its start, `power_w` is the last value while it is open."""

    station_id: StationId
    transaction_id: str
    evse_id: int | None
    connector_id: int | None
    id_token: IdToken | None
    started_at: datetime
    ended_at: datetime | None = None
    charging_state: ChargingState | None = None
    energy_wh: float | None = None
    power_w: float | None = None
    stopped_reason: str | None = None
    cost_micro: int | None = None
    flags: tuple[str, ...] = ()
    review: Review | None = None
    currency: str | None = None
    """Of its cost: that of the price in force when it started; None without a price."""
    transaction_no: int = 0
    """The database's own number, by which lists go on."""

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None

    @property
    def is_provisional(self) -> bool:
        """Whether energy and cost may still change: it goes on, or waits for a person."""
        return self.is_open or self.review is Review.HELD


@dataclass(frozen=True, slots=True)
class TransactionsWanted:
    """All conditions that are given must hold; ids of transactions and tokens are compared without case."""

    station_id: StationId | None = None
    transaction_id: str | None = None
    id_token: str | None = None
    is_open: bool | None = None
    review: Review | None = None
    number: int | None = None
    scope: AccessScope | None = None
    """At stations of these organisations and sites; None: at all."""


@dataclass(slots=True)
class StationState:
    """What is stored of a station and is true now: `open_ones` are its open transactions, newest first."""

    record: StationRecord | None = None
    connectors: list[ConnectorRecord] = field(default_factory=list)
    open_ones: list[TransactionRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LinkEndRecord:
    """How the last link of a station ended; `reason` begins with the code of RFC 6455 §7.4."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A metered value of a transaction, with the time of reception for stations without a clock."""

    sample: MeterSample
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """A part of a message that is kept as it came: `kind` is `signed-value` or `cost-details`."""

    kind: str
    content: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """An id token that the central system knows."""

    id_token: IdToken
    status: AuthorizationStatus = AuthorizationStatus.ACCEPTED
    group_id_token: str | None = None
    expires_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SecurityEventRecord:
    """What a station told of its security. `number` grows over all stations."""

    number: int
    type: str
    tech_info: str | None
    at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessageRecord:
    """A report that is kept. `number` grows over all stations; `payload` is JSON text, None if too long."""

    number: int
    action: str
    version: str | None
    request_id: int | None
    seq_no: int | None
    is_last: bool | None
    at: datetime | None
    received_at: datetime
    payload: str | None
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class KeptMessagesWanted:
    """Which kept reports of a station; None does not matter."""

    action: str | None = None
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnnouncedRecord:
    """Reports that a command asks for, and how many parts have come; `moved_at` is when the last one did."""

    action: str
    request_id: int
    parts: int
    is_complete: bool
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """What was asked of a station: by whom (`origin`: `api:NAME`, `provisioning`), and how it ended."""

    command_id: str
    command: str
    arguments: str
    origin: str
    sent_at: datetime
    finished_at: datetime | None
    outcome: str | None
    status: str | None
    error_code: str | None
    error_description: str | None
    reports: AnnouncedRecord | None = None
