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
class Teller:
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


def heartbeats(teller: Teller) -> Story:  # noqa: ARG001 - one shape for all mixes
    """Nothing but heartbeats."""
    beat = Heartbeat()
    while True:
        yield beat


def boots(teller: Teller) -> Story:
    """A station that starts again and again."""
    while True:
        yield teller.boot


def transactions(teller: Teller) -> Story:
    """One transaction after the other."""
    while True:
        yield from _charge(teller)


def mixed(teller: Teller) -> Story:
    """A station's day: heartbeats, and charges with their authorization and their connector's states.

    Every other station begins with the charge, so that all kinds of messages come from the start.
    """
    if not teller.begins_charging:
        yield from _beats()
    while True:
        yield _status(teller, ConnectorStatus.OCCUPIED, None)
        yield Authorize(teller.id_token)
        yield _status(teller, ConnectorStatus.OCCUPIED, ChargingState.CHARGING)
        yield from _charge(teller)
        yield _status(teller, ConnectorStatus.AVAILABLE, None)
        yield from _beats()


STORIES: dict[Mix, Callable[[Teller], Story]] = {
    Mix.HEARTBEAT: heartbeats,
    Mix.BOOT: boots,
    Mix.TRANSACTIONS: transactions,
    Mix.MIXED: mixed,
}


def _beats() -> Story:
    for _ in range(BEATS):
        yield Heartbeat()


def _charge(teller: Teller) -> Story:
    """Start, readings, end. A 1.6 central system names the transaction in its reply to the start."""
    transaction_id = teller.next_charge()
    started = yield _event(teller, TransactionEventKind.STARTED, transaction_id, 0)
    if isinstance(started, TransactionEventResponse):
        transaction_id = started.transaction_id or transaction_id
    for seq_no in range(1, READINGS + 1):
        teller.register_wh += READING_WH
        yield _event(teller, TransactionEventKind.UPDATED, transaction_id, seq_no)
    teller.register_wh += READING_WH
    yield _event(teller, TransactionEventKind.ENDED, transaction_id, READINGS + 1)


_TRIGGERS = {
    TransactionEventKind.STARTED: "Authorized",
    TransactionEventKind.UPDATED: "MeterValuePeriodic",
    TransactionEventKind.ENDED: "StopAuthorized",
}


def _event(teller: Teller, kind: TransactionEventKind, transaction_id: str, seq_no: int) -> TransactionEvent:
    at = teller.now()
    is_reading, is_end = kind is TransactionEventKind.UPDATED, kind is TransactionEventKind.ENDED
    return TransactionEvent(
        kind=kind,
        transaction_id=transaction_id,
        evse_id=1,
        connector_id=1,
        at=at,
        trigger_reason=_TRIGGERS[kind],
        seq_no=seq_no,
        meter_wh=teller.register_wh,
        samples=_samples(teller.register_wh, at) if is_reading else (),
        id_token=None if is_reading else teller.id_token,
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


def _status(teller: Teller, status: ConnectorStatus, state: ChargingState | None) -> StatusNotification:
    return StatusNotification(1, 1, status, at=teller.now(), charging_state=state)
