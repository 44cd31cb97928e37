"""Messages of stations as the gateway hands them to the writer, and a small database for the rules."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from msgspec.structs import replace

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.decide import decide
from csms.rules.rows import Row, TransactionRow
from csms.rules.state import State
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import (
    ENERGY_REGISTER,
    AuthorizationStatus,
    Epoch,
    IdToken,
    IdTokenInfo,
    MeterSample,
    StationId,
    TransactionEventKind,
)

FIRST = Epoch(1)
CP1, CP2 = StationId("cp1"), StationId("cp2")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TAG = IdToken("04A1B2C3")
ACCEPTED = IdTokenInfo(AuthorizationStatus.ACCEPTED)
STARTED, UPDATED, ENDED = (
    TransactionEventKind.STARTED,
    TransactionEventKind.UPDATED,
    TransactionEventKind.ENDED,
)


def minutes(count: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(minutes=count)


def inbound(
    event: StationMessage,
    message_id: str = "m1",
    *,
    station_id: StationId = CP1,
    content: bytes | None = None,
    received_at: datetime = NOON,
    findings: tuple[str, ...] = (),
    epoch: Epoch = FIRST,
    accepted_at: datetime | None = None,
) -> Inbound:
    """A message; equal events have equal contents unless `content` says otherwise."""
    raw = repr(event).encode() if content is None else content
    digest = blake2b(raw, digest_size=16).digest()
    return Inbound(
        station_id, epoch, message_id, digest, received_at, event, findings, raw, accepted_at=accepted_at
    )


def register(wh: float, at: datetime | None, **more: Any) -> MeterSample:
    """A reading of the energy register."""
    return MeterSample(ENERGY_REGISTER, wh, "Wh", at, **more)


def start16(meter_wh: float = 1000, at: datetime | None = NOON, **more: Any) -> TransactionEvent:
    """A 1.6 StartTransaction."""
    values: dict[str, Any] = {"evse_id": 1, "connector_id": 1, "id_token": TAG} | more
    return TransactionEvent(STARTED, None, at, meter_wh=meter_wh, **values)


def stop16(transaction_id: str | None, meter_wh: float, at: datetime | None, **more: Any) -> TransactionEvent:
    """A 1.6 StopTransaction."""
    return TransactionEvent(ENDED, transaction_id, at, meter_wh=meter_wh, **more)


def values16(transaction_id: str | None, wh: float, at: datetime | None) -> MeterValues:
    """A 1.6 MeterValues."""
    return MeterValues(1, transaction_id, (register(wh, at),))


def event201(
    kind: TransactionEventKind, seq_no: int, at: datetime | None, wh: float | None = None, **more: Any
) -> TransactionEvent:
    """A 2.x TransactionEvent of transaction `T1`."""
    samples = (register(wh, at),) if wh is not None else ()
    values: dict[str, Any] = {"evse_id": 1, "connector_id": 1, "samples": samples} | more
    return TransactionEvent(kind, values.pop("transaction_id", "T1"), at, seq_no=seq_no, **values)


@dataclass
class Bench:
    """Decides messages one after the other, as the message writer does, and keeps what came of them."""

    state: State = field(default_factory=State)
    rows: list[Row] = field(default_factory=list)
    events: list[StationEvent] = field(default_factory=list)
    sent: int = 0

    def take(self, message: Inbound, proposal: Reply) -> Reply | None:
        """The answer to one message."""
        decision = decide(self.state, message, proposal)
        self.state.apply(decision.rows)
        self.rows += decision.rows
        self.events += decision.events
        return decision.reply

    def send(
        self,
        event: StationMessage,
        message_id: str | None = None,
        *,
        info: IdTokenInfo | None = None,
        proposal: Reply | None = None,
        **more: Any,
    ) -> Reply | None:
        """The answer to an event, sent under an id of its own unless one is given."""
        self.sent += 1
        more.setdefault("received_at", minutes(24 * 60))  # as after an outage: no clock is ahead
        message = inbound(event, message_id or f"n{self.sent}", **more)
        known = event.transaction_id if isinstance(event, TransactionEvent) else None
        return self.take(message, proposal or TransactionEventResponse(known or "", info))

    def transaction(self, transaction_id: str, station_id: StationId = CP1) -> TransactionRow:
        """The transaction as it is now."""
        row = self.state.transaction(station_id, transaction_id)
        assert row is not None, f"no transaction {transaction_id}"
        return row

    def of_kind(self, kind: type[Any]) -> list[Any]:
        """The rows of one kind, in order."""
        return [row for row in self.rows if type(row) is kind]

    def told(self) -> list[str]:
        """The names of the news, in order."""
        return [each.event for each in self.events]


def offline(event: TransactionEvent) -> TransactionEvent:
    """The same event, sent again after an outage."""
    return replace(event, is_offline=True)
