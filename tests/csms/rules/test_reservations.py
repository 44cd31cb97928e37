"""Reservations: what follows from the answer, from what the station tells, and from time."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from csms.domain.commands import CommandEnding, CommandOutcome, Outcome
from csms.domain.reservations import OPEN, ReservationState
from csms.rules.availability import connector_status_reported
from csms.rules.command_ends import command_ended
from csms.rules.reservations import (
    EXPIRED_AFTER,
    reservation_ended,
    reservation_requested,
    reservations_expired,
)
from csms.rules.rows import ReservationRow
from csms.rules.state import Decision, State
from csms.rules.transactions import transaction_reported
from ocppj.model.availability import StatusNotification
from ocppj.model.command import CommandAnswer
from ocppj.model.messages import Acknowledged
from ocppj.model.reservations import CancelReservation, ReservationEnd, ReservationStatusUpdate, ReserveNow
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import ConnectorStatus, IdToken
from tests.support.inbound import ACCEPTED, CP1, CP2, NOON, TAG, inbound, minutes, start16

S = ReservationState
ASKED = ReserveNow(7, TAG, minutes(60), 1, group_id_token=IdToken("FLEET"))


def state_with(*rows: ReservationRow) -> State:
    """As loaded."""
    state = State()
    state.apply(rows)
    return state


def row(held: ReservationState = S.ACTIVE, command_id: str = "c1", **more: Any) -> ReservationRow:
    """A reservation as stored."""
    [made] = reservation_requested(command_id, CP1, ASKED, "api:ann", NOON)
    assert isinstance(made, ReservationRow)
    return replace(made, state=held, **more)


def ending(outcome: CommandOutcome, command: Any = ASKED, command_id: str = "c1") -> CommandEnding:
    """How it ended, a minute later."""
    return CommandEnding(command_id, CP1, command, "api:ann", outcome, minutes(1))


def moved(decision: Decision) -> list[tuple[str, str, str | None]]:
    """(command, state, reason) of the rows, told as news too."""
    rows = [each for each in decision.rows if isinstance(each, ReservationRow)]
    told = [each.payload["state"] for each in decision.events if each.event == "reservation.changed"]
    assert told == [each.state.value for each in rows]
    return [(each.command_id, each.state.value, each.reason) for each in rows]


def answer(status: str, reason: str | None = None) -> CommandOutcome:
    """The station's."""
    return CommandOutcome(Outcome.RESULT, "c1", CommandAnswer(status, reason))


@pytest.mark.parametrize(
    ("outcome", "held", "reason"),
    [
        (answer("Accepted"), S.ACTIVE, None),
        (answer("Occupied"), S.REFUSED, "Occupied"),
        (answer("Faulted", "x"), S.REFUSED, "Faulted: x"),
        (CommandOutcome(Outcome.ERROR, "c1", error_code="NotSupported"), S.REFUSED, "NotSupported"),
        (CommandOutcome(Outcome.ERROR, "c1", error_description="?", is_unreadable=True), S.UNKNOWN, "?"),
        (CommandOutcome(Outcome.OFFLINE, "c1", error_description="gone"), S.REFUSED, "gone"),
        (CommandOutcome(Outcome.BUSY, "c1"), S.REFUSED, "busy"),
        (CommandOutcome(Outcome.TIMEOUT, "c1", error_description="30 s"), S.UNKNOWN, "30 s"),
        (CommandOutcome(Outcome.REPLACED, "c1"), S.UNKNOWN, None),
        (CommandOutcome(Outcome.UNKNOWN, "c1"), S.UNKNOWN, None),
    ],
)
def test_the_answer_decides(outcome: CommandOutcome, held: ReservationState, reason: str | None) -> None:
    """What was never sent is refused; what may have arrived is not known."""
    decision = command_ended(state_with(row(S.REQUESTED)), ending(outcome))
    assert moved(decision) == [("c1", held.value, reason)]


def test_a_transaction_may_be_faster_than_the_answer() -> None:
    """It counts."""
    assert moved(command_ended(state_with(row(S.USED)), ending(answer("Accepted")))) == []
    assert moved(command_ended(state_with(), ending(answer("Accepted")))) == []


def test_the_same_number_replaces() -> None:
    """1.6 §5.13, H01.FR.02: only where the station agrees."""
    state = state_with(row(), row(S.REQUESTED, "c2", asked_at=minutes(1)))
    assert moved(command_ended(state, ending(answer("Occupied"), command_id="c2"))) == [
        ("c2", "refused", "Occupied")
    ]
    assert moved(command_ended(state, ending(answer("Accepted"), command_id="c2"))) == [
        ("c1", "replaced", None),
        ("c2", "active", None),
    ]


def test_a_cancellation() -> None:
    """A station that refuses holds none (1.6 §5.1, H02.FR.01); without an answer nothing is known."""
    state = state_with(row(), row(S.REFUSED, "c0"))
    cancel = CancelReservation(7)
    assert moved(command_ended(state, ending(answer("Accepted"), cancel))) == [("c1", "cancelled", None)]
    assert moved(command_ended(state, ending(answer("Rejected"), cancel))) == [("c1", "removed", "Rejected")]
    assert moved(command_ended(state, ending(CommandOutcome(Outcome.TIMEOUT, "c1"), cancel))) == []


@pytest.mark.parametrize(
    ("end", "held", "reason"),
    [
        (ReservationEnd.EXPIRED, "expired", None),
        (ReservationEnd.REMOVED, "removed", None),
        (ReservationEnd.NO_TRANSACTION, "removed", "NoTransaction"),
    ],
)
def test_the_station_tells_its_end(end: ReservationEnd, held: str, reason: str | None) -> None:
    """H04.FR.01, H01.FR.16, H03.FR.11; of another station's, or one that is over, nothing follows."""
    event = ReservationStatusUpdate(7, end)
    reply = Acknowledged()
    decision = reservation_ended(state_with(row()), inbound(event), reply)
    assert (moved(decision), decision.reply) == ([("c1", held, reason)], reply)
    assert moved(reservation_ended(state_with(row(S.CANCELLED)), inbound(event), reply)) == []
    assert moved(reservation_ended(state_with(row()), inbound(event, station_id=CP2), reply)) == []


@pytest.mark.parametrize("before", [*sorted(OPEN), S.EXPIRED, S.REMOVED, S.REFUSED, S.CANCELLED])
def test_a_transaction_uses_it(before: ReservationState) -> None:
    """Whoever came for it, whatever we took it for: a queued message may be late."""
    event = start16(id_token=IdToken("FRIEND"), reservation_id=7)
    decision = transaction_reported(
        state_with(row(before)), inbound(event), TransactionEventResponse("", ACCEPTED)
    )
    assert moved(decision) == [("c1", "used", None)]
    used = decision.rows[-1]
    assert isinstance(used, ReservationRow)
    assert (used.transaction_no, used.transaction_id) == (1, "1")


def test_a_transaction_uses_the_last_of_a_number_once() -> None:
    """Not what was replaced; not again."""
    event = start16(reservation_id=7)
    reply = TransactionEventResponse("", ACCEPTED)
    state = state_with(row(S.REPLACED, asked_at=minutes(5)), row(S.ACTIVE, "c2"))
    assert moved(transaction_reported(state, inbound(event), reply)) == [("c2", "used", None)]
    assert moved(transaction_reported(state_with(row(S.USED)), inbound(event), reply)) == []
    assert moved(transaction_reported(state_with(), inbound(event), reply)) == []


def test_a_reserved_connector_shows_that_it_is_held() -> None:
    """Where nobody knew; not at another EVSE, and not where two could be meant."""

    def told(evse_id: int, *rows: ReservationRow) -> list[tuple[str, str, str | None]]:
        event = StatusNotification(evse_id, 1, ConnectorStatus.RESERVED, "Reserved", NOON)
        return moved(connector_status_reported(state_with(*rows), inbound(event), Acknowledged()))

    assert told(1, row(S.UNKNOWN)) == [("c1", "active", None)]
    assert told(2, row(S.UNKNOWN)) == []
    assert told(2, row(S.UNKNOWN, evse_id=None)) == [("c1", "active", None)]
    assert told(1, row(S.UNKNOWN), row(S.UNKNOWN, "c2")) == []
    assert told(1, row(S.REFUSED)) == []


def test_time_ends_what_the_station_does_not() -> None:
    """A minute after its time; what is over stays as it is."""
    due = minutes(60) + EXPIRED_AFTER
    state = state_with(row(), row(S.USED, "c2"), row(S.UNKNOWN, "c3"))
    asked = ["c1", "c2", "c3", "c4"]
    assert moved(reservations_expired(state, asked, due - timedelta(seconds=1))) == []
    assert moved(reservations_expired(state, asked, due)) == [
        ("c1", "expired", None),
        ("c3", "expired", None),
    ]


def test_a_start_that_is_stored_already_moves_no_reservation() -> None:
    """The same start under a new id (quirk 41): it used the reservation the first time."""
    state, start = state_with(row()), start16(reservation_id=7)
    first = transaction_reported(state, inbound(start, "m1"), TransactionEventResponse("", ACCEPTED))
    assert moved(first) == [("c1", "used", None)]
    state.apply(first.rows)
    again = transaction_reported(state, inbound(start, "m2"), TransactionEventResponse("", ACCEPTED))
    assert (again.reply, again.rows, again.events) == (first.reply, (), ())
