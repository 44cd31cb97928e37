"""What a row says of itself."""

import pytest
from msgspec.structs import replace

from csms.domain.quarantine import QuarantineCause, QuarantineState
from csms.domain.reservations import ReservationState
from csms.rules.rows import QuarantineRow, ReservationRow, TransactionRow, kept_raw
from tests.support.inbound import CP1, NOON, TAG, inbound, minutes, start16

CHARGE = TransactionRow(
    transaction_no=1,
    station_id=CP1,
    transaction_id="1",
    started_at=NOON,
    first_received_at=NOON,
    last_event_at=NOON,
    last_received_at=NOON,
)


def test_a_transaction_goes_on_until_it_has_an_end() -> None:
    """An end is assumed where one cannot go on, and none was reported."""
    assert (CHARGE.is_open, CHARGE.is_end_assumed) == (True, False)
    reported = replace(CHARGE, ended_at=minutes(5))
    assert (reported.is_open, reported.is_end_assumed) == (False, False)
    assumed = replace(reported, superseded_at=minutes(9))
    assert (assumed.is_open, assumed.is_end_assumed) == (False, True)


def test_a_reservation_is_open_while_the_station_may_hold_it() -> None:
    """Also where its answer was lost."""
    held = {
        state
        for state in ReservationState
        if ReservationRow(
            command_id="c1",
            number=7,
            station_id=CP1,
            id_token=TAG,
            expires_at=minutes(60),
            state=state,
            asked_by="api",
            asked_at=NOON,
            moved_at=NOON,
        ).is_open
    }
    assert held == {ReservationState.REQUESTED, ReservationState.ACTIVE, ReservationState.UNKNOWN}


@pytest.mark.parametrize("cause", QuarantineCause)
def test_who_has_to_look_at_a_message_that_is_kept(cause: QuarantineCause) -> None:
    """Nobody, where what could be read of it is used."""
    message = replace(inbound(start16(), content=b"raw"), version="1.6")
    row = kept_raw(message, cause, "because")
    assert row == QuarantineRow(CP1, message.epoch, b"raw", "because", NOON, cause, "1.6")
    assert row.was_accepted
    is_used = cause is QuarantineCause.PARTLY_READ
    assert row.state is (QuarantineState.USED if is_used else QuarantineState.WAITING)
