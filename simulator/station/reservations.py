"""Reservations that a station holds: whom it keeps an EVSE free for, until when (1.6 §5.13, 2.x block H).

One that names an EVSE keeps that one; all others together keep as many EVSEs free as they are. Where no more
are free than that, they show as reserved (2.x H01.FR.20, .23, .24).
"""

from collections.abc import Iterable, Iterator

from ocppj.model.reservations import ReservationEnd, ReservationStatusUpdate
from ocppj.vocabulary import IdToken, IdTokenInfo, VariableRef
from runtime.clock import Timer
from simulator.model.connector_states import ConnectorState, Happening
from simulator.model.evse import Evse
from simulator.model.station_log import Topic
from simulator.model.stored_state import KeptReservation
from simulator.model.version_rules import VersionRules
from simulator.station.context import StationContext

CONTROLLER = "ReservationCtrlr"


class Reservations:
    """One station's. `refresh` is called whenever something has happened to a connector."""

    def __init__(self, context: StationContext, rules: VersionRules) -> None:
        self.held: dict[int, KeptReservation] = {}
        """By the id that the central system gave."""
        self._unreported: list[ReservationStatusUpdate] = []
        self._context = context
        self._rules = rules
        self._timer: Timer | None = None
        self._is_refreshing = False

    # What the central system asks

    def place(self, wanted: KeptReservation) -> str:
        """Accepted, Occupied, Faulted, Unavailable or Rejected; one of the same id is replaced."""
        status = self._verdict(wanted)
        if status == "Accepted":
            self.held[wanted.reservation_id] = wanted
            self._note(f"reserved for {wanted.id_token}: {_place(wanted.evse_id)}")
        return status

    def cancel(self, reservation_id: int) -> bool:
        """False: there is none of that id (2.x H02.FR.01)."""
        if self.held.pop(reservation_id, None) is None:
            return False
        self._note(f"reservation {reservation_id} is cancelled")
        return True

    def _verdict(self, wanted: KeptReservation) -> str:
        is_any = wanted.evse_id is None
        if not self._is_on or (is_any and not self._flag("NonEvseSpecific")):
            return "Rejected"  # H01.FR.01, .19; 1.6 ReserveConnectorZeroSupported
        targets = [evse for evse in self._evses() if self._is_target(evse, wanted)]
        if not targets or wanted.expires_at <= self._context.now():
            return "Rejected"
        others = [each for each in self.held.values() if each.reservation_id != wanted.reservation_id]
        left = self._left(others)
        roaming = sum(each.evse_id is None for each in others)
        if any(evse in left for evse in targets) and len(left) > roaming:
            return "Accepted"
        return _refusal(targets)

    # Who may charge

    def allows(self, evse: Evse, id_token: IdToken, info: IdTokenInfo | None = None) -> bool:
        """Whether this driver may charge there: it is theirs, or enough stays free for the others."""
        if self._theirs(evse, id_token, info) is not None:
            return True
        if any(each.evse_id == evse.evse_id for each in self.held.values()):
            return False
        roaming = sum(each.evse_id is None for each in self.held.values())
        others = [each for each in self._left(self.held.values()) if each is not evse]
        return not roaming or len(others) >= roaming

    def use(self, evse: Evse, id_token: IdToken, info: IdTokenInfo | None = None) -> int | None:
        """A driver is here: the id of their reservation, which is used up; None if they have none.

        H03.FR.09. A connector that shows it goes straight to its driver (1.6 §4.9 G2, 2.x H03.FR.10).
        """
        mine = self._theirs(evse, id_token, info)
        if mine is None:
            return None
        del self.held[mine.reservation_id]
        if evse.occupied.state is ConnectorState.RESERVED:
            self._context.connectors.happen(evse.occupied, Happening.AUTHORIZED)
        self.settle()
        return mine.reservation_id

    def not_charged(self, reservation_id: int | None) -> None:
        """Its driver came, and no transaction began in time (2.1 H03.FR.11)."""
        if reservation_id is not None:
            self._send(ReservationStatusUpdate(reservation_id, ReservationEnd.NO_TRANSACTION))

    def _theirs(self, evse: Evse, id_token: IdToken, info: IdTokenInfo | None) -> KeptReservation | None:
        """Their own first, and one for this EVSE before one for any."""
        found = [each for each in self.held.values() if self._is_target(evse, each)]
        found.sort(key=lambda each: each.evse_id is None)
        group = self._group_of(id_token, info)
        for each in found:
            if id_token.means(each.token) or each.token.means(id_token):
                return each
        return next((each for each in found if group is not None and each.group == group), None)

    def _group_of(self, id_token: IdToken, info: IdTokenInfo | None) -> str | None:
        """H03.FR.07: list or cache may know it."""
        if info is None or info.group_id_token is None:
            info = self._context.authorization.local_verdict(id_token, self._context.now())
        return info.group_id_token if info is not None else None

    # What becomes of them

    def refresh(self) -> None:
        """Give up those whose EVSE can no longer be charged at, and show what is reserved."""
        if self._is_refreshing:
            return
        self._is_refreshing = True
        try:
            for each in tuple(self.held.values()):
                if not any(evse.is_usable for evse in self._evses() if self._is_target(evse, each)):
                    self._end(each, ReservationEnd.REMOVED)
            self._show()
        finally:
            self._is_refreshing = False

    def report_ends(self) -> None:
        """The station may speak: what it could not tell before."""
        untold, self._unreported = self._unreported, []
        for each in untold:
            self._send(each)

    def lose_power(self) -> None:
        """Nothing expires; what is held is kept."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def go_on(self) -> None:
        """Power is back, or the station has learnt what time it is: end what has expired meanwhile."""
        self.lose_power()
        now = self._context.now()
        for each in tuple(self.held.values()):
            if each.expires_at <= now:
                self._end(each, ReservationEnd.EXPIRED)
        self.settle()

    def settle(self) -> None:
        """Show what is reserved, and wake up at the next expiry. What was asked is answered before."""
        self.lose_power()
        self.refresh()
        if self.held:
            next_at = min(each.expires_at for each in self.held.values())
            wait_s = max((next_at - self._context.now()).total_seconds(), 0.0)
            self._timer = self._context.clock.call_later(wait_s, self.go_on)

    def _end(self, reservation: KeptReservation, end: ReservationEnd) -> None:
        del self.held[reservation.reservation_id]
        self._note(f"reservation {reservation.reservation_id} has ended: {end.value}")
        self._send(ReservationStatusUpdate(reservation.reservation_id, end))

    def _send(self, message: ReservationStatusUpdate) -> None:
        """Now, or once the station may speak. 1.6 cannot."""
        if self._rules.request(message) is not None and self._context.sender.send(message) is None:
            self._unreported.append(message)

    def _show(self) -> None:
        left = self._left(self.held.values())
        roaming = sum(each.evse_id is None for each in self.held.values())
        taken = {each.evse_id for each in self.held.values()}
        if roaming and len(left) <= roaming:
            taken |= {evse.evse_id for evse in left}
        for evse in self._evses():
            for connector in evse.connectors.values():
                if connector.state is ConnectorState.AVAILABLE and evse.evse_id in taken:
                    self._context.connectors.happen(connector, Happening.RESERVED)
                elif connector.state is ConnectorState.RESERVED and evse.evse_id not in taken:
                    is_plugged = connector.is_plugged
                    freed = Happening.RELEASED_PLUGGED if is_plugged else Happening.RELEASED
                    self._context.connectors.happen(connector, freed)

    # EVSEs

    def _evses(self) -> Iterator[Evse]:
        yield from self._context.connectors.evses.values()

    def _is_target(self, evse: Evse, of: KeptReservation) -> bool:
        """Whether a reservation may be used there."""
        if of.evse_id is not None and of.evse_id != evse.evse_id:
            return False
        if of.connector_type is None:
            return True
        value, number = self._context.variables.value, evse.evse_id
        types = (
            value(VariableRef("Connector", "ConnectorType", evse_id=number, connector_id=each))
            for each in evse.connectors
        )
        return of.connector_type in types

    def _left(self, held: Iterable[KeptReservation]) -> list[Evse]:
        """The free EVSEs that none of these names."""
        named = {each.evse_id for each in held}
        return [evse for evse in self._evses() if evse.evse_id not in named and _is_free(evse)]

    @property
    def _is_on(self) -> bool:
        return self._flag("Available") and self._flag("Enabled")

    def _flag(self, variable: str) -> bool:
        return self._context.variables.flag(CONTROLLER, variable)

    def _note(self, text: str) -> None:
        self._context.log.note(Topic.CHARGING, text)


def _is_free(evse: Evse) -> bool:
    """Nobody is there, or shall be; who has only reserved it is not there yet."""
    states = {one.state for one in evse.connectors.values()}
    is_taken = evse.grant is not None or evse.transaction is not None or evse.plugged is not None
    return not is_taken and bool(states & {ConnectorState.AVAILABLE, ConnectorState.RESERVED})


def _refusal(targets: list[Evse]) -> str:
    """Why none of them can be had (H01.FR.11, .12, .14)."""
    states = {one.state for evse in targets for one in evse.connectors.values()}
    if states <= {ConnectorState.FAULTED}:
        return "Faulted"
    return "Unavailable" if states <= {ConnectorState.UNAVAILABLE, ConnectorState.FAULTED} else "Occupied"


def _place(evse_id: int | None) -> str:
    return f"EVSE {evse_id}" if evse_id is not None else "any EVSE"
