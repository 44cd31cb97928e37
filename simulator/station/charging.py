"""Cables, tokens, remote starts, faults: who may charge, and what starts or ends a transaction."""

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocppj.model.authorization import Authorize, AuthorizeResponse, ContractCertificate
from ocppj.model.remote_control import RemoteStart
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo
from simulator.connection.registration import Registration
from simulator.errors import NotPossibleError, SimulatorError
from simulator.model.authorization import UNASKED
from simulator.model.connector_states import ConnectorState, Happening
from simulator.model.evse import Connector, Evse, Grant
from simulator.model.vehicle import Vehicle
from simulator.station.context import StationContext
from simulator.station.reservations import Reservations
from simulator.station.transactions import CABLE_PULLED, Transactions

_NO_LONGER = {"GroundFailure": "GroundFault", "OverCurrentFailure": "OvercurrentFault"}
"""Why a fault ends a transaction, in 2.0.1's words; Other for every other fault."""


class TokenOutcome(enum.Enum):
    """What came of presenting a token."""

    STARTED = "started"
    STOPPED = "stopped"
    RELEASED = "released"
    """The cable that was locked for this driver is free."""
    AUTHORIZED = "authorized"
    """Plug in within the connection time-out, and it starts."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TokenResult:
    """What came of it, with the verdict; `reason` is for people."""

    outcome: TokenOutcome
    status: AuthorizationStatus | None = None
    reason: str = ""


UNVERIFIED_OFFLINE = IdTokenInfo(AuthorizationStatus.INVALID)
"""Of a contract that a station without the root certificates cannot validate by itself (C07.FR.07, .08)."""


def question_of(id_token: IdToken, contract: ContractCertificate | None = None) -> Authorize:
    """What a station asks of a token, or of a car's contract."""
    return Authorize(id_token, contract)


class Charging:
    """Who may charge where. The transactions themselves are `Transactions`."""

    def __init__(
        self,
        context: StationContext,
        registration: Registration,
        transactions: Transactions,
        reservations: Reservations,
    ) -> None:
        self.is_online: Callable[[], bool] = lambda: False
        self.power_lost: Callable[[], None] = lambda: None
        self.power_back: Callable[[], None] = lambda: None
        self.now = context.now
        self._connectors = context.connectors
        self._authorization = context.authorization
        self._registration = registration
        self._transactions = transactions
        self._reservations = reservations
        self._variables = context.variables
        self._sender = context.sender
        self._clock = context.clock
        transactions.may_begin = lambda: self.may_charge

    # Actions of the hand

    def plug(self, evse_id: int, connector_id: int, vehicle: Vehicle) -> None:
        """Put a cable in. Raises NotPossibleError."""
        connector = self._connectors.connector(evse_id, connector_id)
        evse = self._connectors.evse(evse_id)
        if evse.plugged is not None and (evse.plugged is not connector or connector.is_connected):
            raise NotPossibleError(
                f"EVSE {evse_id} has a cable in connector {evse.plugged.connector_id} already"
            )
        self._arrive(evse)
        was_in, connector.is_plugged, connector.is_connected = connector.is_plugged, True, True
        evse.meter.connect(vehicle, self._clock.monotonic())
        if not was_in:
            self._connectors.happen(connector, Happening.PLUGGED)
        if not connector.is_usable:
            return
        if evse.grant is not None:
            self._withdraw_timer(evse.grant)
            self._connectors.free_waiting(evse)
        self._transactions.advance(evse, trigger="CablePluggedIn")
        self._transactions.close_path(evse)

    def unplug(self, evse_id: int, connector_id: int) -> None:
        """Pull the cable at the car. Raises NotPossibleError.

        Whether that ends the charge, and whether the station lets go of its own end, is set
        (`StopTxOnEVSideDisconnect`, `UnlockOnEVSideDisconnect`: 1.6 §4.10, 2.0.1 E09, E10).
        """
        connector = self._connectors.connector(evse_id, connector_id)
        if not connector.is_connected:
            what = "car at the cable" if connector.is_plugged else "cable"
            raise NotPossibleError(f"there is no {what} in EVSE {evse_id}, connector {connector_id}")
        evse = self._connectors.evse(evse_id)
        grant = evse.grant
        connector.is_connected = False
        evse.meter.disconnect(self._clock.monotonic())
        if grant is not None and not self._variables.flag("TxCtrlr", "StopTxOnEVSideDisconnect"):
            self._disconnect(evse, grant)
            return
        if grant is not None and self._keeps_cable(evse):
            connector.locked_by = grant
        if evse.transaction is not None or grant is not None:
            self._transactions.deauthorize(evse, trigger=CABLE_PULLED, reason="EVDisconnected")
        if connector.is_forgotten:
            self._connectors.release(evse)
        self._depart(evse)

    def _disconnect(self, evse: Evse, grant: Grant) -> None:
        """The car is gone from the cable, and may come back; where the cable is fixed, not for ever (E10)."""
        self._transactions.suspend(evse, Happening.EV_PAUSED, trigger=CABLE_PULLED, reason="EVDisconnected")
        if evse.grant is grant and not evse.template.has_socket:
            self._await_cable(evse, grant)

    def _keeps_cable(self, evse: Evse) -> bool:
        """Whether a cable that was pulled at the car stays locked in its socket (E09.FR.03)."""
        return evse.template.has_socket and not self._variables.flag(
            "OCPPCommCtrlr", "UnlockOnEVSideDisconnect"
        )

    def _arrive(self, evse: Evse) -> None:
        """A car comes; only a parking bay's detector cares."""
        if not evse.is_parked:
            evse.is_parked = True
            if self._has_bay_detector:
                self._transactions.advance(evse, trigger="EVDetected")

    def _depart(self, evse: Evse) -> None:
        was_parked, evse.is_parked = evse.is_parked, False
        if was_parked and self._has_bay_detector:
            self._transactions.advance(evse, trigger="EVDeparted", reason="EVDisconnected")

    @property
    def _has_bay_detector(self) -> bool:
        """Stations have one where somebody wants to know of it."""
        points = (self._variables.words("TxCtrlr", name) for name in ("TxStartPoint", "TxStopPoint"))
        return any("ParkingBayOccupancy" in words for words in points)

    async def present(
        self, evse_id: int, id_token: IdToken, contract: ContractCertificate | None = None
    ) -> TokenResult:
        """Hold a token to the reader: it starts, stops or is refused. With a `contract` it is a car that
        presents itself through the cable (2.x C07).
        """
        evse = self._connectors.evse(evse_id)
        grant = evse.grant
        if grant is not None and (evse.transaction is not None or evse.connected is not None):
            return await self._present_again(evse, grant, id_token)
        plugged = evse.plugged
        if plugged is not None and plugged.locked_by is not None and plugged.is_locked:
            return await self._present_for_cable(evse, plugged.locked_by, id_token)
        refused = self._refusal(evse)
        if refused is not None:
            return TokenResult(TokenOutcome.REFUSED, reason=refused)
        info, trouble = await self.verdict(id_token, contract)
        if info.status is not AuthorizationStatus.ACCEPTED:
            return TokenResult(TokenOutcome.REFUSED, info.status, trouble or "the token may not charge here")
        if self._authorization.is_master(info):
            return self._master_presented(id_token)
        return self._begin(evse, id_token, info)

    def _begin(self, evse: Evse, id_token: IdToken, info: IdTokenInfo) -> TokenResult:
        """Let whoever is accepted charge, unless much has happened while the verdict was on its way."""
        refused = self._refusal(evse)
        if refused is None and not self._reservations.allows(evse, id_token, info):
            refused = "it is reserved for somebody else"
        if refused is not None or _is_occupied(evse):
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

    async def _present_again(self, evse: Evse, grant: Grant, id_token: IdToken) -> TokenResult:
        """The same token, or one of its group, ends the charge (1.6 §3.10, 2.0.1 part 2 C01.FR.03, E07)."""
        status = await self._verdict_as(grant, id_token)
        if status is None and self._authorization.has_masters:
            info, _ = await self.verdict(id_token)
            if self._authorization.is_master(info):
                return self._master_presented(id_token)
        if status is None or evse.grant is not grant:
            return TokenResult(TokenOutcome.REFUSED, reason="another token charges here")
        self._withdraw_timer(grant)
        self._transactions.deauthorize(evse, trigger="StopAuthorized", reason="Local", id_token=id_token)
        if evse.connected is None:
            self._depart(evse)
        return TokenResult(TokenOutcome.STOPPED, status)

    def _master_presented(self, id_token: IdToken) -> TokenResult:
        """It ends all charges, and starts none (C16.FR.02, .03)."""
        status = AuthorizationStatus.ACCEPTED
        if self._transactions.stop_by_master_pass(id_token):
            return TokenResult(TokenOutcome.STOPPED, status)
        return TokenResult(TokenOutcome.REFUSED, status, "a master pass starts nothing")

    async def _present_for_cable(self, evse: Evse, locked_by: Grant, id_token: IdToken) -> TokenResult:
        """Whoever charged with it gets the cable back (2.0.1 E09.FR.03)."""
        status = await self._verdict_as(locked_by, id_token)
        plugged = evse.plugged
        if status is None or plugged is None or plugged.locked_by is not locked_by:
            return TokenResult(TokenOutcome.REFUSED, reason="the cable is another driver's")
        self._connectors.release(evse)
        return TokenResult(TokenOutcome.RELEASED, status)

    async def _verdict_as(self, grant: Grant, id_token: IdToken) -> AuthorizationStatus | None:
        """The verdict on a token that may act for a driver: the same, or a valid one of the group; else None.

        Of one that list or cache know, nobody is asked.
        """
        if id_token.key == grant.id_token.key:
            return AuthorizationStatus.ACCEPTED
        if grant.info.group_id_token is None:
            return None
        info = self._authorization.local_verdict(id_token, self.now())
        if info is None or not _is_of_group(info, grant):
            info, _ = await self.verdict(id_token)
        return info.status if _is_of_group(info, grant) else None

    async def verdict(
        self, id_token: IdToken, contract: ContractCertificate | None = None
    ) -> tuple[IdTokenInfo, str]:
        """May it charge? Asks the central system where it must and can; of a contract always (C07.FR.01).

        With it comes why the station had to decide by itself although it was connected; else nothing.
        """
        offline = self._authorization.offline_verdict(id_token, self.now())
        if contract is not None:
            offline = UNVERIFIED_OFFLINE
        if not self.is_online():
            return offline, ""
        known = self._authorization.verdict_before_request(id_token, self.now())
        if known is not None and contract is None:
            return known, ""
        future = self._sender.send(question_of(id_token, contract))
        try:
            reply = await future if future is not None else None
        except SimulatorError as error:
            return offline, f"the station decided by itself, because {error}"
        if not isinstance(reply, AuthorizeResponse):
            return offline, "the station decided by itself: it could not ask"
        self._authorization.remember(id_token, reply.info, self.now())
        if reply.info.status is AuthorizationStatus.ACCEPTED and not reply.may_charge:
            return IdTokenInfo(AuthorizationStatus.INVALID), "its certificate was refused"
        return reply.info, ""

    # Starting

    def start_remotely(self, evse: Evse, command: RemoteStart) -> None:
        """What follows an accepted remote start: authorize first where `AuthorizeRemoteStart` says so."""
        grant = Grant(
            command.id_token,
            IdTokenInfo(AuthorizationStatus.ACCEPTED),
            "RemoteStart",
            command.remote_start_id,
            charging_profile=command.charging_profile,
        )
        must_request = (
            self._variables.flag("AuthCtrlr", "AuthorizeRemoteStart") and command.id_token.type not in UNASKED
        )
        known: IdTokenInfo | None = grant.info
        if must_request:
            known = self._authorization.verdict_before_request(command.id_token, self.now())
        if known is None:
            future = self._sender.send(question_of(command.id_token))
            if future is not None:
                future.add_done_callback(lambda done: self._remote_verdict(evse, grant, done))
            return
        if not _is_occupied(evse) and not self._authorization.is_master(known):
            self.grant(evse, grant)

    def _remote_verdict(self, evse: Evse, grant: Grant, done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or done.exception() is not None or _is_occupied(evse):
            return
        reply = done.result()
        if isinstance(reply, AuthorizeResponse):
            self._authorization.remember(grant.id_token, reply.info, self.now())
            is_accepted = reply.info.status is AuthorizationStatus.ACCEPTED
            if is_accepted and evse.is_usable and not self._authorization.is_master(reply.info):
                grant.info = reply.info
                self.grant(evse, grant)

    def grant(self, evse: Evse, grant: Grant) -> bool:
        """Let a driver charge: now, if a car is there (True), else when one comes within the time-out."""
        self._withdraw(evse)
        evse.grant = grant
        grant.reservation_id = self._reservations.use(evse, grant.id_token, grant.info)
        connected = evse.connected
        if connected is not None and connected.is_usable:
            self._transactions.advance(evse, trigger=grant.trigger)
            self._transactions.close_path(evse)
            return True
        self._await_cable(evse, grant)
        first = evse.connectors[1]
        if first.state is ConnectorState.AVAILABLE:
            self._connectors.happen(first, Happening.AUTHORIZED)
        self._transactions.advance(evse, trigger=grant.trigger)
        return False

    def _await_cable(self, evse: Evse, grant: Grant) -> None:
        """Within the connection time-out, or the authorization lapses."""
        within_s = self._variables.number("TxCtrlr", "EVConnectionTimeOut", 60)
        if within_s > 0:
            grant.timer = self._clock.call_later(within_s, lambda: self._lapse(evse, grant))

    def _lapse(self, evse: Evse, grant: Grant) -> None:
        if evse.grant is not grant:
            return
        if evse.transaction is None:
            self._withdraw(evse)
            self._reservations.not_charged(grant.reservation_id)
        elif evse.plugged is None:
            self._transactions.give_up(evse)
        else:  # E10.FR.02: pulled at the car, and not plugged in again
            self._transactions.deauthorize(evse, trigger=CABLE_PULLED, reason="EVDisconnected")
            self._depart(evse)

    def _withdraw(self, evse: Evse) -> None:
        """Forget an authorization that was not used."""
        grant, evse.grant = evse.grant, None
        if grant is not None:
            self._withdraw_timer(grant)
            self._connectors.free_waiting(evse)

    def _withdraw_timer(self, grant: Grant) -> None:
        if grant.timer is not None:
            grant.timer.cancel()

    # Faults and power

    def fault(self, connector: Connector, code: str) -> None:
        """A connector breaks; whoever charges there, or waits for a cable, does so no longer."""
        evse = self._connectors.evse(connector.evse_id)
        if evse.occupied is connector:
            self._transactions.stop(evse, reason=_NO_LONGER.get(code, "Other"), trigger="AbnormalCondition")
        connector.error = code
        self._connectors.happen(connector, Happening.FAULTED)

    def lose_power(self) -> None:
        """Everything stands still; what runs is ended when power is back."""
        self._transactions.metering.stop()
        self._reservations.lose_power()
        self.power_lost()
        for evse in self._connectors.evses.values():
            evse.cancel_timers()
            evse.meter.offer(0.0, self._clock.monotonic())
            if evse.grant is not None:
                self._withdraw_timer(evse.grant)
            evse.grant = None

    def regain_power(self, lost_at: datetime) -> None:
        """End what the power cut has ended, as of then (1.6 §4.10 reason PowerLoss)."""
        self._transactions.stop_all(reason="PowerLoss", trigger="AbnormalCondition", at=lost_at)
        for connector in self._connectors.all():
            if connector.state is ConnectorState.PREPARING and not connector.is_plugged:
                self._connectors.happen(connector, Happening.LAPSED)
        for evse in self._connectors.evses.values():
            if evse.connected is not None:  # a car that is still there may be a start point
                self._transactions.advance(evse, trigger="CablePluggedIn")
        self._reservations.go_on()
        self._transactions.metering.start()
        self.power_back()


def _is_occupied(evse: Evse) -> bool:
    """Whether somebody charges there, or holds a transaction open until a cable comes."""
    return evse.grant is not None and (evse.transaction is not None or evse.connected is not None)


def _is_of_group(info: IdTokenInfo, grant: Grant) -> bool:
    """Whether a token is valid and of the group that charges."""
    return info.status is AuthorizationStatus.ACCEPTED and info.group_id_token == grant.info.group_id_token
