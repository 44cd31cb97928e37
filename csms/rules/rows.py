"""What a decision writes: one frozen struct per kind of row, in neutral words.

Structs and not dataclasses, because a transaction message makes several of them.
"""

from datetime import datetime
from typing import Any

import msgspec

from csms.domain.commands import Outcome
from csms.domain.inbound import Inbound
from csms.domain.links import LinkView
from csms.domain.quarantine import QuarantineCause, QuarantineDecision, QuarantineState
from csms.domain.records import ConnectorRecord
from csms.domain.reservations import OPEN, ReservationState
from csms.domain.reviews import ReviewDecision
from ocppj.model.boot import BootNotification
from ocppj.model.variables import ReportedAttribute
from ocppj.vocabulary import (
    ChargingState,
    Epoch,
    IdToken,
    MeterSample,
    RegistrationStatus,
    StationId,
    VariableRef,
)
from runtime.work.request import WorkRequest


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row to write."""


class TransactionRow(Row, frozen=True, gc=False, kw_only=True):
    """A transaction as a whole; also the state that the next message of it is decided over.

    `transaction_no` is ours, and grows; to 1.6 stations it is the transaction id.
    Instants are those of the station where they make sense, else those of reception. `meter_start_wh` and
    `meter_stop_wh` are readings of the energy register; `is_start_given` and `is_stop_given` say that the
    station named them itself (1.6) and samples cannot move them. `meter_marks` are bits, `meter_doubts` the
    readings that cannot be (`rules.register`); `superseded_at` is from when on one cannot go on whose end was
    never reported (`rules.ends`); `meter_before_wh` is where the transaction before left the register, where
    this one starts below that. `review` is `rules.reviews.Review`; None: nothing to look at.
    `generation` counts the transactions of a station with the same id. `course` is what `rules.course` keeps
    where the price needs more than totals.
    Replies, tariff and course are text, read only when needed.
    """

    transaction_no: int
    station_id: StationId
    transaction_id: str
    evse_id: int | None = None
    connector_id: int | None = None
    id_token: IdToken | None = None
    token_rank: int = 0
    started_at: datetime
    first_received_at: datetime
    ended_at: datetime | None = None
    last_event_at: datetime
    last_received_at: datetime
    charging_state: ChargingState | None = None
    state_since: datetime | None = None
    idle_s: float = 0.0
    meter_start_wh: float | None = None
    meter_start_at: datetime | None = None
    meter_stop_wh: float | None = None
    meter_stop_at: datetime | None = None
    meter_peak_wh: float | None = None
    is_start_given: bool = False
    is_stop_given: bool = False
    energy_wh: float | None = None
    power_w: float | None = None
    power_at: datetime | None = None
    stopped_reason: str | None = None
    cost_micro: int | None = None
    tariff: str | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None
    is_offline: bool = False
    has_start: bool = False
    start_key: int | None = None
    start_reply: str | None = None
    end_reply: str | None = None
    seq_nos: str = ""
    end_seq_no: int | None = None
    superseded_at: datetime | None = None
    flags: tuple[str, ...] = ()
    meter_marks: int = 0
    meter_doubts: str | None = None
    meter_before_wh: float | None = None
    power_limit_w: float | None = None
    authorized_at: datetime | None = None
    review: str | None = None
    generation: int = 1
    course: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None

    @property
    def is_end_assumed(self) -> bool:
        """Whether it counts as ended although no end was reported (`rules.ends`)."""
        return self.superseded_at is not None and self.ended_at is not None


class SampleRow(Row, frozen=True, gc=False):
    """A metered value; `transaction_no` None outside of transactions."""

    station_id: StationId
    transaction_no: int | None
    evse_id: int | None
    sample: MeterSample
    received_at: datetime


class ReviewRow(Row, frozen=True, gc=False, kw_only=True):
    """What a person decided about a transaction."""

    station_id: StationId
    transaction_no: int
    decision: ReviewDecision
    reason: str
    decided_by: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]


class AttachmentRow(Row, frozen=True, gc=False):
    """A part of a message, kept with its transaction as it came."""

    transaction_no: int
    kind: str
    content: str
    received_at: datetime


class AnswerRow(Row, frozen=True, gc=False):
    """The first answer to a message, for when it comes again; `reply` is `replies.reply_to_text` of it."""

    station_id: StationId
    digest: int
    message_id: str
    reply: str
    received_at: datetime


class EpochRow(Row, frozen=True, gc=False):
    """The number of a new connection."""

    epoch: Epoch


class BootRow(Row, frozen=True, gc=False):
    """A station presented itself, and was answered."""

    station_id: StationId
    boot: BootNotification
    registration: RegistrationStatus
    at: datetime


class FirmwareStatusRow(Row, frozen=True, gc=False):
    """How far an update is."""

    station_id: StationId
    status: str
    at: datetime


class LogStatusRow(Row, frozen=True, gc=False):
    """How far an upload of logs is."""

    station_id: StationId
    status: str
    at: datetime


class LinkOpenedRow(Row, frozen=True, gc=False):
    """A station's newest link."""

    link: LinkView


class LinkClosedRow(Row, frozen=True, gc=False):
    """The end of a station's newest link."""

    station_id: StationId
    epoch: Epoch
    at: datetime
    reason: str


class ConnectorRow(Row, frozen=True, gc=False):
    """What a connector does."""

    record: ConnectorRecord
    received_at: datetime


class ConnectorStateRow(Row, frozen=True, gc=False):
    """A state that a connector is in from now on: what it told before was another one."""

    record: ConnectorRecord
    received_at: datetime


class EvseRow(Row, frozen=True, gc=False):
    """What an EVSE last metered outside of transactions."""

    station_id: StationId
    evse_id: int
    register_wh: float | None
    power_w: float | None
    received_at: datetime


class VariableRow(Row, frozen=True, gc=False, kw_only=True):
    """What a station reports of a variable. `keeps_details`: only the value is known. What is None of
    the last ones it did not say.
    """

    station_id: StationId
    ref: VariableRef
    value: str | None
    is_read_only: bool = False
    unit: str | None = None
    data_type: str | None = None
    max_limit: float | None = None
    keeps_details: bool = False
    at: datetime
    min_limit: float | None = None
    max_elements: int | None = None
    values_list: str | None = None
    is_write_only: bool | None = None
    is_persistent: bool | None = None
    is_constant: bool | None = None
    supports_monitoring: bool | None = None
    attributes: tuple[ReportedAttribute, ...] = ()


class SecurityEventRow(Row, frozen=True, gc=False):
    """A security event."""

    station_id: StationId
    type: str
    tech_info: str | None
    at: datetime | None
    received_at: datetime


class KeptMessageRow(Row, frozen=True, gc=False, kw_only=True):
    """A report as it came, but for its secrets; `payload` None where it is too long."""

    station_id: StationId
    action: str
    version: str | None
    message_id: str
    request_id: int | None
    seq_no: int | None
    is_last: bool | None
    at: datetime | None
    received_at: datetime
    payload: str | None
    payload_bytes: int


class AnnouncedReportRow(Row, frozen=True, gc=False, kw_only=True):
    """A report that a command asks for, as far as it has come; also the state that its next part meets.

    `seq_nos` is text of `rules.sequence`, `last_seq_no` the number of the last part, once that has come.
    """

    command_id: str
    station_id: StationId
    action: str
    request_id: int
    asked_at: datetime
    moved_at: datetime
    parts: int = 0
    seq_nos: str = ""
    last_seq_no: int | None = None
    is_complete: bool = False
    awaited_until: datetime | None = None
    """When it is told that no more came; None: it is complete, or that was told."""


class ReservationRow(Row, frozen=True, gc=False, kw_only=True):
    """A reservation as a whole; also the state that what follows is decided over.

    `number` is what the station calls it; `reason` is why it is over, where somebody said so. `asked_by` as
    in a command's row. `moved_at`: when its state was last known to change.
    """

    command_id: str
    number: int
    station_id: StationId
    id_token: IdToken
    group_id_token: IdToken | None = None
    evse_id: int | None = None
    connector_type: str | None = None
    expires_at: datetime
    state: ReservationState
    reason: str | None = None
    asked_by: str
    asked_at: datetime
    moved_at: datetime
    transaction_no: int | None = None
    transaction_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the station may hold it."""
        return self.state in OPEN


class QuarantineRow(Row, frozen=True, gc=False):
    """A message that is kept as it came. `was_accepted`: the station was, when it sent it."""

    station_id: StationId
    epoch: Epoch
    raw: bytes
    reason: str
    received_at: datetime
    cause: QuarantineCause = QuarantineCause.REFUSED
    version: str | None = None
    was_accepted: bool = True

    @property
    def state(self) -> QuarantineState:
        """What it begins as: where something of it is used, nobody has to look at it."""
        is_used = self.cause is QuarantineCause.PARTLY_READ
        return QuarantineState.USED if is_used else QuarantineState.WAITING


class QuarantineDecisionRow(Row, frozen=True, gc=False):
    """What somebody decided about a message in quarantine."""

    decision: QuarantineDecision


def kept_raw(inbound: Inbound, cause: QuarantineCause, reason: str) -> QuarantineRow:
    """A message that was answered, as it came."""
    return QuarantineRow(
        inbound.station_id, inbound.epoch, inbound.raw, reason, inbound.received_at, cause, inbound.version
    )


class CommandRow(Row, frozen=True, gc=False, kw_only=True):
    """A command on its way."""

    command_id: str
    station_id: StationId
    command: str
    arguments: str
    origin: str
    at: datetime
    node: str = ""


class CommandEndRow(Row, frozen=True, gc=False, kw_only=True):
    """How a command ended."""

    command_id: str
    outcome: Outcome
    status: str | None
    error_code: str | None
    error_description: str | None
    at: datetime


class WorkRow(Row, frozen=True, gc=False):
    """Work that follows: a rule asks for what must happen later, or again (architecture §10)."""

    request: WorkRequest
