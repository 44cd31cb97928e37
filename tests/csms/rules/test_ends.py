"""Transactions whose end was never reported end all the same, and never with another one's energy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from charging.tariff import Tariff
from csms.domain.flags import (
    AFTER_END,
    END_MISSING,
    ENDED_BY_HAND,
    METER_WENT_BACK,
    ORPHAN,
    SUPERSEDED,
)
from csms.domain.inbound import PricedResponse
from csms.rules.ends import ended_without_end, superseded
from csms.rules.reviews import HELD
from csms.rules.rows import TransactionRow
from ocppj.model.messages import Acknowledged, StationMessage
from tests.support.inbound import (
    ACCEPTED,
    CP1,
    ENDED,
    NOON,
    STARTED,
    UPDATED,
    Bench,
    event201,
    minutes,
    start16,
    stop16,
    values16,
)

PRICE = Tariff("t", "CAD", energy_micro_per_kwh=250_000)


def test_a_start_of_2_x_ends_the_one_before_on_its_evse() -> None:
    """A client that crashed left `is_open: true, flags: []`; on another EVSE it goes on."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(UPDATED, 1, minutes(3), 1600, transaction_id="A"))
    bench.send(event201(STARTED, 0, NOON, 10, transaction_id="B", evse_id=2))
    bench.send(event201(STARTED, 0, minutes(9), 1600, transaction_id="C"))
    first = bench.transaction("A")
    assert (first.ended_at, first.energy_wh, first.flags) == (minutes(3), 600, (SUPERSEDED,))
    assert {row.transaction_id for row in bench.state.open_transactions(CP1)} == {"B", "C"}


def test_an_evse_told_later_supersedes_then() -> None:
    """2.x may send `evse` once, as soon as it is known."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(STARTED, 0, minutes(5), transaction_id="B", evse_id=None, connector_id=None))
    assert bench.transaction("A").is_open
    bench.send(event201(UPDATED, 1, minutes(6), 1000, transaction_id="B"))
    assert not bench.transaction("A").is_open


def test_a_start_told_late_is_over_already() -> None:
    """2.x events may come in any order: the one that began first has ended."""
    bench = Bench()
    bench.send(event201(STARTED, 0, minutes(9), 1600, transaction_id="B"))
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    assert bench.transaction("B").is_open
    assert (bench.transaction("A").is_open, bench.transaction("A").flags) == (False, (SUPERSEDED,))
    bench.send(event201(UPDATED, 1, minutes(3), 1500, transaction_id="A"))
    assert (bench.transaction("A").energy_wh, bench.transaction("A").ended_at) == (500, minutes(3))


def test_a_real_end_that_comes_late_counts() -> None:
    """Out of the station's queue, after the next start."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(STARTED, 0, minutes(9), 1600, transaction_id="B"))
    end = event201(ENDED, 1, minutes(5), 1600, transaction_id="A", stopped_reason="EVDisconnected")
    bench.send(end)
    row = bench.transaction("A")
    assert (row.ended_at, row.energy_wh, row.stopped_reason) == (minutes(5), 600, "EVDisconnected")
    assert not row.is_end_assumed


def test_an_assumed_end_is_held_where_it_has_a_price() -> None:
    """Nobody is told a cost; the real end sets it free."""
    bench = Bench()
    reply = PricedResponse("", ACCEPTED, tariff=PRICE)
    bench.send(start16(1000), proposal=reply)
    bench.send(start16(2000, minutes(9)), proposal=reply)
    assert bench.transaction("1").review == HELD
    bench.send(stop16("1", 2000, minutes(5)))
    assert (bench.transaction("1").review, bench.transaction("1").cost_micro) == (None, 250_000)


def test_what_is_metered_after_the_end_does_not_count() -> None:
    """1.6 values sampled later are `after-end`; the meter did not go back."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(stop16("1", 2000, minutes(5)))
    bench.send(values16("1", 9000, minutes(6)), proposal=Acknowledged())
    row = bench.transaction("1")
    assert (row.energy_wh, row.flags) == (1000, (AFTER_END,))


@pytest.mark.parametrize("number", ["1", None])
def test_values_sampled_after_the_end_may_come_before_it(number: str | None) -> None:
    """A stop dated earlier than what was metered: that is no meter that went back either."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(values16(number, 2100, minutes(6)), proposal=Acknowledged())
    bench.send(stop16("1", 2000, minutes(5)))
    row = bench.transaction("1")
    assert (row.energy_wh, row.review) == (1000, None)
    assert AFTER_END in row.flags
    assert METER_WENT_BACK not in row.flags


def test_values_that_name_a_superseded_transaction_are_not_its_own() -> None:
    """A station that goes on naming the old number does not charge its driver."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(values16("1", 1500, minutes(2)), proposal=Acknowledged())
    bench.send(start16(1500, minutes(5)), info=ACCEPTED)
    bench.send(values16("1", 4000, minutes(8)), proposal=Acknowledged())
    assert bench.transaction("1").energy_wh == 500
    assert AFTER_END in bench.transaction("1").flags


def given_up(flag: str, **more: Any) -> Bench:
    """A charge that was last heard of at 12:03, and given up as of 12:10."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000))
    bench.send(event201(UPDATED, 1, minutes(3), 1600))
    bench.state.apply([ended_without_end(bench.transaction("T1"), minutes(10), flag, **more)])
    return bench


def ends(row: TransactionRow) -> tuple[Any, ...]:
    """(when it ended, from when on it cannot go on, flags)."""
    return row.ended_at, row.superseded_at, row.flags


def test_a_transaction_that_is_given_up_ends_with_what_was_last_known_of_it() -> None:
    """Or when a person says that it ended."""
    assert ends(given_up(END_MISSING).transaction("T1")) == (minutes(3), minutes(10), (END_MISSING,))
    by_hand = given_up(ENDED_BY_HAND, ended_at=minutes(7)).transaction("T1")
    assert ends(by_hand) == (minutes(7), minutes(10), (ENDED_BY_HAND,))


def test_a_transaction_that_goes_on_after_all_is_open_again() -> None:
    """The station tells something newer of it, and nobody replaced it; something older changes nothing."""
    bench = given_up(END_MISSING)
    bench.send(event201(UPDATED, 2, minutes(9), 1700))
    assert ends(bench.transaction("T1")) == (minutes(9), minutes(10), (END_MISSING,))
    bench.send(event201(UPDATED, 3, minutes(12), 1900))
    row = bench.transaction("T1")
    assert (row.is_open, row.flags, row.energy_wh) == (True, (), 900)


def test_what_a_person_ended_stays_ended() -> None:
    """Also where the station goes on telling of it: the end is that of the person."""
    bench = given_up(ENDED_BY_HAND, ended_at=minutes(7))
    bench.send(event201(UPDATED, 2, minutes(12), 1900))
    row = bench.transaction("T1")
    assert ends(row) == (minutes(7), minutes(10), (AFTER_END, ENDED_BY_HAND))
    assert row.energy_wh == 600


def test_an_orphan_is_never_open() -> None:
    """Values of a number that we never gave out: it has ended with the last of them."""
    bench = Bench()
    for minute in (2, 8, 5):
        bench.send(values16("99", 1000 + 100 * minute, minutes(minute)), proposal=Acknowledged())
    row = bench.transaction("orphan-99")
    assert ends(row) == (minutes(8), minutes(8), (ORPHAN,))
    assert row.energy_wh == 600


def test_where_the_later_start_was_not_read_nothing_is_taken_away() -> None:
    """Only what lies beyond the later one's start is not its own."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(UPDATED, 1, minutes(3), 1600, transaction_id="A"))
    bench.send(event201(STARTED, 0, minutes(9), evse_id=2, transaction_id="B"))
    over = superseded(bench.transaction("A"), bench.transaction("B"))
    assert (over.energy_wh, over.superseded_at) == (600, minutes(9))


def test_of_several_later_ones_the_nearest_ends_it() -> None:
    """A start that is told last of three: from the second one on it cannot have gone on."""
    bench = Bench()
    for evse_id, name, minute in ((1, "B", 9), (2, "C", 5), (1, "D", 20)):
        bench.send(event201(STARTED, 0, minutes(minute), evse_id=evse_id, transaction_id=name))
    for name in ("B", "D"):  # as if both were loaded open
        bench.state.apply([replace(bench.transaction(name), ended_at=None, superseded_at=None)])
    bench.send(event201(STARTED, 0, NOON, transaction_id="A"))
    assert bench.transaction("A").superseded_at == minutes(9)


def messages_2x() -> list[StationMessage]:
    """Two transactions on one EVSE; the first takes 1000 to 1600 Wh, the second 1600 to 1900 Wh."""
    return [
        event201(STARTED, 0, NOON, 1000, transaction_id="A"),
        event201(UPDATED, 1, minutes(2), 1300, transaction_id="A"),
        event201(UPDATED, 2, minutes(4), 1600, transaction_id="A"),
        event201(STARTED, 0, minutes(10), 1600, transaction_id="B"),
        event201(UPDATED, 1, minutes(12), 1800, transaction_id="B"),
        event201(UPDATED, 2, minutes(14), 1900, transaction_id="B"),
    ]


@given(st.permutations(messages_2x()), st.sets(st.sampled_from(range(6))))
def test_energies_of_two_transactions_never_mix(order: list[Any], lost: set[int]) -> None:
    """Whatever the order and whatever is lost, of two 2.x transactions without ends: to each its own."""
    known = messages_2x()
    bench = Bench()
    for message in order:
        if known.index(message) not in lost:
            bench.send(message)
    rows = bench.state.transactions.get(CP1, {})
    assert (rows["a"].energy_wh or 0) <= 600 if "a" in rows else True
    assert (rows["b"].energy_wh or 0) <= 300 if "b" in rows else True
    if not lost:
        assert (rows["a"].energy_wh, rows["b"].energy_wh) == (600, 300)
        assert (rows["a"].is_open, rows["b"].is_open) == (False, True)


@given(
    st.lists(st.sampled_from(["values", "named", "nameless", "late"]), max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_energies_of_two_numbered_transactions_never_mix(
    kinds: list[str], is_ended: bool, is_early: bool
) -> None:
    """1.6 without a stop of the first: values without a number, with an unknown one, and out of the queue."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(values16("1", 1600, minutes(4)), proposal=Acknowledged())
    if is_early:  # sampled after the second start, told before it
        bench.send(values16(None, 1700, minutes(11)), proposal=Acknowledged())
    bench.send(start16(1600, minutes(10)), info=ACCEPTED)
    for number, kind in enumerate(kinds, 1):
        name = {"values": "2", "named": "99", "nameless": None, "late": "1"}[kind]
        at, wh = (minutes(5), 1600) if kind == "late" else (minutes(11 + number), 1700 + 10 * number)
        bench.send(values16(name, wh, at), proposal=Acknowledged())
    if is_ended:
        bench.send(stop16("2", 1900, minutes(30)))
        assert bench.transaction("2").energy_wh == 300
    assert bench.transaction("1").energy_wh == 600
    assert (bench.transaction("2").energy_wh or 0) <= 300
    assert not bench.transaction("1").is_open
