"""What stations say under load, as stories: a generator yields a message and is sent the reply to it.

Told in the station's own words, once for all OCPP versions; a dialect turns them into requests.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime

from ocppj.vocabulary import (
    ENERGY_REGISTER,
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    MeterSample,
    TransactionEventKind,
)
from simulator import messages as told
from simulator.load.plan import Mix

Story = Generator[told.Message, told.Reply, None]

READINGS = 3
"""Meter values between the start and the end of a transaction."""
READING_WH = 250.0
"""Energy between two of them."""
POWER_W = 11_040.0
CURRENT_A = 16.0
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
    beat = told.Beat()
    while True:
        yield beat


def boots(teller: Teller) -> Story:  # noqa: ARG001 - one shape for all mixes
    """A station that starts again and again."""
    boot = told.Booted(BootReason.POWER_UP)
    while True:
        yield boot


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
        yield told.AuthorizationAsked(teller.id_token)
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
        yield told.Beat()


def _charge(teller: Teller) -> Story:
    """Start, readings, end. A 1.6 central system names the transaction in its reply to the start."""
    transaction_id = teller.next_charge()
    started = yield _event(teller, TransactionEventKind.STARTED, transaction_id, None, 0)
    csms_id = started.csms_id if isinstance(started, told.Verdict) else None
    for seq_no in range(1, READINGS + 1):
        teller.register_wh += READING_WH
        yield _event(teller, TransactionEventKind.UPDATED, transaction_id, csms_id, seq_no)
    teller.register_wh += READING_WH
    yield _event(teller, TransactionEventKind.ENDED, transaction_id, csms_id, READINGS + 1)


_TRIGGERS = {
    TransactionEventKind.STARTED: "Authorized",
    TransactionEventKind.UPDATED: "MeterValuePeriodic",
    TransactionEventKind.ENDED: "StopAuthorized",
}


def _event(
    teller: Teller, kind: TransactionEventKind, transaction_id: str, csms_id: str | None, seq_no: int
) -> told.TransactionReport:
    at = teller.now()
    is_reading = kind is TransactionEventKind.UPDATED
    return told.TransactionReport(
        kind=kind,
        transaction_id=transaction_id,
        csms_id=csms_id,
        evse_id=1,
        connector_id=1,
        at=at,
        trigger=_TRIGGERS[kind],
        seq_no=seq_no,
        meter_wh=teller.register_wh,
        samples=_samples(teller.register_wh, at) if is_reading else (),
        id_token=None if is_reading else teller.id_token,
        charging_state=ChargingState.CHARGING if kind is not TransactionEventKind.ENDED else None,
        stopped_reason="Local" if kind is TransactionEventKind.ENDED else None,
    )


def _samples(register_wh: float, at: datetime) -> tuple[MeterSample, ...]:
    periodic = "Sample.Periodic"
    return (
        MeterSample(ENERGY_REGISTER, register_wh, "Wh", at, None, "Outlet", periodic),
        MeterSample("Power.Active.Import", POWER_W, "W", at, None, "Outlet", periodic),
        MeterSample("Current.Import", CURRENT_A, "A", at, "L1", "Outlet", periodic),
    )


def _status(teller: Teller, status: ConnectorStatus, state: ChargingState | None) -> told.StatusReport:
    is_plugged = status is ConnectorStatus.OCCUPIED
    return told.StatusReport(1, 1, status, state, teller.now(), is_plugged=is_plugged)
