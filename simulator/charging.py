"""Cables, tokens, remote starts, faults: who may charge, and what starts or ends a transaction."""

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo
from simulator.authorization import UNASKED
from simulator.commands import RemoteStart
from simulator.connector_states import ConnectorState, Happening
from simulator.errors import NotPossibleError, SimulatorError
from simulator.evse import Connector, Evse, Grant
from simulator.memory import KeptTransaction
from simulator.messages import AuthorizationAsked, Verdict
from simulator.registration import Registration
from simulator.transactions import CABLE_PULLED, Surroundings, Transactions
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
    """Who may charge where. The transactions themselves are `Transactions`."""

    def __init__(self, around: Surroundings, registration: Registration, transactions: Transactions) -> None:
        self.is_online: Callable[[], bool] = lambda: False
        self.now = around.now
        self._board = around.board
        self._authorization = around.authorization
        self._registration = registration
        self._transactions = transactions
        self._variables = around.variables
        self._voice = around.voice
        self._clock = around.clock

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
        if evse.grant is not None and connector.is_usable:
            self._start(evse, connector, evse.grant)

    def unplug(self, evse_id: int, connector_id: int) -> None:
        """Pull the cable; it ends a transaction. Raises NotPossibleError."""
        connector = self._board.connector(evse_id, connector_id)
        if not connector.is_plugged:
            raise NotPossibleError(f"there is no cable in EVSE {evse_id}, connector {connector_id}")
        evse = self._board.evse(evse_id)
        if evse.transaction is not None:
            self._transactions.stop(evse, reason="EVDisconnected", trigger=CABLE_PULLED)
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
        return None if evse.is_usable else f"EVSE {evse.evse_id} is out of service"

    @property
    def may_charge(self) -> bool:
        """A station that is Pending or Rejected starts nothing; one that was accepted once may offline."""
        registration = self._registration
        return registration.is_accepted or (registration.status is None and registration.was_accepted)

    async def _present_again(
        self, evse: Evse, transaction: KeptTransaction, id_token: IdToken
    ) -> TokenResult:
        """The same token, or one of its group, ends the transaction (1.6 §4.8, 2.0.1 part 2 C01.FR.03, E07).

        Of one that list or cache know, nobody is asked.
        """
        if id_token.key == transaction.id_token.casefold():
            self._transactions.stop(evse, reason="Local", trigger="StopAuthorized", id_token=id_token)
            return TokenResult(TokenOutcome.STOPPED, AuthorizationStatus.ACCEPTED)
        if transaction.group is not None:
            info = self._authorization.local_verdict(id_token, self.now())
            if info is None or not _may_stop(info, transaction):
                info = await self.verdict(id_token)
            if _may_stop(info, transaction) and evse.transaction is transaction:
                self._transactions.stop(evse, reason="Local", trigger="StopAuthorized", id_token=id_token)
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
        must_ask = (
            self._variables.flag("AuthCtrlr", "AuthorizeRemoteStart") and command.id_token.type not in UNASKED
        )
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
            if reply.info.status is AuthorizationStatus.ACCEPTED and evse.is_usable:
                grant.info = reply.info
                self.grant(evse, grant)

    def grant(self, evse: Evse, grant: Grant) -> bool:
        """Let a driver charge: now, if a cable is in (True), else when one comes within the time-out."""
        self._withdraw(evse)
        plugged = evse.plugged
        if plugged is not None and plugged.is_usable:
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
        self._withdraw(evse)
        self._transactions.start(evse, connector, grant)

    # Faults and power

    def fault(self, connector: Connector, code: str) -> None:
        """A connector breaks; a transaction there ends."""
        evse = self._board.evse(connector.evse_id)
        transaction = evse.transaction
        if transaction is not None and transaction.connector_id == connector.connector_id:
            self._transactions.stop(evse, reason=_NO_LONGER.get(code, "Other"), trigger="AbnormalCondition")
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
        self._transactions.stop_all(reason="PowerLoss", trigger="AbnormalCondition", at=lost_at)
        for connector in self._board.connectors():
            if connector.state is ConnectorState.PREPARING and not connector.is_plugged:
                self._board.happen(connector, Happening.LAPSED)


def _may_stop(info: IdTokenInfo, transaction: KeptTransaction) -> bool:
    """Whether a token is valid and of the group that charges."""
    return info.status is AuthorizationStatus.ACCEPTED and info.group_id_token == transaction.group
