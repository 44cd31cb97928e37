"""A transaction from its start to its end: what the meter says meanwhile, and what is told of it.

A transaction runs from the moment a driver is authorized *and* a cable is in, until one of them is not
(2.0.1 TxStartPoint and TxStopPoint `PowerPathClosed`), in both versions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ocppj.vocabulary import (
    AuthorizationStatus,
    ChargingState,
    IdToken,
    IdTokenType,
    TransactionEventKind,
)
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.texts import energy_text
from simulator.authorization import Authorization
from simulator.board import Board
from simulator.connector_states import IN_TRANSACTION, STATUS_OF, ConnectorState, Happening
from simulator.evse import Connector, Evse, Grant
from simulator.journal import Journal, Topic
from simulator.memory import KeptMessage, KeptTransaction
from simulator.messages import MeterReport, TransactionReport, Verdict
from simulator.outbox import Outbox
from simulator.registration import Voice
from simulator.variables import VariableStore

CABLE_PULLED = "EVCommunicationLost"
"""2.0.1 TriggerReasonEnumType: the cable was disconnected. EVDeparted is the parking bay's."""
AFTER_FULL_S = 0.01
"""The car is looked at a moment after it is full, so that rounding leaves no last crumb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every part of a station works with. `now` is the station's own clock."""

    variables: VariableStore
    board: Board
    authorization: Authorization
    voice: Voice
    journal: Journal
    clock: Clock
    chance: Chance
    now: Callable[[], datetime]


class Transactions:
    """One station's transactions. `idle` is called whenever one has ended."""

    def __init__(self, around: Surroundings, outbox: Outbox) -> None:
        self.idle: Callable[[], None] = lambda: None
        self.changed: Callable[[], None] = lambda: None
        """Called whenever something is told of a transaction, or answered."""
        self.is_online: Callable[[], bool] = lambda: False
        self._around = around
        self._board = around.board
        self._variables = around.variables
        self._clock = around.clock
        self._outbox = outbox
        outbox.answered = self._answered

    # Start

    def start(self, evse: Evse, connector: Connector, grant: Grant) -> None:
        """Close the contactor for a driver whose cable is in."""
        now = self._clock.monotonic()
        transaction = evse.transaction = KeptTransaction(
            transaction_id=str(self._around.chance.uuid()),
            evse_id=evse.evse_id,
            connector_id=connector.connector_id,
            id_token=grant.id_token.value,
            id_token_type=_type_text(grant.id_token),
            group=grant.info.group_id_token,
            started_at=self._around.now(),
            start_wh=evse.meter.energy_wh(now),
            remote_start_id=grant.remote_start_id,
        )
        evse.meter.offer(evse.template.max_power_w, now)
        if connector.state is ConnectorState.FINISHING:
            connector.happen(Happening.AUTHORIZED)
        self._note(f"EVSE {evse.evse_id} charges for {grant.id_token.value}")
        self._tell(
            evse,
            TransactionEventKind.STARTED,
            trigger=grant.trigger,
            context="Transaction.Begin",
            measurands=self._variables.words("SampledDataCtrlr", "TxStartedMeasurands"),
            id_token=grant.id_token,
            state=ChargingState.CHARGING,
        )
        self._board.happen(connector, Happening.STARTED)
        self._watch(evse, transaction)

    # Meanwhile

    def _watch(self, evse: Evse, transaction: KeptTransaction) -> None:
        """Set the timers of a transaction: samples, and the car being full."""
        evse.cancel_timers()
        interval_s = self._variables.number("SampledDataCtrlr", "TxUpdatedInterval", 0)
        if interval_s > 0:
            evse.timers.append(
                self._clock.call_later(interval_s, lambda: self._sample_due(evse, transaction))
            )
        full_s = evse.meter.seconds_until_full(self._clock.monotonic())
        state = self._board.connector(evse.evse_id, transaction.connector_id).state
        if state is ConnectorState.CHARGING and full_s < float("inf"):
            evse.timers.append(
                self._clock.call_later(full_s + AFTER_FULL_S, lambda: self._full(evse, transaction))
            )

    def _sample_due(self, evse: Evse, transaction: KeptTransaction) -> None:
        if evse.transaction is transaction:
            self.update(evse, trigger="MeterValuePeriodic", context="Sample.Periodic")
            self._watch(evse, transaction)

    def _full(self, evse: Evse, transaction: KeptTransaction) -> None:
        if evse.transaction is not transaction:
            return
        connector = self._board.connector(evse.evse_id, transaction.connector_id)
        if connector.state is ConnectorState.CHARGING:
            connector.happen(Happening.EV_PAUSED)
            self._note(f"the car at EVSE {evse.evse_id} is full")
            self._tell(evse, TransactionEventKind.UPDATED, trigger="ChargingStateChanged")
            self._board.happen(connector)

    def update(self, evse: Evse, *, trigger: str, context: str) -> None:
        """Tell the meter's values of a running transaction."""
        measurands = self._variables.words("SampledDataCtrlr", "TxUpdatedMeasurands")
        self._tell(
            evse, TransactionEventKind.UPDATED, trigger=trigger, context=context, measurands=measurands
        )

    def report_meter(self, evse: Evse, measurands: tuple[str, ...]) -> None:
        """Tell the meter's values, with or without a transaction (triggered)."""
        samples = evse.meter.samples(measurands, self._clock.monotonic(), self._around.now(), "Trigger")
        if samples:
            csms_id = evse.transaction.csms_id if evse.transaction is not None else None
            self._around.voice.tell(MeterReport(evse.evse_id, samples, csms_id), is_invited=True)

    # End

    def stop(
        self,
        evse: Evse,
        *,
        reason: str,
        trigger: str,
        id_token: IdToken | None = None,
        at: datetime | None = None,
    ) -> None:
        """End the transaction that runs on an EVSE, if one does."""
        transaction = evse.transaction
        if transaction is None:
            return
        now = self._clock.monotonic()
        evse.meter.offer(0.0, now)
        evse.cancel_timers()
        self._tell(
            evse,
            TransactionEventKind.ENDED,
            trigger=trigger,
            context="Transaction.End",
            measurands=self._variables.words("SampledDataCtrlr", "TxEndedMeasurands"),
            id_token=id_token,
            reason=reason,
            state=ChargingState.IDLE if trigger == CABLE_PULLED else ChargingState.EV_CONNECTED,
            at=at,
        )
        evse.transaction = None
        taken = energy_text(evse.meter.energy_wh(now) - transaction.start_wh)
        self._note(f"EVSE {evse.evse_id} stopped after {taken}: {reason}")
        connector = self._board.connector(evse.evse_id, transaction.connector_id)
        if connector.state in IN_TRANSACTION:
            self._board.happen(connector, Happening.STOPPED)
        self._board.refresh()
        self.idle()

    def stop_all(self, *, reason: str, trigger: str, at: datetime | None = None) -> None:
        """End every transaction."""
        for evse in self._board.running():
            self.stop(evse, reason=reason, trigger=trigger, at=at)

    # Telling

    def _note(self, text: str) -> None:
        self._around.journal.note(Topic.CHARGING, text)

    def _tell(
        self,
        evse: Evse,
        kind: TransactionEventKind,
        *,
        trigger: str,
        context: str = "",
        measurands: tuple[str, ...] = (),
        id_token: IdToken | None = None,
        state: ChargingState | None = None,
        reason: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write a transaction message and queue it."""
        transaction = evse.transaction
        if transaction is None:
            return
        now, at = self._clock.monotonic(), at or self._around.now()
        connector = self._board.connector(evse.evse_id, transaction.connector_id)
        report = TransactionReport(
            kind=kind,
            transaction_id=transaction.transaction_id,
            csms_id=transaction.csms_id,
            evse_id=evse.evse_id,
            connector_id=connector.connector_id,
            at=at,
            trigger=trigger,
            seq_no=transaction.seq_no,
            meter_wh=evse.meter.energy_wh(now),
            samples=evse.meter.samples(measurands, now, at, context),
            is_offline=not self.is_online(),
            id_token=id_token,
            charging_state=state or STATUS_OF[connector.state][1],
            stopped_reason=reason,
            remote_start_id=transaction.remote_start_id,
            phases=evse.template.phases,
        )
        message = self._message(report)
        if message is not None:
            transaction.seq_no += 1
            self._outbox.put(message)
        self.changed()

    def _message(self, report: TransactionReport) -> KeptMessage | None:
        call = self._outbox.dialect.request(report)
        if call is None:
            return None
        return KeptMessage(
            message_id=self._around.chance.message_id(),
            action=call.action,
            payload=call.payload,
            transaction_id=report.transaction_id,
            id_token=report.id_token.value if report.id_token is not None else None,
            id_token_type=_type_text(report.id_token or IdToken("")),
            csms_id=report.csms_id,
            is_start=report.kind is TransactionEventKind.STARTED,
            is_end=report.kind is TransactionEventKind.ENDED,
        )

    def _answered(self, message: KeptMessage, verdict: Verdict | None) -> None:
        """The central system's answer to a transaction message: an id, a verdict."""
        evse = self._evse_of(message.transaction_id)
        if evse is not None and evse.transaction is not None and verdict is not None and verdict.csms_id:
            evse.transaction.csms_id = verdict.csms_id
        self.changed()
        if verdict is None or verdict.info is None or message.id_token is None:
            return
        self._around.authorization.remember(
            _kept_token(message.id_token, message.id_token_type), verdict.info
        )
        is_refused = verdict.info.status is not AuthorizationStatus.ACCEPTED
        if evse is None or evse.transaction is None:
            return
        if message.is_start and verdict.info.group_id_token is not None:
            evse.transaction.group = verdict.info.group_id_token  # E01.FR.12: also of a remote start
        if not is_refused:
            return
        if self._variables.flag("TxCtrlr", "StopTxOnInvalidId"):
            self.stop(evse, reason="DeAuthorized", trigger="Deauthorized")
        else:
            self._suspend(evse, evse.transaction)

    def _suspend(self, evse: Evse, transaction: KeptTransaction) -> None:
        """Deliver nothing more; the transaction goes on (1.6 §3.5.4, 2.0.1 E05.FR.02)."""
        connector = self._board.connector(evse.evse_id, transaction.connector_id)
        if connector.state not in (ConnectorState.CHARGING, ConnectorState.SUSPENDED_EV):
            return
        evse.meter.offer(0.0, self._clock.monotonic())
        connector.happen(Happening.EVSE_PAUSED)
        self._note(f"EVSE {evse.evse_id} delivers nothing: the token was refused")
        self._tell(evse, TransactionEventKind.UPDATED, trigger="ChargingStateChanged")
        self._board.happen(connector)
        self._watch(evse, transaction)

    def _evse_of(self, transaction_id: str) -> Evse | None:
        for evse in self._board.running():
            if evse.transaction is not None and evse.transaction.transaction_id == transaction_id:
                return evse
        return None


def _type_text(id_token: IdToken) -> str:
    """Of a token, as memory keeps it."""
    return id_token.type.value if isinstance(id_token.type, IdTokenType) else id_token.type


def _kept_token(value: str, type_text: str) -> IdToken:
    """The token again."""
    return IdToken(value, next((kind for kind in IdTokenType if kind.value == type_text), type_text))
