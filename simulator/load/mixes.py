"""What stations say under load, as stories: a generator yields a message and is sent the reply to it.

Told in the model's words, once for all OCPP versions.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime

from ocppj.model.authorization import Authorize
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, Heartbeat
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import (
    ENERGY_REGISTER,
    ChargingState,
    ConnectorStatus,
    IdToken,
    MeterSample,
    TransactionEventKind,
)
from simulator.load.plan import Mix

Story = Generator[StationMessage, Reply, None]

READINGS = 3
"""Meter values between the start and the end of a transaction."""
READING_WH = 250.0
"""Energy between two of them."""
POWER_W = 11_040.0
CURRENT_A = 16.0
PHASES = 3
BEATS = 3
"""Heartbeats between the charges of the mixed story."""


@dataclass(slots=True)
class StoryContext:
    """Whose story it is: the driver's token, the clock, and the numbers that go on from one charge to the
    next.
    """

    now: Callable[[], datetime]
    id_token: IdToken
    name: str
    """Unique to the station and the run: transaction ids begin with it."""
    boot: BootNotification
    begins_charging: bool = False
    """Whether a car is there already."""
    charges: int = 0
    register_wh: float = 0.0

    def next_charge(self) -> str:
        """The station's id for a new transaction."""
        self.charges += 1
        return f"{self.name}-{self.charges}"


def heartbeats(context: StoryContext) -> Story:  # noqa: ARG001 - one shape for all mixes
    """Nothing but heartbeats."""
    beat = Heartbeat()
    while True:
        yield beat


def boots(context: StoryContext) -> Story:
    """A station that starts again and again."""
    while True:
        yield context.boot


def transactions(context: StoryContext) -> Story:
    """One transaction after the other."""
    while True:
        yield from _charge(context)


def mixed(context: StoryContext) -> Story:
    """A station's day: heartbeats, and charges with their authorization and their connector's states.

    Every other station begins with the charge, so that all kinds of messages come from the start.
    """
    if not context.begins_charging:
        yield from _beats()
    while True:
        yield _status(context, ConnectorStatus.OCCUPIED, None)
        yield Authorize(context.id_token)
        yield _status(context, ConnectorStatus.OCCUPIED, ChargingState.CHARGING)
        yield from _charge(context)
        yield _status(context, ConnectorStatus.AVAILABLE, None)
        yield from _beats()


STORIES: dict[Mix, Callable[[StoryContext], Story]] = {
    Mix.HEARTBEAT: heartbeats,
    Mix.BOOT: boots,
    Mix.TRANSACTIONS: transactions,
    Mix.MIXED: mixed,
}


def _beats() -> Story:
    for _ in range(BEATS):
        yield Heartbeat()


def _charge(context: StoryContext) -> Story:
    """Start, readings, end. A 1.6 central system names the transaction in its reply to the start."""
    transaction_id = context.next_charge()
    started = yield _event(context, TransactionEventKind.STARTED, transaction_id, 0)
    if isinstance(started, TransactionEventResponse):
        transaction_id = started.transaction_id or transaction_id
    for seq_no in range(1, READINGS + 1):
        context.register_wh += READING_WH
        yield _event(context, TransactionEventKind.UPDATED, transaction_id, seq_no)
    context.register_wh += READING_WH
    yield _event(context, TransactionEventKind.ENDED, transaction_id, READINGS + 1)


_TRIGGERS = {
    TransactionEventKind.STARTED: "Authorized",
    TransactionEventKind.UPDATED: "MeterValuePeriodic",
    TransactionEventKind.ENDED: "StopAuthorized",
}


def _event(
    context: StoryContext, kind: TransactionEventKind, transaction_id: str, seq_no: int
) -> TransactionEvent:
    at = context.now()
    is_reading, is_end = kind is TransactionEventKind.UPDATED, kind is TransactionEventKind.ENDED
    return TransactionEvent(
        kind=kind,
        transaction_id=transaction_id,
        evse_id=1,
        connector_id=1,
        at=at,
        trigger_reason=_TRIGGERS[kind],
        seq_no=seq_no,
        meter_wh=context.register_wh,
        samples=_samples(context.register_wh, at) if is_reading else (),
        id_token=None if is_reading else context.id_token,
        charging_state=None if is_end else ChargingState.CHARGING,
        phases_used=None if is_end else PHASES,
        stopped_reason="Local" if is_end else None,
    )


def _samples(register_wh: float, at: datetime) -> tuple[MeterSample, ...]:
    periodic = "Sample.Periodic"
    return (
        MeterSample(ENERGY_REGISTER, register_wh, "Wh", at, None, "Outlet", periodic),
        MeterSample("Power.Active.Import", POWER_W, "W", at, None, "Outlet", periodic),
        MeterSample("Current.Import", CURRENT_A, "A", at, "L1", "Outlet", periodic),
    )


def _status(
    context: StoryContext, status: ConnectorStatus, state: ChargingState | None
) -> StatusNotification:
    return StatusNotification(1, 1, status, at=context.now(), charging_state=state)
