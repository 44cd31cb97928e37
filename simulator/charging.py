"""From a presented token to the end of a transaction: who may charge, when it starts, what is told of it.

A transaction runs from the moment a driver is authorized *and* a cable is in, until one of them is not
(2.0.1 TxStartPoint and TxStopPoint `PowerPathClosed`), in both versions.
"""

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocppj.vocabulary import (
    AuthorizationStatus,
    ChargingState,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    TransactionEventKind,
)
from runtime.chance import Chance
from runtime.clock import Clock
from simulator.authorization import Authorization
from simulator.board import Board
from simulator.commands import RemoteStart
from simulator.connector_states import IN_TRANSACTION, STATUS_OF, ConnectorState, Happening
from simulator.errors import NotPossibleError, SimulatorError
from simulator.evse import Connector, Evse, Grant
from simulator.memory import KeptMessage, KeptTransaction
from simulator.messages import AuthorizationAsked, MeterReport, TransactionReport, Verdict
from simulator.outbox import Outbox
from simulator.registration import Registration, Voice
from simulator.variables import VariableStore
from simulator.vehicle import Vehicle

_NO_LONGER = {"GroundFailure": "GroundFault", "OverCurrentFailure": "OvercurrentFault"}
"""Why a fault ends a transaction, in 2.0.1's words; Other for every other fault."""


class TokenOutcome(enum.Enum):
    """What came of presenting a token."""

    STARTED = "started"
    STOPPED = "stopped"
    AUTHORIZED = "authorized"
    """Plug in within the connection time-out, and it starts."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TokenResult:
    """What came of it, with the verdict; `reason` is for people."""

    outcome: TokenOutcome
    status: AuthorizationStatus | None = None
    reason: str = ""


class Charging:
    """One station's transactions. `idle` is called whenever one has ended."""

    def __init__(
        self,
        board: Board,
        authorization: Authorization,
        registration: Registration,
        outbox: Outbox,
        variables: VariableStore,
        voice: Voice,
        clock: Clock,
        chance: Chance,
        now: Callable[[], datetime],
    ) -> None:
        self.idle: Callable[[], None] = lambda: None
        self.is_online: Callable[[], bool] = lambda: False
        self._board = board
        self._authorization = authorization
        self._registration = registration
        self._outbox = outbox
        self._variables = variables
        self._voice = voice
        self._clock = clock
        self._chance = chance
        self.now = now
        outbox.answered = self._answered

    # Actions of the hand

    def plug(self, evse_id: int, connector_id: int, vehicle: Vehicle) -> None:
        """Put a cable in. Raises NotPossibleError."""
        connector = self._board.connector(evse_id, connector_id)
        evse = self._board.evse(evse_id)
        if evse.plugged is not None:
            raise NotPossibleError(
                f"EVSE {evse_id} has a cable in connector {evse.plugged.connector_id} already"
            )
        connector.is_plugged = True
        evse.meter.connect(vehicle, self._clock.monotonic())
        self._board.happen(connector, Happening.PLUGGED)
        if evse.grant is not None and connector.is_in_service:
            self._start(evse, connector, evse.grant)

    def unplug(self, evse_id: int, connector_id: int) -> None:
        """Pull the cable; it ends a transaction. Raises NotPossibleError."""
        connector = self._board.connector(evse_id, connector_id)
        if not connector.is_plugged:
            raise NotPossibleError(f"there is no cable in EVSE {evse_id}, connector {connector_id}")
        evse = self._board.evse(evse_id)
        if evse.transaction is not None:
            self.stop(evse, reason="EVDisconnected", trigger="EVDeparted")
        connector.is_plugged = False
        evse.meter.disconnect(self._clock.monotonic())
        self._board.happen(connector, Happening.UNPLUGGED)

    async def present(self, evse_id: int, id_token: IdToken) -> TokenResult:
        """Hold a token to the reader: it starts, stops or is refused."""
        evse = self._board.evse(evse_id)
        if evse.transaction is not None:
            return await self._present_again(evse, evse.transaction, id_token)
        refused = self._refusal(evse)
        if refused is not None:
            return TokenResult(TokenOutcome.REFUSED, reason=refused)
        info = await self.verdict(id_token)
        if info.status is not AuthorizationStatus.ACCEPTED:
            return TokenResult(TokenOutcome.REFUSED, info.status, "the token may not charge here")
        refused = self._refusal(evse)  # much may have happened meanwhile
        if refused is not None or evse.transaction is not None:
            return TokenResult(TokenOutcome.REFUSED, info.status, refused or "somebody else charges here")
        is_started = self.grant(evse, Grant(id_token, info, "Authorized"))
        return TokenResult(TokenOutcome.STARTED if is_started else TokenOutcome.AUTHORIZED, info.status)

    def _refusal(self, evse: Evse) -> str | None:
        if not self.may_charge:
            return "the station is not accepted by its central system"
        return None if evse.is_in_service else f"EVSE {evse.evse_id} is out of service"

    @property
    def may_charge(self) -> bool:
        """A station that is Pending or Rejected starts nothing; one that was accepted once may offline."""
        registration = self._registration
        return registration.is_accepted or (registration.status is None and registration.was_accepted)

    async def _present_again(
        self, evse: Evse, transaction: KeptTransaction, id_token: IdToken
    ) -> TokenResult:
        """The same token, or one of its group, ends the transaction (1.6 §4.8, 2.0.1 part 2 C01, E07)."""
        if id_token.key == transaction.id_token.casefold():
            self.stop(evse, reason="Local", trigger="StopAuthorized", id_token=id_token)
            return TokenResult(TokenOutcome.STOPPED, AuthorizationStatus.ACCEPTED)
        if transaction.group is not None:
            info = await self.verdict(id_token)
            is_same = info.status is AuthorizationStatus.ACCEPTED and info.group_id_token == transaction.group
            if is_same and evse.transaction is transaction:
                self.stop(evse, reason="Local", trigger="StopAuthorized", id_token=id_token)
                return TokenResult(TokenOutcome.STOPPED, info.status)
        return TokenResult(TokenOutcome.REFUSED, reason="another token charges here")

    async def verdict(self, id_token: IdToken) -> IdTokenInfo:
        """May it charge? Asks the central system where it must and can."""
        if not self.is_online():
            return self._authorization.offline_verdict(id_token, self.now())
        known = self._authorization.verdict_before_asking(id_token, self.now())
        if known is not None:
            return known
        future = self._voice.tell(AuthorizationAsked(id_token))
        try:
            reply = await future if future is not None else None
        except SimulatorError:
            reply = None
        if not isinstance(reply, Verdict) or reply.info is None:
            return self._authorization.offline_verdict(id_token, self.now())
        self._authorization.remember(id_token, reply.info)
        return reply.info

    # Starting

    def start_remotely(self, evse: Evse, command: RemoteStart) -> None:
        """What follows an accepted remote start: authorize first where `AuthorizeRemoteStart` says so."""
        grant = Grant(
            command.id_token,
            IdTokenInfo(AuthorizationStatus.ACCEPTED),
            "RemoteStart",
            command.remote_start_id,
        )
        must_ask = self._variables.flag("AuthCtrlr", "AuthorizeRemoteStart")
        if must_ask and self._authorization.verdict_before_asking(command.id_token, self.now()) is None:
            future = self._voice.tell(AuthorizationAsked(command.id_token))
            if future is not None:
                future.add_done_callback(lambda done: self._remote_verdict(evse, grant, done))
            return
        if evse.transaction is None:
            self.grant(evse, grant)

    def _remote_verdict(self, evse: Evse, grant: Grant, done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or done.exception() is not None or evse.transaction is not None:
            return
        reply = done.result()
        if isinstance(reply, Verdict) and reply.info is not None:
            self._authorization.remember(grant.id_token, reply.info)
            if reply.info.status is AuthorizationStatus.ACCEPTED and evse.is_in_service:
                grant.info = reply.info
                self.grant(evse, grant)

    def grant(self, evse: Evse, grant: Grant) -> bool:
        """Let a driver charge: now, if a cable is in (True), else when one comes within the time-out."""
        self._withdraw(evse)
        plugged = evse.plugged
        if plugged is not None and plugged.is_in_service:
            self._start(evse, plugged, grant)
            return True
        evse.grant = grant
        within_s = self._variables.number("TxCtrlr", "EVConnectionTimeOut", 60)
        if within_s > 0:
            grant.timer = self._clock.call_later(within_s, lambda: self._lapse(evse, grant))
        first = evse.connectors[1]
        if first.state is ConnectorState.AVAILABLE:
            self._board.happen(first, Happening.AUTHORIZED)
        return False

    def _lapse(self, evse: Evse, grant: Grant) -> None:
        if evse.grant is grant:
            self._withdraw(evse)

    def _withdraw(self, evse: Evse) -> None:
        """Forget an authorization that was not used."""
        grant, evse.grant = evse.grant, None
        if grant is None:
            return
        if grant.timer is not None:
            grant.timer.cancel()
        first = evse.connectors[1]
        if first.state is ConnectorState.PREPARING and not first.is_plugged:
            self._board.happen(first, Happening.LAPSED)

    def _start(self, evse: Evse, connector: Connector, grant: Grant) -> None:
        if connector.connector_id == 1:
            evse.grant = None
            if grant.timer is not None:
                grant.timer.cancel()
        else:
            self._withdraw(evse)
        now = self._clock.monotonic()
        kind = grant.id_token.type
        transaction = evse.transaction = KeptTransaction(
            transaction_id=str(self._chance.uuid()),
            evse_id=evse.evse_id,
            connector_id=connector.connector_id,
            id_token=grant.id_token.value,
            id_token_type=kind.value if isinstance(kind, IdTokenType) else kind,
            group=grant.info.group_id_token,
            started_at=self.now(),
            start_wh=evse.meter.energy_wh(now),
            remote_start_id=grant.remote_start_id,
        )
        evse.meter.offer(evse.template.max_power_w, now)
        if connector.state is ConnectorState.FINISHING:
            connector.happen(Happening.AUTHORIZED)
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
            # A moment later, so that rounding leaves no last crumb.
            evse.timers.append(self._clock.call_later(full_s + 0.01, lambda: self._full(evse, transaction)))

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
            self._tell(evse, TransactionEventKind.UPDATED, trigger="ChargingStateChanged")
            self._board.happen(connector)

    def update(self, evse: Evse, *, trigger: str, context: str) -> None:
        """Tell the meter's values of a running transaction."""
        measurands = self._variables.words("SampledDataCtrlr", "TxUpdatedMeasurands")
        self._tell(
            evse, TransactionEventKind.UPDATED, trigger=trigger, context=context, measurands=measurands
        )

    def report_meter(self, evse: Evse) -> None:
        """Tell the meter's values, with or without a transaction (triggered)."""
        measurands = self._variables.words("SampledDataCtrlr", "TxUpdatedMeasurands")
        samples = evse.meter.samples(measurands, self._clock.monotonic(), self.now(), "Trigger")
        if samples:
            csms_id = evse.transaction.csms_id if evse.transaction is not None else None
            self._voice.tell(MeterReport(evse.evse_id, samples, csms_id), is_invited=True)

    # Stopping

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
            state=ChargingState.IDLE,
            at=at,
        )
        evse.transaction = None
        connector = self._board.connector(evse.evse_id, transaction.connector_id)
        if connector.state in IN_TRANSACTION:
            self._board.happen(connector, Happening.STOPPED)
        self._board.refresh()
        self.idle()

    def stop_all(self, *, reason: str, trigger: str) -> None:
        """End every transaction."""
        for evse in self._board.running():
            self.stop(evse, reason=reason, trigger=trigger)

    def fault(self, connector: Connector, code: str) -> None:
        """A connector breaks; a transaction there ends."""
        evse = self._board.evse(connector.evse_id)
        transaction = evse.transaction
        if transaction is not None and transaction.connector_id == connector.connector_id:
            self.stop(evse, reason=_NO_LONGER.get(code, "Other"), trigger="AbnormalCondition")
        connector.error = code
        self._board.happen(connector, Happening.FAULTED)

    def lose_power(self) -> None:
        """Everything stands still; what runs is ended when power is back."""
        for evse in self._board.evses.values():
            evse.cancel_timers()
            evse.meter.offer(0.0, self._clock.monotonic())
            if evse.grant is not None and evse.grant.timer is not None:
                evse.grant.timer.cancel()
            evse.grant = None

    def regain_power(self, lost_at: datetime) -> None:
        """End what the power cut has ended, as of then (1.6 §4.10 reason PowerLoss)."""
        for evse in self._board.running():
            self.stop(evse, reason="PowerLoss", trigger="AbnormalCondition", at=lost_at)
        for connector in self._board.connectors():
            if connector.state is ConnectorState.PREPARING and not connector.is_plugged:
                self._board.happen(connector, Happening.LAPSED)

    # Telling

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
        now, at = self._clock.monotonic(), at or self.now()
        connector = self._board.connector(evse.evse_id, transaction.connector_id)
        report = TransactionReport(
            kind=kind,
            transaction_id=transaction.transaction_id,
            csms_id=transaction.csms_id,
            evse_id=evse.evse_id,
            connector_id=transaction.connector_id,
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
        call = self._request(report)
        if call is not None:
            transaction.seq_no += 1
            self._outbox.put(call)

    def _request(self, report: TransactionReport) -> KeptMessage | None:
        call = self._outbox.dialect.request(report)
        if call is None:
            return None
        return KeptMessage(
            message_id=self._chance.message_id(),
            action=call.action,
            payload=call.payload,
            transaction_id=report.transaction_id,
            id_token=report.id_token.value if report.id_token is not None else None,
            csms_id=report.csms_id,
            is_start=report.kind is TransactionEventKind.STARTED,
        )

    def _answered(self, message: KeptMessage, verdict: Verdict | None) -> None:
        """The central system's answer to a transaction message: an id, a verdict."""
        evse = next(
            (e for e in self._board.running() if e.transaction and e.transaction.transaction_id == message.transaction_id),
            None,
        )
        if evse is not None and evse.transaction is not None and verdict is not None and verdict.csms_id:
            evse.transaction.csms_id = verdict.csms_id
        if verdict is None or verdict.info is None or message.id_token is None:
            return
        self._authorization.remember(IdToken(message.id_token), verdict.info)
        is_refused = verdict.info.status is not AuthorizationStatus.ACCEPTED
        if evse is not None and is_refused and self._variables.flag("TxCtrlr", "StopTxOnInvalidId"):
            self.stop(evse, reason="DeAuthorized", trigger="Deauthorized")
