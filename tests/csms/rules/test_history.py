"""What is known of an EVSE when a transaction starts."""

import pytest

from csms.rules.history import with_history
from csms.rules.reviews import HELD
from csms.rules.rows import TransactionRow
from csms.rules.state import EvseHistory, State
from tests.support.inbound import CP1, NOON, Bench, minutes, start16, stop16

LIFETIME = EvseHistory(None, 930_000.0, 936_120.0)


def row(start_wh: float | None, **more: object) -> TransactionRow:
    """A transaction that starts."""
    return TransactionRow(
        transaction_no=1,
        station_id=CP1,
        transaction_id="1",
        evse_id=1,
        started_at=NOON,
        first_received_at=NOON,
        last_event_at=NOON,
        last_received_at=NOON,
        meter_start_wh=start_wh,
        **more,  # type: ignore[arg-type] # tests name fields
    )


def known(history: EvseHistory) -> State:
    """A state with what is stored of EVSE 1."""
    state = State()
    state.histories[CP1, 1] = history
    return state


@pytest.mark.parametrize(
    ("history", "start_wh", "before_wh"),
    [
        (LIFETIME, 936_120.0, None),  # it goes on
        (LIFETIME, 935_000.0, None),
        (LIFETIME, 0.0, 936_120.0),
        (EvseHistory(None, 0.0, 9000.0), 0.0, None),  # a register that begins anew each time
        (EvseHistory(None, 500.0, 9000.0), 0.0, None),
        (EvseHistory(None, 930_000.0, 7.0), 0.0, None),
        (EvseHistory(), 0.0, None),
    ],
)
def test_a_start_below_all_of_the_transaction_before_is_remembered(
    history: EvseHistory, start_wh: float, before_wh: float | None
) -> None:
    """With where that one left the register."""
    assert with_history(known(history), row(start_wh)).meter_before_wh == before_wh


@pytest.mark.parametrize(
    ("limit_w", "expected"),
    [(22_000.0, 22_000.0), (22.0, None), (0.0, None), (22_000_000.0, None), (None, None)],
)
def test_the_limit_of_the_evse_is_kept(limit_w: float | None, expected: float | None) -> None:
    """One that no EVSE has is in another unit, or not set."""
    assert with_history(known(EvseHistory(limit_w)), row(0.0)).power_limit_w == expected


def test_nothing_is_known_of_an_evse_without_history_or_number() -> None:
    """The row stays as it is."""
    without = row(0.0)
    assert with_history(State(), without) is without
    nowhere = TransactionRow(
        transaction_no=1,
        station_id=CP1,
        transaction_id="1",
        started_at=NOON,
        first_received_at=NOON,
        last_event_at=NOON,
        last_received_at=NOON,
    )
    assert with_history(known(LIFETIME), nowhere) is nowhere


@pytest.mark.parametrize("unread", [0.0, -1.0])
def test_a_start_that_was_not_read_goes_on_from_the_transaction_before(unread: float) -> None:
    """Over eight hours no limit of power says that 937 kWh are none of one charge; the register does."""
    bench = Bench(known(LIFETIME))
    bench.send(start16(unread))
    bench.send(stop16("1", 937_000, minutes(480)))
    found = bench.transaction("1")
    assert (found.energy_wh, found.review) == (880, HELD)
