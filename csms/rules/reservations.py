"""Reservations: from what was asked to how they end. What a station says counts, whenever it comes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound
from csms.domain.reservations import ReservationState
from csms.domain.station_events import StationEvent
from csms.rules.rows import ReservationRow, Row, TransactionRow
from csms.rules.state import Decision, State
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Reply
from ocppj.model.reservations import (
    CancelReservation,
    ReservationEnd,
    ReservationStatusUpdate,
    ReserveNow,
)
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import StationId

EXPIRED_AFTER = timedelta(minutes=1)
"""So long after its time a reservation is over by our clock: stations whose clock is behind tell it first."""
_MOVED_BY = {
    ReservationEnd.EXPIRED: ReservationState.EXPIRED,
    ReservationEnd.REMOVED: ReservationState.REMOVED,
    ReservationEnd.NO_TRANSACTION: ReservationState.REMOVED,
}


# --- What was asked, and answered --------------------------------------------------------------------------


def reservation_requested(
    command_id: str, station_id: StationId, command: ReserveNow, origin: str, at: datetime
) -> Sequence[Row]:
    """The row of a reservation, written with that of its command."""
    row = ReservationRow(
        command_id=command_id,
        number=command.reservation_id,
        station_id=station_id,
        id_token=command.id_token,
        group_id_token=command.group_id_token,
        evse_id=command.evse_id,
        connector_type=command.connector_type,
        expires_at=command.expires_at,
        state=ReservationState.REQUESTED,
        asked_by=origin,
        asked_at=at,
        moved_at=at,
    )
    return (row,)


def reservation_answered(state: State, ending: CommandEnding) -> Decision:
    """Held, refused, or nobody knows; one that is held replaces what went by its number before."""
    row = state.reservations.get(ending.command_id)
    if row is None or row.state not in (ReservationState.REQUESTED, ReservationState.UNKNOWN):
        return Decision()  # a transaction was faster
    held, reason = _answer(ending)
    if held is not ReservationState.ACTIVE:
        return _moved([(row, held, reason)], ending.at)
    before = [each for each in _open_of(state, row.station_id, row.number) if each is not row]
    replaced = [(each, ReservationState.REPLACED, None) for each in before]
    return _moved([*replaced, (row, held, None)], ending.at)


def _answer(ending: CommandEnding) -> tuple[ReservationState, str | None]:
    outcome = ending.outcome
    if outcome.may_be_done:
        return ReservationState.UNKNOWN, outcome.error_description
    if outcome.answer is not None and outcome.answer.is_accepted:
        return ReservationState.ACTIVE, None
    return ReservationState.REFUSED, outcome.refusal


def cancellation_answered(state: State, ending: CommandEnding) -> Decision:
    """Cancelled; a station that refuses holds none of that number (1.6 §5.1, 2.x H02.FR.01)."""
    command: CancelReservation = ending.command  # type: ignore[assignment] # the table's key
    answer = ending.outcome.answer
    if answer is None:
        return Decision()
    now = ReservationState.CANCELLED if answer.is_accepted else ReservationState.REMOVED
    reason = None if answer.is_accepted else answer.status
    found = _open_of(state, ending.station_id, command.reservation_id)
    return _moved([(each, now, reason) for each in found], ending.at)


# --- What stations tell ------------------------------------------------------------------------------------


def reservation_ended(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """ReservationStatusUpdate (2.x H01.FR.16, H04.FR.01; 2.1 H03.FR.11)."""
    event: ReservationStatusUpdate = inbound.event  # type: ignore[assignment] # the table's key
    reason = event.end.value if event.end is ReservationEnd.NO_TRANSACTION else None
    found = _open_of(state, inbound.station_id, event.reservation_id)
    decision = _moved([(each, _MOVED_BY[event.end], reason) for each in found], inbound.received_at)
    return Decision(proposal, decision.rows, decision.events)


def with_use(decision: Decision, state: State, inbound: Inbound) -> Decision:
    """What was decided of a transaction, and the reservation that it names: it is used, whoever came for it
    and whatever we took it for (1.6 §5.13, 2.x H01.FR.15).
    """
    event: TransactionEvent = inbound.event  # type: ignore[assignment] # the caller's
    by = next((each for each in reversed(decision.rows) if isinstance(each, TransactionRow)), None)
    if by is None or event.reservation_id is None:
        return decision
    of_number = _of_number(state, inbound.station_id, event.reservation_id)
    found = next((each for each in of_number if each.state is not ReservationState.REPLACED), None)
    if found is None or found.state is ReservationState.USED:
        return decision
    used = msgspec.structs.replace(
        found, transaction_no=by.transaction_no, transaction_id=by.transaction_id, reason=None
    )
    more = _moved([(used, ReservationState.USED, None)], inbound.received_at)
    return Decision(
        decision.reply, (*decision.rows, *more.rows), (*decision.events, *more.events), decision.objection
    )


def shown_reservations(state: State, inbound: Inbound, event: StatusNotification) -> Decision:
    """A connector is reserved: the station holds what we did not know whether it holds."""
    found = [
        (each, ReservationState.ACTIVE, None)
        for each in state.reservations.values()
        if each.station_id == inbound.station_id
        and each.state is ReservationState.UNKNOWN
        and each.evse_id in (None, event.evse_id)
    ]
    return _moved(found, inbound.received_at) if len(found) == 1 else Decision()


def reservations_expired(state: State, command_ids: Iterable[str], at: datetime) -> Decision:
    """Their time has passed, and the station has told nothing (1.6 has no message for it)."""
    rows = (state.reservations.get(each) for each in command_ids)
    due = [row for row in rows if row is not None and row.is_open and row.expires_at + EXPIRED_AFTER <= at]
    return _moved([(row, ReservationState.EXPIRED, row.reason) for row in due], at)


# --- Rows --------------------------------------------------------------------------------------------------


def _of_number(state: State, station_id: StationId, number: int) -> list[ReservationRow]:
    """Those that go, or went, by this number, the latest first."""
    found = [
        row for row in state.reservations.values() if (row.station_id, row.number) == (station_id, number)
    ]
    return sorted(found, key=lambda row: row.asked_at, reverse=True)


def _open_of(state: State, station_id: StationId, number: int) -> list[ReservationRow]:
    return [row for row in _of_number(state, station_id, number) if row.is_open]


def _moved(changes: Sequence[tuple[ReservationRow, ReservationState, str | None]], at: datetime) -> Decision:
    rows = [
        msgspec.structs.replace(row, state=state, reason=reason, moved_at=at)
        for row, state, reason in changes
    ]
    return Decision(None, tuple(rows), tuple(_event(row) for row in rows))


def _event(row: ReservationRow) -> StationEvent:
    payload = {
        "number": row.number,
        "command_id": row.command_id,
        "state": row.state.value,
        "reason": row.reason,
        "evse_id": row.evse_id,
        "transaction_id": row.transaction_id,
    }
    return StationEvent("reservation.changed", row.station_id, row.moved_at, payload)
