"""A transaction from its start to its end: what begins and ends it, and what is told of it.

What happens at an EVSE (a cable, a token, energy) changes its facts; `advance` holds them against the start
and stop points (`simulator.model.transaction_points`) and begins, goes on with or ends its transaction. In
1.6 the points are fixed (`VersionRules.fixed_points`).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from ocppj.model.smart_charging import ChargingProfile
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import (
    IdToken,
    IdTokenInfo,
    MeterSample,
    TransactionEventKind,
)
from runtime.texts import energy_text
from simulator.connection.transaction_queue import TransactionQueue
from simulator.model.connector_states import IN_TRANSACTION, TRANSITIONS, ConnectorState, Happening
from simulator.model.evse import Connector, Evse, Grant
from simulator.model.station_log import Topic
from simulator.model.stored_state import KeptMessage, KeptTransaction
from simulator.model.transaction_points import EvseFacts, begins, ends
from simulator.station import metering
from simulator.station import transaction_parts as parts
from simulator.station.context import StationContext
from simulator.station.metering import Metering
from simulator.station.transaction_reports import TransactionReports

CABLE_PULLED = "EVCommunicationLost"
"""2.0.1 TriggerReasonEnumType: the cable was disconnected. EVDeparted is the parking bay's."""
STATE_CHANGED = "ChargingStateChanged"
RATE_CHANGED = "ChargingRateChanged"


class Transactions:
    """One station's transactions. `idle` is called whenever one has ended."""

    def __init__(self, context: StationContext, transaction_queue: TransactionQueue) -> None:
        self.idle: Callable[[], None] = lambda: None
        self.changed: Callable[[], None] = lambda: None
        """Called whenever something is told of a transaction, or answered."""
        self.is_online: Callable[[], bool] = lambda: False
        self.may_begin: Callable[[], bool] = lambda: False
        """Whether the station is, or was, accepted by its central system."""
        self._context = context
        self._connectors = context.connectors
        self._variables = context.variables
        self._clock = context.clock
        self._transaction_queue = transaction_queue
        self._reports = TransactionReports(context, transaction_queue, self._is_sent_at_once)
        self.offered_w: Callable[[Evse], float] = lambda evse: evse.template.max_power_w
        """What a car may be offered there now."""
        self.flow_changed: Callable[[], None] = lambda: None
        """Called when energy may flow somewhere, or may no longer."""
        self.ended: Callable[[Evse], None] = lambda _evse: None
        self.hold_profile: Callable[[Evse, ChargingProfile], None] = lambda _evse, _profile: None
        """Called with the charging profile that came with a remote start."""
        self.metering = Metering(context, transaction_queue.rules, self.update)
        transaction_queue.answered = self._answered

    # What happens at an EVSE

    def advance(
        self, evse: Evse, *, trigger: str, reason: str | None = None, id_token: IdToken | None = None
    ) -> None:
        """Something has happened: begin, go on with, or end the transaction. `reason` is why, if it ends."""
        before, evse.facts = evse.facts, self._facts(evse)
        if evse.transaction is None:
            if evse.is_usable and self.may_begin() and begins(self._start_points, evse.facts):
                self._begin(evse, trigger)
        elif ends(self._stop_points, before, evse.facts):
            self._end(evse, trigger=trigger, reason=reason, id_token=id_token)
        else:
            self._report(evse, TransactionEventKind.UPDATED, trigger=trigger, id_token=id_token)

    def close_path(self, evse: Evse) -> None:
        """Driver and car are there: offer energy, and tell what comes of it.

        Not to a driver whom the central system has refused meanwhile (2.0.1 E05.FR.02).
        """
        connector, grant = evse.connected, evse.grant
        if connector is None or grant is None or not grant.is_valid:
            return
        connector.locked_by = None  # from now on the cable is this driver's
        self._begin_path(evse, grant)
        limit_w = self.offered_w(evse)
        evse.meter.offer(limit_w, self._clock.monotonic())
        if connector.state is ConnectorState.SUSPENDED_EV:
            # the cable was pulled at the car, and is back
            self._connectors.happen(connector, Happening.EV_RESUMED)
        else:
            if connector.state is ConnectorState.FINISHING:
                connector.happen(Happening.AUTHORIZED)
            self._connectors.happen(connector, Happening.STARTED)
        self._note(f"EVSE {evse.evse_id} charges for {grant.id_token.value}")
        self.flow_changed()
        if limit_w <= 0.0:
            self.suspend(evse, Happening.EVSE_PAUSED, trigger=STATE_CHANGED)
            return
        if not self._facts(evse).is_flowing:
            self._pause(evse)
            return
        self.advance(evse, trigger=STATE_CHANGED)
        self._watch_car(evse)

    def _begin_path(self, evse: Evse, grant: Grant) -> None:
        """Relative schedules count from now on (2.1 K §3.3), the one of a remote start among them."""
        if evse.path_closed_at is None:
            evse.path_closed_at = self._context.now()
        if grant.charging_profile is not None:
            profile, grant.charging_profile = grant.charging_profile, None
            self.hold_profile(evse, profile)

    def offer_again(self, evse: Evse) -> None:
        """What the car may be offered may have changed: offer that, pause, or go on."""
        connector, grant = evse.connected, evse.grant
        if evse.transaction is None or connector is None or grant is None:
            return
        if not grant.is_valid and not evse.meter.is_offered:
            return  # E05.FR.03: what is left for whoever was refused flows within the limits
        limit_w, before_w = self.offered_w(evse), evse.meter.offered_w
        if limit_w <= 0.0 and connector.state is ConnectorState.CHARGING:
            self._note(f"EVSE {evse.evse_id} offers nothing for now")
            self.suspend(evse, Happening.EVSE_PAUSED, trigger=STATE_CHANGED)
        elif limit_w > 0.0 and connector.state is ConnectorState.SUSPENDED_EVSE:
            self._resume(evse, connector, limit_w)
        elif limit_w > 0.0 and limit_w != before_w and connector.state is ConnectorState.CHARGING:
            self._change_rate(evse, limit_w, before_w)

    def _resume(self, evse: Evse, connector: Connector, limit_w: float) -> None:
        self._note(f"EVSE {evse.evse_id} offers {limit_w:g} W again")
        evse.meter.offer(limit_w, self._clock.monotonic())
        self._connectors.happen(connector, Happening.EVSE_RESUMED)
        if not self._facts(evse).is_flowing:
            self._pause(evse)
            return
        self.advance(evse, trigger=STATE_CHANGED)
        self._watch_car(evse)

    def _change_rate(self, evse: Evse, limit_w: float, before_w: float) -> None:
        """Tell it if it matters (2.x K11.FR.04, LimitChangeSignificance in percent)."""
        self._note(f"EVSE {evse.evse_id} offers {limit_w:g} W")
        evse.meter.offer(limit_w, self._clock.monotonic())
        self._forget_car(evse)
        self._watch_car(evse)
        significance = self._variables.number("SmartChargingCtrlr", "LimitChangeSignificance", 0.0)
        if abs(limit_w - before_w) * 100 > significance * before_w:
            samples = self._read(evse, self._variables.words(*metering.UPDATED), metering.OTHER)
            self._report(evse, TransactionEventKind.UPDATED, trigger=RATE_CHANGED, samples=samples)
        self._bound_refused(evse)

    def deauthorize(self, evse: Evse, *, trigger: str, reason: str, id_token: IdToken | None = None) -> None:
        """The driver may charge no longer. What runs ends, unless the stop points let it go on without."""
        self._open_path(evse)
        evse.grant = None
        if evse.transaction is not None:
            evse.transaction.stopped_reason = evse.transaction.stopped_reason or reason
        self.advance(evse, trigger=trigger, reason=reason, id_token=id_token)
        self._settle(evse)
        self.flow_changed()

    def suspend(self, evse: Evse, by: Happening, *, trigger: str, reason: str | None = None) -> None:
        """Deliver nothing; the transaction goes on, unless the stop points end it for `reason`."""
        self._open_path(evse)
        connector = evse.occupied
        if by in TRANSITIONS[connector.state]:
            self._connectors.happen(connector, by)
        self.advance(evse, trigger=trigger, reason=reason)

    def stop(self, evse: Evse, *, reason: str, trigger: str, at: datetime | None = None) -> None:
        """End what runs on an EVSE, whatever the stop points say: a reset, a fault, an unlocked cable."""
        if evse.transaction is not None:
            self._end(evse, trigger=trigger, reason=reason, at=at)
        elif evse.grant is not None:
            self.deauthorize(evse, trigger=trigger, reason=reason)

    def give_up(self, evse: Evse) -> None:
        """No cable came: it ends, unless a parking bay's detector is to tell when (E03.FR.05, .15)."""
        end = self.deauthorize if "ParkingBayOccupancy" in self._stop_points else self.stop
        end(evse, reason="Timeout", trigger="EVConnectTimeout")

    def stop_all(self, *, reason: str, trigger: str, at: datetime | None = None) -> None:
        """End every transaction."""
        for evse in self._connectors.evses.values():
            self.stop(evse, reason=reason, trigger=trigger, at=at)

    def is_ongoing(self, transaction_id: str) -> bool:
        """Whether it has not stopped yet (2.0.1 E14.FR.02, .03)."""
        return self._evse_of(transaction_id) is not None

    def has_queued(self, transaction_id: str | None) -> bool:
        """Whether messages of it, or of any, are still to be delivered (2.0.1 E14.FR.04, .07)."""
        entries = self._transaction_queue.entries
        return any(transaction_id is None or each.transaction_id == transaction_id for each in entries)

    def stop_by_master_pass(self, id_token: IdToken) -> bool:
        """End all that runs; whether anything did (2.0.1 C16.FR.02: there is no screen to choose on)."""
        running = self._connectors.running()
        for evse in running:
            self._end(evse, trigger="StopAuthorized", reason="MasterPass", id_token=id_token)
        return bool(running)

    def _facts(self, evse: Evse) -> EvseFacts:
        connector = evse.connected
        is_closed = connector is not None and connector.state is ConnectorState.CHARGING
        return EvseFacts(
            is_parked=evse.is_parked,
            is_connected=connector is not None and connector.is_usable,
            is_authorized=evse.grant is not None,
            is_flowing=is_closed and evse.meter.power_w(self._clock.monotonic()) > 0.0,
        )

    @property
    def _start_points(self) -> tuple[str, ...]:
        fixed = self._transaction_queue.rules.fixed_points
        return fixed[0] if fixed is not None else self._variables.words("TxCtrlr", "TxStartPoint")

    @property
    def _stop_points(self) -> tuple[str, ...]:
        fixed = self._transaction_queue.rules.fixed_points
        return fixed[1] if fixed is not None else self._variables.words("TxCtrlr", "TxStopPoint")

    # The car

    def _watch_car(self, evse: Evse) -> None:
        """Notice when it is full."""
        full_s = evse.meter.seconds_until_full(self._clock.monotonic())
        if full_s < float("inf"):
            self._set_timer(evse, parts.FULL_DUE, full_s + parts.AFTER_FULL_S, self._full)

    def _full(self, evse: Evse) -> None:
        connector = evse.connected
        if connector is not None and connector.state is ConnectorState.CHARGING:
            self._note(f"the car at EVSE {evse.evse_id} is full")
            self._pause(evse)

    def _pause(self, evse: Evse) -> None:
        """The car takes nothing."""
        self._connectors.happen(evse.occupied, Happening.EV_PAUSED)
        self.advance(evse, trigger=STATE_CHANGED, reason="StoppedByEV")

    # Begin and end

    def _begin(self, evse: Evse, trigger: str) -> None:
        evse.transaction = KeptTransaction(
            transaction_id=str(self._context.chance.uuid()),
            evse_id=evse.evse_id,
            connector_id=evse.occupied.connector_id,
            id_token="",
            id_token_type="",
            group=None,
            started_at=self._context.now(),
            start_wh=evse.meter.energy_wh(self._clock.monotonic()),
        )
        self._report(
            evse,
            TransactionEventKind.STARTED,
            trigger=trigger,
            samples=self._read(evse, self._variables.words(*metering.STARTED), metering.BEGIN),
        )
        self.metering.begin(evse)

    def _end(
        self,
        evse: Evse,
        *,
        trigger: str,
        reason: str | None,
        id_token: IdToken | None = None,
        at: datetime | None = None,
    ) -> None:
        transaction = evse.transaction
        if transaction is None:
            return
        self._open_path(evse)
        evse.grant = None
        reason = transaction.stopped_reason or reason
        self._report(
            evse,
            TransactionEventKind.ENDED,
            trigger=trigger,
            samples=self.metering.samples_for_end(evse, at or self._context.now()),
            id_token=id_token,
            reason=reason,
            at=at,
        )
        evse.cancel_timers()
        evse.transaction = evse.path_closed_at = None
        taken = energy_text(evse.meter.energy_wh(self._clock.monotonic()) - transaction.start_wh)
        self._note(f"EVSE {evse.evse_id} stopped after {taken}: {reason}")
        self._settle(evse)
        self.ended(evse)
        self.idle()

    def _open_path(self, evse: Evse) -> None:
        evse.meter.offer(0.0, self._clock.monotonic())
        self._forget_car(evse)

    def _forget_car(self, evse: Evse) -> None:
        evse.cancel_timer(parts.FULL_DUE)
        evse.cancel_timer(parts.REFUSED_DUE)

    def _set_timer(self, evse: Evse, name: str, after_s: float, is_due: Callable[[Evse], None]) -> None:
        evse.cancel_timer(name)
        evse.timers[name] = self._clock.call_later(after_s, lambda: is_due(evse))

    def _settle(self, evse: Evse) -> None:
        """Let the connectors go where they belong when nobody charges there any more."""
        connector = evse.occupied
        if evse.grant is None:
            if connector.state in IN_TRANSACTION:
                self._connectors.happen(connector, Happening.STOPPED)
            if connector.is_forgotten:
                self._connectors.release(evse)
            self._connectors.free_waiting(evse)
        evse.facts = self._facts(evse)
        self._connectors.refresh()

    # Telling

    def update(self, evse: Evse, *, trigger: str, context: str, measurands: tuple[str, ...]) -> None:
        """Tell the meter's values of a running transaction."""
        samples = self._read(evse, measurands, context)
        self._report(evse, TransactionEventKind.UPDATED, trigger=trigger, samples=samples)

    def _read(self, evse: Evse, measurands: tuple[str, ...], context: str) -> tuple[MeterSample, ...]:
        return evse.meter.samples(measurands, self._clock.monotonic(), self._context.now(), context)

    def _note(self, text: str) -> None:
        self._context.log.note(Topic.CHARGING, text)

    def _is_sent_at_once(self) -> bool:
        return self.is_online()

    def _report(self, evse: Evse, kind: TransactionEventKind, *, trigger: str, **more: Any) -> None:
        """Write a transaction message and queue it."""
        self._reports.put(evse, kind, trigger=trigger, **more)
        self.changed()

    # The answer

    def _answered(self, message: KeptMessage, verdict: TransactionEventResponse | None) -> None:
        """The central system's answer to a transaction message: an id, a verdict."""
        evse = self._evse_of(message.transaction_id)
        if (
            evse is not None
            and evse.transaction is not None
            and verdict is not None
            and verdict.transaction_id
        ):
            evse.transaction.csms_id = verdict.transaction_id
        self.changed()
        if verdict is None or verdict.info is None or message.id_token is None:
            return
        id_token = parts.kept_token(message.id_token, message.id_token_type)
        self._context.authorization.remember(id_token, verdict.info, self._context.now())
        if evse is not None and evse.grant is not None and evse.grant.id_token.key == id_token.key:
            self._judged(evse, evse.grant, verdict.info)

    def _judged(self, evse: Evse, grant: Grant, info: IdTokenInfo) -> None:
        """The verdict on whoever charges, or waits for a cable."""
        grant.info = replace(info, group_id_token=info.group_id_token or grant.info.group_id_token)
        if grant.is_valid:
            if evse.transaction is not None:
                evse.transaction.group = grant.info.group_id_token  # E01.FR.12: also of a remote start
        elif self._variables.flag("TxCtrlr", "StopTxOnInvalidId"):
            self.deauthorize(evse, trigger="Deauthorized", reason="DeAuthorized")
        elif evse.meter.is_offered:
            self._bound_refused(evse)

    def _bound_refused(self, evse: Evse) -> None:
        """Whoever was refused gets MaxEnergyOnInvalidId, and then nothing more; the transaction goes on (1.6
        §3.5.4, 2.0.1 E05.FR.02, .03). A car takes less and less: it is looked at again.
        """
        transaction, grant = evse.transaction, evse.grant
        if grant is None or grant.is_valid or transaction is None or not evse.meter.is_offered:
            return
        now = self._clock.monotonic()
        most_wh = self._variables.number("TxCtrlr", "MaxEnergyOnInvalidId", 0)
        left_wh = transaction.start_wh + most_wh - evse.meter.energy_wh(now)
        power_w = evse.meter.power_w(now)
        if left_wh <= parts.CRUMB_WH:
            self._note(f"EVSE {evse.evse_id} delivers nothing: the token was refused")
            self.suspend(evse, Happening.EVSE_PAUSED, trigger=STATE_CHANGED, reason="DeAuthorized")
        elif power_w > 0:
            left_s = max(left_wh * 3600 / power_w, parts.AFTER_FULL_S)
            self._set_timer(evse, parts.REFUSED_DUE, left_s, self._bound_refused)

    def _evse_of(self, transaction_id: str) -> Evse | None:
        for evse in self._connectors.running():
            if evse.transaction is not None and evse.transaction.transaction_id == transaction_id:
                return evse
        return None
